"""What the Front asks for on site, and what it gives to somebody to do locally."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.cases.models import Case
from webapp.core.base import Base, BigId
from webapp.core.workflow import check_list
from webapp.directory.models import Organisation
from webapp.triage.workflow import FINDINGS


class SiteCheck(Base):
    """A task to look at a place. It shows category, place and question, never the report.

    ``organisation_id`` is the group or area committee; none means the officer goes.
    ``left_out`` are the persons of the group who do not get the task.
    """

    __tablename__ = "site_check"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'done', 'cancelled')", name="state"),
        CheckConstraint(f"finding IN ({check_list(FINDINGS)})", name="finding"),
        CheckConstraint("(state = 'done') = (finding IS NOT NULL)", name="done"),
        Index("ix_site_check_case_id", "case_id"),
        Index("ix_site_check_organisation_id", "organisation_id", "state"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    question: Mapped[str] = mapped_column(String(400))
    due_on: Mapped[date]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10))
    finding: Mapped[str | None] = mapped_column(String(10))
    note: Mapped[str | None] = mapped_column(Text)
    no_photo_reason: Mapped[str | None] = mapped_column(String(200))
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("photo.id"))
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_for_doer: Mapped[bool] = mapped_column(default=False)
    visited_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime | None]
    left_out: Mapped[list[int]] = mapped_column(JSON, default=list)

    case: Mapped[Case] = relationship()
    organisation: Mapped[Organisation | None] = relationship()


class LocalAction(Base):
    """Who does what by when, locally, and what they reported."""

    __tablename__ = "local_action"
    __table_args__ = (
        CheckConstraint("(reported_at IS NULL) = (result IS NULL)", name="reported"),
        Index("ix_local_action_case_id", "case_id"),
        Index("ix_local_action_organisation_id", "organisation_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    what: Mapped[str] = mapped_column(String(400))
    due_on: Mapped[date]
    given_at: Mapped[datetime]
    result: Mapped[str | None] = mapped_column(Text)
    no_photo_reason: Mapped[str | None] = mapped_column(String(200))
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("photo.id"))
    reported_at: Mapped[datetime | None]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    source_note: Mapped[str | None] = mapped_column(String(200))

    case: Mapped[Case] = relationship()
    organisation: Mapped[Organisation] = relationship()
