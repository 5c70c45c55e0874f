"""The audit chain and the sealed reasons it points to."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.base import Base, BigId


class AuditReason(Base):
    """The words somebody gave for a sensitive act (opening an identity), sealed."""

    __tablename__ = "audit_reason"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class AuditEntry(Base):
    """One act. ``facts`` holds field names and enum values only; ``chain`` links to the row before.

    Append-only: by triggers on SQLite and on PostgreSQL.
    """

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime]
    action: Mapped[str] = mapped_column(String(64), index=True)
    actor_kind: Mapped[str] = mapped_column(String(8))
    actor_id: Mapped[int | None] = mapped_column(BigId)
    assignment_id: Mapped[int | None] = mapped_column(BigId)
    subject_kind: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[int | None] = mapped_column(BigId)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason_id: Mapped[int | None] = mapped_column(ForeignKey("audit_reason.id"))
    chain: Mapped[str] = mapped_column(String(64))
