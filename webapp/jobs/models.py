"""The outbox: one row per effect that must happen, written with the change that causes it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.base import Base, BigId


class OutboxRow(Base):
    """An effect by kind and ids. ``due_at`` may lie ahead: a hold, or the next try.

    ``held_for`` names what may still be undone, such as ``report:12``. ``payload`` is emptied with
    the last try, for it may name somebody by a digest; a failed row keeps it to run again.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'done', 'failed', 'cancelled')", name="state"),
        Index(
            "ix_outbox_waiting",
            "due_at",
            "id",
            postgresql_where=text("state = 'waiting'"),
            sqlite_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_outbox_failed",
            "kind",
            "id",
            postgresql_where=text("state = 'failed'"),
            sqlite_where=text("state = 'failed'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(64))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    held_for: Mapped[str | None] = mapped_column(String(64), index=True)
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(String(200))
