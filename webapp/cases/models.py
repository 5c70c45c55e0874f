"""The case, its timeline, its place, the votes on its fix, and the counts for the map."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from geo.sql import point_column
from webapp.cases.case_indexes import CASE_INDEXES
from webapp.cases.priority import Facts, queue_rank
from webapp.cases.workflow import (
    CASE_STATES,
    CONCLUSIONS,
    DISMISSALS,
    SEVERITIES,
    WASTE_SOURCES,
)
from webapp.core.base import Base, BigId
from webapp.core.workflow import check_list
from webapp.directory.models import Organisation, Unit
from webapp.media.models import Photo

VOICES = ("residents", "front", "office", "system")


class Case(Base):
    """One real-world problem, with one or many reports.

    ``lon``/``lat`` are the exact place, for staff; ``public_*`` the only place any public answer
    may use. ``public_since`` is set at the first assess, fast_lane or regularise and stays.
    ``owner_id`` is the Front committee that holds it, ``office_id`` the handling office,
    ``addressee_id`` the competent authority that a recommendation was addressed to.
    ``version`` grows with every step; a stale one is refused. ``level`` is the level that acts.
    ``place_source`` says who set the exact place, a key of ``workflow.PLACE_SOURCES``.
    ``proposals`` are those that wait for a second person, as a page reads them; an operation asks
    the database again.
    """

    __tablename__ = "case_file"
    __table_args__ = (
        CheckConstraint(f"state IN ({check_list(CASE_STATES)})", name="state"),
        CheckConstraint(f"severity IN ({check_list(SEVERITIES)})", name="severity"),
        CheckConstraint(f"waste_source IN ({check_list(WASTE_SOURCES)})", name="waste_source"),
        CheckConstraint(f"conclusion IN ({check_list(CONCLUSIONS)})", name="conclusion"),
        CheckConstraint(f"dismissal IN ({check_list(DISMISSALS)})", name="dismissal"),
        CheckConstraint("(state = 'merged') = (merged_into_id IS NOT NULL)", name="merged"),
        CheckConstraint("(state = 'dismissed') = (dismissal IS NOT NULL)", name="dismissed"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        CheckConstraint(
            "public_since IS NULL OR (summary IS NOT NULL AND waste_source IS NOT NULL)",
            name="public",
        ),
        CheckConstraint("level IN ('commune', 'province')", name="level"),
        *CASE_INDEXES,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    category: Mapped[str] = mapped_column(String(48))
    state: Mapped[str] = mapped_column(String(24))
    version: Mapped[int]
    level: Mapped[str] = mapped_column(String(8))
    urgent: Mapped[bool]
    secret: Mapped[bool]
    severity: Mapped[str | None] = mapped_column(String(12))
    waste_source: Mapped[str | None] = mapped_column(String(12))
    conclusion: Mapped[str | None] = mapped_column(String(24))
    dismissal: Mapped[str | None] = mapped_column(String(24))
    summary: Mapped[str | None] = mapped_column(Text)

    handling_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    observed_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    addressee_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id"))

    to_province: Mapped[bool]
    released: Mapped[bool]
    raised: Mapped[bool] = mapped_column(default=False)
    fast: Mapped[bool] = mapped_column(default=False)
    last_result: Mapped[str | None] = mapped_column(String(24))

    lon: Mapped[float | None]
    lat: Mapped[float | None]
    cell: Mapped[int | None] = mapped_column(BigInteger)
    place_source: Mapped[str | None] = mapped_column(String(8))
    place_note: Mapped[str | None] = mapped_column(String(300))
    precision_m: Mapped[int]
    public_lon: Mapped[float | None]
    public_lat: Mapped[float | None]
    public_cell: Mapped[int | None] = mapped_column(BigInteger)
    public_place: Mapped[str | None] = mapped_column(String(160))

    first_reported_at: Mapped[datetime]
    opened_at: Mapped[datetime]
    public_since: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    report_count: Mapped[int]
    household_count: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime | None]
    overdue: Mapped[bool] = mapped_column(default=False)
    not_published_reason: Mapped[str | None] = mapped_column(String(400))
    search_text: Mapped[str] = mapped_column(Text, default="")
    queue_rank: Mapped[int] = mapped_column(BigInteger, server_default="0")
    priority_chosen: Mapped[str | None] = mapped_column(String(8))
    near_place: Mapped[str | None] = mapped_column(String(8))

    handling_unit: Mapped[Unit] = relationship(foreign_keys=[handling_unit_id])
    owner: Mapped[Organisation] = relationship(foreign_keys=[owner_id])
    office: Mapped[Organisation | None] = relationship(foreign_keys=[office_id])
    addressee: Mapped[Organisation | None] = relationship(foreign_keys=[addressee_id])
    merged_into: Mapped["Case | None"] = relationship(remote_side=[id])
    proposals: Mapped[list["Proposal"]] = relationship(
        primaryjoin="and_(Proposal.case_id == Case.id, Proposal.state == 'pending')",
        order_by="Proposal.id",
        viewonly=True,
    )

    def proposal(self, kind: str) -> "Proposal | None":
        """What waits for a second person, of this kind."""
        return next((each for each in self.proposals if each.kind == kind), None)

    @property
    def priority_facts(self) -> Facts:
        """What its place in the queue comes from."""
        return Facts(
            category=self.category,
            urgent=self.urgent,
            since=self.first_reported_at,
            severity=self.severity,
            households=self.household_count or 0,
            reports=self.report_count,
            chosen=self.priority_chosen,
            near_place=self.near_place,
        )


@event.listens_for(Case, "before_insert")
@event.listens_for(Case, "before_update")
def _rank(_mapper: object, _connection: object, case: Case) -> None:
    """Whatever changed, its place in the queue follows in the same statement."""
    case.queue_rank = queue_rank(case.priority_facts)


class CasePlace(Base):
    """The exact place as geometry, for radius questions by staff. Narrow: never altered."""

    __tablename__ = "case_place"

    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    geom: Mapped[Any] = point_column()


class TimelineLine(Base):
    """One step of a case: what the public reads, what staff read, who spoke.

    ``held_for`` hides a public line while the step may still be undone.
    """

    __tablename__ = "timeline_line"
    __table_args__ = (
        CheckConstraint(f"voice IN ({check_list(VOICES)})", name="voice"),
        Index("ix_timeline_line_case_id", "case_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    at: Mapped[datetime]
    transition: Mapped[str] = mapped_column(String(32))
    from_state: Mapped[str | None] = mapped_column(String(24))
    to_state: Mapped[str] = mapped_column(String(24))
    voice: Mapped[str] = mapped_column(String(12))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    public_line: Mapped[str | None] = mapped_column(String(400))
    note: Mapped[str | None] = mapped_column(Text)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    visible_from: Mapped[datetime]

    organisation: Mapped[Organisation | None] = relationship()


class CasePhoto(Base):
    """A photo shown with a case: before, on a site check, or after."""

    __tablename__ = "case_photo"
    __table_args__ = (
        UniqueConstraint("case_id", "photo_id"),
        CheckConstraint("purpose IN ('before', 'site', 'after')", name="purpose"),
        CheckConstraint("voice IN ('residents', 'front', 'office')", name="voice"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    photo_id: Mapped[int] = mapped_column(ForeignKey("photo.id"))
    purpose: Mapped[str] = mapped_column(String(8))
    voice: Mapped[str] = mapped_column(String(12))
    shown_to_doer: Mapped[bool] = mapped_column(default=False)


class CaseVote(Base):
    """A resident's, follower's or group member's word on the fix; every vote is kept.

    ``voter_digest`` is a keyed digest of what identifies the voter within the case.
    """

    __tablename__ = "case_vote"
    __table_args__ = (
        CheckConstraint("role IN ('reporter', 'follower', 'group')", name="role"),
        Index("ix_case_vote_case_id", "case_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    at: Mapped[datetime]
    role: Mapped[str] = mapped_column(String(10))
    voter_digest: Mapped[str] = mapped_column(String(64))
    fixed: Mapped[bool]
    words: Mapped[str | None] = mapped_column(Text)
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("photo.id"))
    answer: Mapped[str | None] = mapped_column(Text)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    photo: Mapped[Photo | None] = relationship()


class Proposal(Base):
    """A step that needs a second person: raise, transfer, extend, conclude."""

    __tablename__ = "proposal"
    __table_args__ = (
        CheckConstraint("kind IN ('raise', 'transfer', 'extend', 'conclude')", name="kind"),
        CheckConstraint("state IN ('pending', 'taken', 'returned', 'lapsed')", name="state"),
        Index(
            "uq_proposal_pending",
            "case_id",
            "kind",
            unique=True,
            postgresql_where=text("state = 'pending'"),
            sqlite_where=text("state = 'pending'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    kind: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text)
    target_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    due_on: Mapped[date | None]
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    answer: Mapped[str | None] = mapped_column(Text)


class CellJournal(Base):
    """A change of the map's counts, written in the transition's own transaction.

    ``scope`` 0 counts public cases at their public point, any other is the handling unit's id.
    """

    __tablename__ = "cell_journal"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    scope: Mapped[int] = mapped_column(BigInteger)
    cell: Mapped[int] = mapped_column(BigInteger)
    state_group: Mapped[str] = mapped_column(String(12))
    n: Mapped[int]
    n_overdue: Mapped[int]


class CellCount(Base):
    """Folded counts of cases by cell at the zooms 8 to 18, as plain integer keys."""

    __tablename__ = "cell_count"
    __table_args__ = (Index("ix_cell_count_zoom_cell", "zoom", "cell", "scope"),)

    scope: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    zoom: Mapped[int] = mapped_column(primary_key=True)
    cell: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    state_group: Mapped[str] = mapped_column(String(12), primary_key=True)
    n: Mapped[int]
    n_overdue: Mapped[int]
    sum_x: Mapped[int] = mapped_column(BigInteger)
    sum_y: Mapped[int] = mapped_column(BigInteger)


class FoldedJournal(Base):
    """How far the journal has been folded; with the newest journal id, the public data version."""

    __tablename__ = "folded_journal"

    id: Mapped[int] = mapped_column(primary_key=True)
    up_to: Mapped[int] = mapped_column(BigInteger)
