"""What readers asked to be told, by which words it is found, and the news of the public record."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.alerts.workflow import CHANNELS, FREQUENCIES, KINDS
from webapp.cases.models import Case
from webapp.core.base import Base, BigId
from webapp.core.workflow import check_list
from webapp.directory.models import Organisation, Unit

_UNNUMBERED = text("number IS NULL")


class Alert(Base):
    """One wish to be told, by mail or in one browser; without ``confirmed_at`` nothing is sent.

    What it asks for: a case, or what a category, an office, a unit and a place with ``radius_m``
    have in common; nothing of these asks for everything. ``lon``/``lat`` is the middle of a square
    of 1 km, never the place that was given. ``results_only`` leaves out the steps.

    News up to the number ``told_up_to`` is told; ``sending_up_to`` is on its way since
    ``sending_since``. ``due_at`` is when the next telling may begin. The address of a browser is a
    ``PushSubscription`` of this row; ``email_sealed`` is bound to ``uid``.
    """

    __tablename__ = "alert"
    __table_args__ = (
        CheckConstraint(f"channel IN ({check_list(CHANNELS)})", name="channel"),
        CheckConstraint(f"frequency IN ({check_list(FREQUENCIES)})", name="frequency"),
        CheckConstraint("(channel = 'mail') = (email_sealed IS NOT NULL)", name="address"),
        CheckConstraint(
            "(radius_m IS NULL) = (lon IS NULL) AND (lon IS NULL) = (lat IS NULL)", name="place"
        ),
        CheckConstraint("(sending_up_to IS NULL) = (sending_since IS NULL)", name="sending"),
        Index("ix_alert_due_at", "due_at", "id"),
        Index("ix_alert_address_digest", "address_digest"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True)
    channel: Mapped[str] = mapped_column(String(8))
    frequency: Mapped[str] = mapped_column(String(8))
    language: Mapped[str] = mapped_column(String(2))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id"))
    category: Mapped[str | None] = mapped_column(String(48))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    radius_m: Mapped[int | None]
    results_only: Mapped[bool]
    address_digest: Mapped[str] = mapped_column(String(64))
    key_id: Mapped[int | None]
    email_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    told_up_to: Mapped[int] = mapped_column(BigInteger)
    due_at: Mapped[datetime | None]
    sending_up_to: Mapped[int | None] = mapped_column(BigInteger)
    sending_since: Mapped[datetime | None]
    refused_since: Mapped[datetime | None]

    case: Mapped[Case | None] = relationship()
    unit: Mapped[Unit | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()


class AlertKey(Base):
    """A word by which news finds an alert, such as ``all:unit:45``; the finest that it asks for."""

    __tablename__ = "alert_key"
    __table_args__ = (Index("ix_alert_key_alert_id", "alert_id"),)

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    alert_id: Mapped[int] = mapped_column(ForeignKey("alert.id"), primary_key=True)


class PublicNews(Base):
    """Something that may be read in public from ``visible_from`` on; kept for a month.

    ``line_id`` names a step's line, ``version_id`` a published outcome's version, neither as a
    foreign key: what is taken back may go. ``number`` is given in the order of telling, when the
    news can no longer be undone; it is what "told up to" counts by.
    """

    __tablename__ = "public_news"
    __table_args__ = (
        CheckConstraint(f"kind IN ({check_list(KINDS)})", name="kind"),
        CheckConstraint("(kind = 'step') = (line_id IS NOT NULL)", name="step"),
        CheckConstraint("(kind = 'result') = (version_id IS NOT NULL)", name="result"),
        Index(
            "ix_public_news_unnumbered",
            "visible_from",
            "id",
            postgresql_where=_UNNUMBERED,
            sqlite_where=_UNNUMBERED,
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    line_id: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    version_id: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    visible_from: Mapped[datetime]
    number: Mapped[int | None] = mapped_column(BigInteger, unique=True)


class NewsCount(Base):
    """How many news were numbered: one row; whoever locks it numbers alone."""

    __tablename__ = "news_count"

    id: Mapped[int] = mapped_column(primary_key=True)
    up_to: Mapped[int] = mapped_column(BigInteger)
