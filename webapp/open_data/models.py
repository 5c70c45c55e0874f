"""Keys of other programs, what came in by them, where news is sent and how that went."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.core.base import Base, BigId
from webapp.core.workflow import check_list
from webapp.open_data.workflow import DELIVERY_STATES, WEBHOOK_EVENTS


class ApiKey(Base):
    """A key of a partner's program, kept as a digest; ``start`` are its first characters.

    ``scopes`` are codes of SCOPES. A revoked key stays as a row: what it sent refers to it.
    """

    __tablename__ = "api_key"
    __table_args__ = (UniqueConstraint("key_digest"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    start: Mapped[str] = mapped_column(String(8))
    key_digest: Mapped[str] = mapped_column(String(64))
    scopes: Mapped[list[str]] = mapped_column(JSON)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    last_used_on: Mapped[date | None]
    revoked_at: Mapped[datetime | None]


class OpenRequest(Base):
    """A report that a partner's program sent, found by its public token.

    ``token`` is random and tells nothing but, once the case is public, its code. ``body_digest``
    is keyed: the same body under the same key within a day is the same request.
    """

    __tablename__ = "open_request"
    __table_args__ = (
        UniqueConstraint("token"),
        UniqueConstraint("report_id"),
        Index("ix_open_request_same", "api_key_id", "body_digest", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    api_key_id: Mapped[int] = mapped_column(ForeignKey("api_key.id"))
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    token: Mapped[str] = mapped_column(String(32))
    body_digest: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class Webhook(Base):
    """An address that is told of public steps; ``sealed_secret`` signs what is sent."""

    __tablename__ = "webhook"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    url: Mapped[str] = mapped_column(String(400))
    events: Mapped[list[str]] = mapped_column(JSON)
    sealed_secret: Mapped[bytes] = mapped_column(LargeBinary)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class WebhookDelivery(Base):
    """One piece of news for one webhook, and how sending it went.

    ``uid`` goes with every try, so that the receiver knows a repetition. ``answer`` is the HTTP
    status, None when nobody answered; ``problem`` then says why, as a code.
    """

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        CheckConstraint(f"event IN ({check_list(WEBHOOK_EVENTS)})", name="event"),
        CheckConstraint(f"state IN ({check_list(DELIVERY_STATES)})", name="state"),
        Index("ix_webhook_delivery_webhook", "webhook_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhook.id"))
    event: Mapped[str] = mapped_column(String(24))
    subject: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(12))
    attempts: Mapped[int] = mapped_column(default=0)
    answer: Mapped[int | None]
    problem: Mapped[str | None] = mapped_column(String(40))
    made_at: Mapped[datetime]
    tried_at: Mapped[datetime | None]

    webhook: Mapped[Webhook] = relationship()
