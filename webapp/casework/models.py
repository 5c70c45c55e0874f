"""Recommendations of the Front and inspections of the office: two voices, two records."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.cases.models import Case
from webapp.casework.workflow import (
    COMMITTEE_KINDS,
    INSPECTION_FORMS,
    LETTER_KINDS,
    LETTER_STATES,
    RECOMMENDATION_STATES,
)
from webapp.core.base import Base, BigId
from webapp.core.workflow import check_list
from webapp.directory.models import Organisation, Person
from webapp.documents.models import Document


class Recommendation(Base):
    """A signed, numbered document of the Front with a due date, an answer and the Front's view.

    ``addressee_id`` is the competent authority of the same level, ``handler_id`` the office that
    does the work. ``term`` is the key of the clock rule that gives the time to answer.
    ``regularises`` marks one that follows an urgent acceptance; ``assessment`` holds what such a
    letter tells of a case that nobody assessed before (summary, severity, waste_source).
    """

    __tablename__ = "recommendation"
    __table_args__ = (
        CheckConstraint(f"state IN ({check_list(RECOMMENDATION_STATES)})", name="state"),
        Index("ix_recommendation_case_id", "case_id"),
        Index("ix_recommendation_addressee_id", "addressee_id", "state"),
        Index("ix_recommendation_delivered_on", "delivered_on", "addressee_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), unique=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    addressee_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    handler_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[str] = mapped_column(String(24))
    version: Mapped[int]
    request: Mapped[str] = mapped_column(Text)
    term: Mapped[str] = mapped_column(String(40), default="front_reco_reply")
    assessment: Mapped[dict[str, str] | None] = mapped_column(JSON)
    regularises: Mapped[bool] = mapped_column(default=False)
    issued_on: Mapped[date | None]
    delivered_on: Mapped[date | None]
    due_on: Mapped[date | None]
    answered_on: Mapped[date | None]
    answer: Mapped[str | None] = mapped_column(Text)
    answer_document: Mapped[str | None] = mapped_column(String(120))
    recorded_by_front: Mapped[bool] = mapped_column(default=False)
    view: Mapped[str | None] = mapped_column(Text)

    case: Mapped[Case] = relationship()
    document: Mapped[Document] = relationship()
    author: Mapped[Organisation] = relationship(foreign_keys=[author_id])
    addressee: Mapped[Organisation] = relationship(foreign_keys=[addressee_id])
    handler: Mapped[Organisation] = relationship(foreign_keys=[handler_id])


class RecommendationStep(Base):
    """One step of a recommendation, never changed."""

    __tablename__ = "recommendation_step"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendation.id"), index=True)
    at: Mapped[datetime]
    transition: Mapped[str] = mapped_column(String(32))
    to_state: Mapped[str] = mapped_column(String(24))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str | None] = mapped_column(Text)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    person: Mapped[Person | None] = relationship()


class AnswerLink(Base):
    """The way to answer one recommendation without signing in; dies at ``expires_at``.

    Only the digest of its code is kept. ``closed_at`` is set by the answer, or when a new link
    takes its place; ``answered_by`` is who answered, as they wrote it.
    """

    __tablename__ = "answer_link"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendation.id"), index=True)
    code_digest: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    expires_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    answered_by: Mapped[str | None] = mapped_column(String(160))

    recommendation: Mapped[Recommendation] = relationship()


class UrgingLetter(Base):
    """A numbered letter that recalls a recommendation; ``new_due_on`` is the day hoped for."""

    __tablename__ = "urging_letter"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendation.id"))
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), unique=True)
    new_due_on: Mapped[date]

    document: Mapped[Document] = relationship()
    recommendation: Mapped[Recommendation] = relationship()


class CaseLetter(Base):
    """A letter of the Front that is no recommendation: urging, slip, notice, invitation, report.

    It is about one case; an invitation, and the report to the half-yearly hearing, may be the
    committee's own and about none. ``given`` holds what the officer decided, by field of its form;
    ``partner_id`` the organisation that signs beside the Front. Nothing here names who reported.
    """

    __tablename__ = "case_letter"
    __table_args__ = (
        CheckConstraint(f"kind IN ({check_list(LETTER_KINDS)})", name="kind"),
        CheckConstraint(f"state IN ({check_list(LETTER_STATES)})", name="state"),
        CheckConstraint(
            f"case_id IS NOT NULL OR kind IN ({check_list(COMMITTEE_KINDS)})", name="about"
        ),
        Index("ix_case_letter_author_id", "author_id", "state"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id"), index=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), unique=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(24))
    version: Mapped[int]
    given: Mapped[dict[str, Any]] = mapped_column(JSON)

    case: Mapped[Case | None] = relationship()
    document: Mapped[Document] = relationship()
    author: Mapped[Organisation] = relationship(foreign_keys=[author_id])
    partner: Mapped[Organisation | None] = relationship(foreign_keys=[partner_id])

    @property
    def holder_ids(self) -> set[int]:
        """The committees whose people work on it: its author, and who holds its case by now."""
        return {self.author_id} | ({self.case.owner_id} if self.case else set())


class CaseLetterStep(Base):
    """One step of such a letter, never changed."""

    __tablename__ = "case_letter_step"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("case_letter.id"), index=True)
    at: Mapped[datetime]
    transition: Mapped[str] = mapped_column(String(32))
    to_state: Mapped[str] = mapped_column(String(24))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str | None] = mapped_column(Text)

    person: Mapped[Person | None] = relationship()


class Inspection(Base):
    """What the office did, found, concluded and ordered: the answer slip by default."""

    __tablename__ = "inspection"
    __table_args__ = (
        CheckConstraint(f"form IN ({check_list(INSPECTION_FORMS)})", name="form"),
        Index("ix_inspection_case_id", "case_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    office_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    form: Mapped[str | None] = mapped_column(String(24))
    led_by_inspectorate: Mapped[bool] = mapped_column(default=False)
    team: Mapped[str | None] = mapped_column(String(400))
    planned_on: Mapped[date | None]
    started_on: Mapped[date | None]
    handler_name: Mapped[str | None] = mapped_column(String(120))
    findings: Mapped[str | None] = mapped_column(Text)
    conclusion: Mapped[str | None] = mapped_column(String(24))
    answer: Mapped[str | None] = mapped_column(Text)
    document_number: Mapped[str | None] = mapped_column(String(60))
    document_on: Mapped[date | None]
    concluded_at: Mapped[datetime | None]
    concluded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    measures: Mapped[str | None] = mapped_column(Text)
    remedy_due_on: Mapped[date | None]
    remedied_on: Mapped[date | None]
    remedy_result: Mapped[str | None] = mapped_column(Text)
    no_photo_reason: Mapped[str | None] = mapped_column(String(200))
    recorded_by_front: Mapped[bool] = mapped_column(default=False)
    source_document: Mapped[str | None] = mapped_column(String(120))

    case: Mapped[Case] = relationship()
    office: Mapped[Organisation] = relationship()
