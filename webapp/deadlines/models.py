"""Clock rules as dated rows, and the clocks that run under them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.core.base import Base, BigId

UNITS = "'hours', 'working_days', 'calendar_days'"


class ClockRule(Base):
    """How long something may take. A clock keeps the rule in force when it started.

    Empty ``category``, ``severity`` and ``level`` apply to all; the most specific row wins.
    """

    __tablename__ = "clock_rule"
    __table_args__ = (
        CheckConstraint(f"unit IN ({UNITS})", name="unit"),
        CheckConstraint("amount > 0", name="amount"),
        UniqueConstraint("key", "category", "severity", "level", "valid_from"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(40))
    category: Mapped[str] = mapped_column(String(48), default="")
    severity: Mapped[str] = mapped_column(String(12), default="")
    level: Mapped[str] = mapped_column(String(12), default="")
    amount: Mapped[int]
    unit: Mapped[str] = mapped_column(String(16))
    due_soon: Mapped[int]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(200))


class Deadline(Base):
    """One running, paused or stopped clock of a report, case or recommendation.

    ``paused_at`` is set while it waits; when it resumes, ``due_at`` moves by the time waited.
    """

    __tablename__ = "deadline"
    __table_args__ = (
        Index("ix_deadline_subject", "subject_kind", "subject_id"),
        Index(
            "ix_deadline_running",
            "due_at",
            postgresql_where=text("stopped_at IS NULL"),
            sqlite_where=text("stopped_at IS NULL"),
        ),
        Index(
            "ix_deadline_running_owner",
            *("owner_id", "rule_id", "due_at", "told_due_soon", "paused_at", "stopped_at"),
            postgresql_where=text("stopped_at IS NULL"),
            sqlite_where=text("stopped_at IS NULL"),
        ),
        Index(
            "ix_deadline_stopped",
            "stopped_at",
            "rule_id",
            postgresql_where=text("stopped_at IS NOT NULL"),
            sqlite_where=text("stopped_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    rule_id: Mapped[int] = mapped_column(ForeignKey("clock_rule.id"))
    subject_kind: Mapped[str] = mapped_column(String(16))
    subject_id: Mapped[int] = mapped_column(BigId)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    paused_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    told_due_soon: Mapped[bool] = mapped_column(default=False)
    told_overdue: Mapped[bool] = mapped_column(default=False)

    rule: Mapped[ClockRule] = relationship(lazy="joined", innerjoin=True)


class DeadlineChange(Base):
    """A pause or an extension, with its reason and signer; the old date is kept."""

    __tablename__ = "deadline_change"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    deadline_id: Mapped[int] = mapped_column(ForeignKey("deadline.id"), index=True)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(12))
    old_due_at: Mapped[datetime]
    new_due_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(400), default="")
    signer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
