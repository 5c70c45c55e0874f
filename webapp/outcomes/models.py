"""The public outcome page: versioned, approved by others, never silently replaced."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.cases.models import Case
from webapp.core.base import Base, BigId
from webapp.core.workflow import check_list
from webapp.directory.models import Person
from webapp.outcomes.workflow import OUTCOME_STATES


class Outcome(Base):
    """One outcome page per case. ``current`` is the number of the version readers see."""

    __tablename__ = "outcome"
    __table_args__ = (
        CheckConstraint(f"state IN ({check_list(OUTCOME_STATES)})", name="state"),
        CheckConstraint(
            "state NOT IN ('published', 'corrected') OR current IS NOT NULL", name="current"
        ),
        Index("ix_outcome_first_published_at", "first_published_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), unique=True)
    state: Mapped[str] = mapped_column(String(12))
    version: Mapped[int]
    current: Mapped[int | None]
    first_published_at: Mapped[datetime | None]
    tombstone: Mapped[str | None] = mapped_column(String(400))

    case: Mapped[Case] = relationship()
    versions: Mapped[list["OutcomeVersion"]] = relationship(order_by="OutcomeVersion.number")


class OutcomeVersion(Base):
    """What one version says: the office's and the Front's words side by side.

    ``recognisable`` says that a person, home or plate could be recognised: two approvers then.
    ``standpoint_checked`` answers "Góc chụp có lộ nơi đứng chụp không?". ``withdrawn_at`` marks a
    version that was public when the page was retracted: nobody reads it any more.
    """

    __tablename__ = "outcome_version"
    __table_args__ = (UniqueConstraint("outcome_id", "number"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    outcome_id: Mapped[int] = mapped_column(ForeignKey("outcome.id"))
    number: Mapped[int]
    front_words: Mapped[str] = mapped_column(Text)
    office_words: Mapped[str | None] = mapped_column(Text)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    photo_ids: Mapped[list[int]] = mapped_column(JSON)
    recognisable: Mapped[bool]
    standpoint_checked: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str | None] = mapped_column(String(400))
    written_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    second_approver_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    written_by: Mapped[Person] = relationship(foreign_keys=[written_by_id])
