"""Notices to people, the channels they chose, what was delivered, and the test mailbox."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.base import Base, BigId
from webapp.core.workflow import check_list
from webapp.notifications.channels import CHANNELS


class Notice(Base):
    """One notice of one message kind about one subject to one recipient.

    The words are rendered when it is sent or read, from what the recipient may see then.
    """

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_subject", "subject_kind", "subject_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    message: Mapped[str] = mapped_column(String(40))
    subject_kind: Mapped[str] = mapped_column(String(16))
    subject_id: Mapped[int] = mapped_column(BigId)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]


class NoticeChoice(Base):
    """How the one whose record it is wants to be told; ``uid`` is the way in of the stop link.

    It opens nothing else. Without a row: by mail where an address was left, not by SMS.
    """

    __tablename__ = "notice_choice"
    __table_args__ = (UniqueConstraint("subject_kind", "subject_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True)
    subject_kind: Mapped[str] = mapped_column(String(16))
    subject_id: Mapped[int] = mapped_column(BigId)
    mail: Mapped[bool]
    sms: Mapped[bool]


class PushSubscription(Base):
    """A browser that asked to be told about one record. All of it is sealed, bound to ``uid``.

    ``endpoint_digest`` finds it again when the browser or the push service ends it.
    """

    __tablename__ = "push_subscription"
    __table_args__ = (UniqueConstraint("subject_kind", "subject_id", "endpoint_digest"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True)
    subject_kind: Mapped[str] = mapped_column(String(16))
    subject_id: Mapped[int] = mapped_column(BigId)
    endpoint_digest: Mapped[str] = mapped_column(String(64), index=True)
    key_id: Mapped[int]
    endpoint_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    p256dh_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    auth_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    language: Mapped[str] = mapped_column(String(2))
    created_at: Mapped[datetime]


class NoticeDelivery(Base):
    """A notice that went out to one recipient, named by digest.

    Kept 30 days, and of a sender no longer than the sender may be told anything.
    """

    __tablename__ = "notice_delivery"
    __table_args__ = (
        UniqueConstraint("notice_id", "channel", "recipient"),
        CheckConstraint(f"channel IN ({check_list(CHANNELS)})", name="channel"),
        Index("ix_notice_delivery_at", "at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    channel: Mapped[str] = mapped_column(String(8))
    recipient: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]


class SmsSent(Base):
    """An SMS that went to a number, named by digest; of no record. Counted and kept for a day."""

    __tablename__ = "sms_sent"
    __table_args__ = (Index("ix_sms_sent_recipient", "recipient", "at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    recipient: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]


class MailboxItem(Base):
    """A mail as it would have gone out; only written while no mail server is set."""

    __tablename__ = "mailbox_item"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    recipient: Mapped[str] = mapped_column(String(160))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
