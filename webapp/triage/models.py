"""Site checks, local tasks, and what the desk keeps: filters, bulk jobs, templates, pairs."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.cases.models import Case
from webapp.core.base import Base, BigId
from webapp.core.workflow import check_list
from webapp.directory.models import Organisation
from webapp.triage.workflow import BULK_ACTS, FINDINGS


class SiteCheck(Base):
    """A task to look at a place. It shows category, place and question, never the report.

    ``organisation_id`` is the group or area committee; none means the officer goes.
    ``left_out`` are the persons of the group who do not get the task. ``lon``, ``lat``,
    ``accuracy_m`` say where the one who went stood; ``answer_key`` is the digest of the key under
    which the phone sent the answer; ``returned_at`` is when an overdue one went back to the desk.
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
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    accuracy_m: Mapped[float | None]
    answer_key: Mapped[str | None] = mapped_column(String(64))
    returned_at: Mapped[datetime | None]
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


class SavedFilter(Base):
    """A named question to the queue, a person's own; shared ones all of the organisation see."""

    __tablename__ = "saved_filter"
    __table_args__ = (
        UniqueConstraint("person_id", "name"),
        Index("ix_saved_filter_organisation_id", "organisation_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(60))
    shared: Mapped[bool]
    query: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[datetime]


class BulkJob(Base):
    """One step for many records, each by itself: what was asked, by whom, and when it was done."""

    __tablename__ = "bulk_job"
    __table_args__ = (CheckConstraint(f"act IN ({check_list(BULK_ACTS)})", name="act"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    act: Mapped[str] = mapped_column(String(8))
    given: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[datetime]
    done_at: Mapped[datetime | None]

    items: Mapped[list["BulkItem"]] = relationship(order_by="BulkItem.id", lazy="selectin")


class BulkItem(Base):
    """One record of a bulk job, in the version the officer saw, and what came of it.

    ``refused_for`` are the sentences of a refusal (``Text.stored``); rows older than 0035 have
    ``words``, in Vietnamese.
    """

    __tablename__ = "bulk_item"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'done', 'refused')", name="state"),
        UniqueConstraint("job_id", "code"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("bulk_job.id"))
    code: Mapped[str] = mapped_column(String(16))
    seen: Mapped[int]
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    refused_for: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON)
    words: Mapped[str | None] = mapped_column(String(400))
    at: Mapped[datetime | None]


class ReplyTemplate(Base):
    """Words an office sends often: for one step, and one category or all. Edited before sending."""

    __tablename__ = "reply_template"
    __table_args__ = (Index("ix_reply_template_organisation_id", "organisation_id", "step"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    step: Mapped[str] = mapped_column(String(24))
    category: Mapped[str | None] = mapped_column(String(48))
    name: Mapped[str] = mapped_column(String(60))
    words: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class NotSame(Base):
    """Two records, reports or cases, that an officer said are not the same problem.

    Kept so that they are not suggested to each other again; ``one`` sorts before ``other``.
    """

    __tablename__ = "not_same"
    __table_args__ = (
        CheckConstraint("one_kind IN ('report', 'case')", name="one_kind"),
        CheckConstraint("other_kind IN ('report', 'case')", name="other_kind"),
        UniqueConstraint("one_kind", "one_id", "other_kind", "other_id"),
        Index("ix_not_same_other", "other_kind", "other_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    one_kind: Mapped[str] = mapped_column(String(8))
    one_id: Mapped[int] = mapped_column(BigId)
    other_kind: Mapped[str] = mapped_column(String(8))
    other_id: Mapped[int] = mapped_column(BigId)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
