"""The public outcome page: versioned, approved by others, never silently replaced."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.cases.models import Case
from webapp.core.base import Base, BigId
from webapp.core.workflow import check_list
from webapp.directory.models import Person
from webapp.media.models import Paper
from webapp.outcomes.workflow import OUTCOME_STATES, POSTING_KINDS


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
    ``paper_ids`` are redactions of papers, approved ones. ``standpoint_checked`` answers "Góc chụp
    có lộ nơi đứng chụp không?". ``withdrawn_at`` marks a version that was public when the page was
    retracted: nobody reads it any more.
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
    paper_ids: Mapped[list[int]] = mapped_column(JSON, default=list, server_default="[]")
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


class CasePaper(Base):
    """A paper brought for the page of a case: a conclusion, a letter, what an establishment wrote.

    ``number`` is that of the paper itself, as it stands there.
    """

    __tablename__ = "case_paper"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    number: Mapped[str | None] = mapped_column(String(60))
    issued_on: Mapped[date | None]
    brought_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    brought_at: Mapped[datetime]

    paper: Mapped[Paper] = relationship()


class EstablishmentReply(Base):
    """The establishment's own explanation, recorded word for word from what it sent.

    Rows are only added; the newest is the one to publish, with parts left out where a rule asks
    for it (right of reply, C.8).
    """

    __tablename__ = "establishment_reply"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    words: Mapped[str] = mapped_column(Text)
    received_on: Mapped[date]
    document: Mapped[str | None] = mapped_column(String(120))
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]


class Posting(Base):
    """A result on a notice-board or read out by loudspeaker: where, by whom, for which days.

    ``until`` is the last of the days that the law asks for; ``ended_on`` when it was taken down.
    """

    __tablename__ = "posting"
    __table_args__ = (
        CheckConstraint(f"kind IN ({check_list(POSTING_KINDS)})", name="kind"),
        CheckConstraint("until >= posted_from", name="days"),
        CheckConstraint("ended_on IS NULL OR ended_on >= posted_from", name="ended"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    outcome_id: Mapped[int] = mapped_column(ForeignKey("outcome.id"), index=True)
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12))
    place: Mapped[str] = mapped_column(String(160))
    done_by: Mapped[str] = mapped_column(String(120))
    posted_from: Mapped[date]
    until: Mapped[date]
    ended_on: Mapped[date | None]
    ended_words: Mapped[str | None] = mapped_column(String(200))
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]

    outcome: Mapped[Outcome] = relationship()


class NoticeSheet(Base):
    """The printable sheet of one published version, made by the worker."""

    __tablename__ = "notice_sheet"
    __table_args__ = (
        UniqueConstraint("version_id", "paper_size"),
        CheckConstraint("paper_size IN ('a3', 'a4')", name="paper_size"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("outcome_version.id"))
    paper_size: Mapped[str] = mapped_column(String(2))
    file_key: Mapped[str] = mapped_column(String(120))
    size: Mapped[int]
