"""What a merger would move: checked, counted and told before anything is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from webapp.accounts.models import Assignment, Delegation
from webapp.cases.indexed import still_pending
from webapp.cases.models import Case, Proposal
from webapp.cases.workflow import OPEN
from webapp.casework.models import CaseLetter, Recommendation
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import Invalid
from webapp.core.text import Text, _
from webapp.core.unit_of_work import session
from webapp.deadlines.models import Deadline
from webapp.directory.models import FocalPoint, Organisation, Unit
from webapp.directory.permissions import MANAGE
from webapp.directory.queries import organisation_of
from webapp.directory.validity import valid_on
from webapp.documents.models import Document
from webapp.inspections.models import Establishment, InspectionFile
from webapp.inspections.workflow import RUNNING
from webapp.outcomes.models import Outcome, Posting
from webapp.reassignment.models import Reassignment
from webapp.reassignment.workflow import ACTIVE
from webapp.reporting.models import Report
from webapp.reporting.workflow import WAITING
from webapp.triage.models import LocalAction, ReplyTemplate, SavedFilter, SiteCheck

# Bodies that every commune has once: those of the units that end are followed by the successor's.
FOLLOWED: Final = ("front", "peoples_committee", "env_office")
MOST_UNITS: Final = 20
LONGEST_BACK: Final = timedelta(days=92)
LONGEST_AHEAD: Final = timedelta(days=183)


@dataclass(frozen=True)
class Plan:
    """Which units end, which one takes them in, from which day."""

    predecessors: tuple[Unit, ...]
    successor: Unit
    effective: date

    @property
    def unit_ids(self) -> list[int]:
        """The units that end."""
        return sorted(unit.id for unit in self.predecessors)

    @property
    def last_day(self) -> date:
        """The last day of the units that end."""
        return self.effective - timedelta(days=1)


@dataclass(frozen=True)
class Following:
    """An organisation of a unit that ends: it moves along, or another one follows it.

    ``by`` of None with ``moves`` false is one that is to be set up.
    """

    organisation: Organisation
    by: Organisation | None
    moves: bool


@dataclass(frozen=True)
class Preview:
    """Everything that the batch would move."""

    plan: Plan
    cases: int
    reports: int
    deadlines: int
    tasks: int
    templates: int
    files: int
    establishments: int
    letters: int
    signed: list[Document]
    organisations: list[Following]
    inboxes: list[FocalPoint]
    assignments: list[Assignment]


def make_plan(
    actor: Actor,
    *,
    predecessor_ids: Sequence[int],
    successor_id: int | None,
    effective: date | None,
    itself: int | None = None,
) -> Plan:
    """Check a merger; ``itself`` is the batch that is carried out.

    Raises Forbidden, and Invalid by field.
    """
    actor.demand(MANAGE)
    held = actor.units_for(MANAGE)
    communes = {
        unit.id: unit
        for unit in session().scalars(
            select(Unit).where(Unit.id.in_({*predecessor_ids, successor_id or 0}))
        )
        if unit.id in held and unit.kind == "commune"
    }
    ends = tuple(communes[key] for key in dict.fromkeys(predecessor_ids) if key in communes)
    successor = communes.get(successor_id or 0)
    unit_ids = {*predecessor_ids, successor_id}
    wrong = _wrong(ends, successor, effective) or _wrong_busy(unit_ids, itself)
    if wrong:
        raise Invalid(_("Có chỗ cần sửa."), fields=wrong)
    return Plan(ends, communes[successor_id or 0], effective or clock.today_local())


def _wrong(
    ends: tuple[Unit, ...], successor: Unit | None, effective: date | None
) -> dict[str, Text]:
    if effective is None:
        return {"effective": _("Xin chọn ngày có hiệu lực.")}
    today = clock.today_local()
    if not today - LONGEST_BACK <= effective <= today + LONGEST_AHEAD:
        return {"effective": _("Ngày có hiệu lực trong vòng 3 tháng qua đến 6 tháng tới.")}
    if successor is None or not is_in_force(successor, effective):
        return {"successor": _("Xin chọn xã, phường còn hiệu lực vào ngày ấy.")}
    return _wrong_ends(ends, successor, effective)


def _wrong_ends(ends: tuple[Unit, ...], successor: Unit, effective: date) -> dict[str, Text]:
    last_day = effective - timedelta(days=1)
    if not ends or len(ends) > MOST_UNITS:
        return {"predecessors": _("Xin chọn từ 1 đến %(most)s xã, phường.", most=MOST_UNITS)}
    if successor in ends:
        return {"predecessors": _("Đơn vị nhận không thể nằm trong các đơn vị được nhập.")}
    if any(unit.parent_id != successor.parent_id for unit in ends):
        return {"predecessors": _("Các đơn vị phải cùng một tỉnh.")}
    if not all(is_in_force(unit, last_day) and unit.valid_to is None for unit in ends):
        return {"predecessors": _("Có đơn vị đã hết hiệu lực hoặc chưa có hiệu lực.")}
    return {}


def is_in_force(unit: Unit, on: date) -> bool:
    """Whether the unit works on that day."""
    begun = unit.valid_from is None or unit.valid_from <= on
    return begun and (unit.valid_to is None or on <= unit.valid_to)


def _wrong_busy(unit_ids: set[int | None], itself: int | None) -> dict[str, Text]:
    """A unit is in one unfinished batch at a time."""
    unfinished = select(Reassignment).where(Reassignment.state.in_(ACTIVE))
    for batch in session().scalars(unfinished):
        if batch.id != itself and unit_ids & {batch.successor_id, *batch.predecessor_ids}:
            return {"predecessors": _("Có đơn vị đang nằm trong một đợt sắp xếp chưa xong.")}
    return {}


def preview(plan: Plan) -> Preview:
    """Count and list what would move; nothing is written."""
    bodies = bodies_of(plan)
    ids = [each.id for each in bodies if each.kind in FOLLOWED]
    cases = select(Case.id).where(moving_cases(plan.unit_ids, ids))
    reports = select(Report.id).where(moving_reports(plan.unit_ids))
    return Preview(
        plan=plan,
        cases=_count(cases),
        reports=_count(reports),
        deadlines=_count(select(Deadline.id).where(_clocks(cases, reports))),
        tasks=_count(_open_checks(cases)) + _count(_open_actions(cases)),
        templates=_count(select(ReplyTemplate.id).where(ReplyTemplate.organisation_id.in_(ids)))
        + _count(select(SavedFilter.id).where(moving_filters(plan.unit_ids, ids))),
        files=_count(select(InspectionFile.id).where(moving_files(plan.unit_ids, ids))),
        establishments=_count(
            select(Establishment.id).where(Establishment.unit_id.in_(plan.unit_ids))
        ),
        letters=_count(select(CaseLetter.id).where(moving_letters(ids))),
        signed=_signed(ids, cases),
        organisations=[_following(plan, each) for each in bodies],
        inboxes=inboxes(ids, plan.effective),
        assignments=assignments(bodies, plan.effective),
    )


def moving_cases(unit_ids: Sequence[int], organisation_ids: Sequence[int]) -> ColumnElement[bool]:
    """Open cases of the units or in the hands of their bodies, and ended ones still reopened.

    Of the ended ones also what was merged into another: an officer may part it at any time.
    """
    theirs = or_(
        Case.handling_unit_id.in_(unit_ids),
        *(
            column.in_(organisation_ids)
            for column in (Case.owner_id, Case.office_id, Case.addressee_id)
        ),
    )
    may_reopen = select(Deadline.subject_id).where(
        Deadline.subject_kind == "case", Deadline.stopped_at.is_(None)
    )
    goes_on = Case.state.in_(sorted({*OPEN, "merged"}))
    return and_(theirs, or_(goes_on, Case.id.in_(may_reopen)))


def moving_reports(unit_ids: Sequence[int]) -> ColumnElement[bool]:
    """Reports that wait in the units."""
    return and_(Report.handling_unit_id.in_(unit_ids), Report.state.in_(sorted(WAITING)))


def moving_proposals(unit_ids: Sequence[int]) -> ColumnElement[bool]:
    """Transfers to one of the units that nobody has answered."""
    return and_(Proposal.target_unit_id.in_(unit_ids), still_pending())


def moving_files(unit_ids: Sequence[int], organisation_ids: Sequence[int]) -> ColumnElement[bool]:
    """Inspection files of the bodies, and those under way on the ground of the units.

    The ended ones of the bodies go along: whoever follows them reads, repeats and unseals them.
    """
    theirs = or_(
        InspectionFile.office_id.in_(organisation_ids),
        InspectionFile.approver_id.in_(organisation_ids),
    )
    there = and_(InspectionFile.unit_id.in_(unit_ids), InspectionFile.state.in_(sorted(RUNNING)))
    return or_(theirs, there)


def moving_letters(organisation_ids: Sequence[int]) -> ColumnElement[bool]:
    """Letters of the committees about no case; those about one go with it."""
    return and_(
        CaseLetter.author_id.in_(organisation_ids),
        CaseLetter.case_id.is_(None),
        CaseLetter.state != "void",
    )


def moving_filters(unit_ids: Sequence[int], organisation_ids: Sequence[int]) -> ColumnElement[bool]:
    """Saved filters of the committees, and anybody's that ask for one of the units."""
    return or_(
        SavedFilter.organisation_id.in_(organisation_ids),
        SavedFilter.query["unit"].as_string().in_([str(each) for each in unit_ids]),
    )


def bodies_of(plan: Plan) -> list[Organisation]:
    """The organisations in force of the units that end."""
    query = select(Organisation).where(
        Organisation.unit_id.in_(plan.unit_ids), valid_on(Organisation, plan.last_day)
    )
    return list(session().scalars(query.order_by(Organisation.unit_id, Organisation.id)))


def _signed(organisation_ids: Sequence[int], cases: Select[int]) -> list[Document]:
    """Letters signed for the bodies that have no number: drafts again for who follows them."""
    with_case = Recommendation.case_id.in_(cases)
    own = or_(CaseLetter.case_id.is_(None), CaseLetter.case_id.in_(cases))
    found = [
        select(model.document_id).where(
            model.author_id.in_(organisation_ids), model.state == "signed", goes
        )
        for model, goes in ((Recommendation, with_case), (CaseLetter, own))
    ]
    query = select(Document).where(or_(*(Document.id.in_(each) for each in found)))
    return list(session().scalars(query.order_by(Document.id)))


def inboxes(organisation_ids: Sequence[int], effective: date) -> list[FocalPoint]:
    """Their inboxes that would be in force."""
    query = select(FocalPoint).where(
        FocalPoint.organisation_id.in_(organisation_ids), valid_on(FocalPoint, effective)
    )
    return list(session().scalars(query.order_by(FocalPoint.substitute, FocalPoint.id)))


def assignments(bodies: Sequence[Organisation], effective: date) -> list[Assignment]:
    """Roles at these organisations that do not end before the day, by person."""
    still = or_(Assignment.valid_to.is_(None), Assignment.valid_to >= effective)
    query = select(Assignment).where(
        Assignment.organisation_id.in_([each.id for each in bodies]), still
    )
    people = joinedload(Assignment.person), joinedload(Assignment.organisation)
    return list(session().scalars(query.options(*people).order_by(Assignment.id)))


def delegations(organisation_ids: Sequence[int], effective: date) -> list[Delegation]:
    """Delegations at these organisations that are not over by the day."""
    query = select(Delegation).where(
        Delegation.organisation_id.in_(organisation_ids),
        Delegation.ended_at.is_(None),
        Delegation.valid_to >= effective,
    )
    return list(session().scalars(query.order_by(Delegation.id)))


def _following(plan: Plan, body: Organisation) -> Following:
    if body.kind not in FOLLOWED:
        return Following(body, None, moves=True)
    return Following(
        body, organisation_of(plan.successor.id, body.kind, plan.effective), moves=False
    )


def _clocks(cases: Select[int], reports: Select[int]) -> ColumnElement[bool]:
    of_case = and_(Deadline.subject_kind == "case", Deadline.subject_id.in_(cases))
    of_report = and_(Deadline.subject_kind == "report", Deadline.subject_id.in_(reports))
    letters = select(Recommendation.id).where(Recommendation.case_id.in_(cases))
    of_letter = and_(Deadline.subject_kind == "recommendation", Deadline.subject_id.in_(letters))
    every = or_(of_case, of_report, of_letter, on_boards(cases))
    return and_(Deadline.stopped_at.is_(None), every)


def on_boards(case_ids: Select[int] | Sequence[int]) -> ColumnElement[bool]:
    """The clocks of the public pages of cases: to be put up, and hanging."""
    outcomes = select(Outcome.id).where(Outcome.case_id.in_(case_ids))
    postings = select(Posting.id).where(Posting.outcome_id.in_(outcomes))
    of_outcome = and_(Deadline.subject_kind == "outcome", Deadline.subject_id.in_(outcomes))
    return or_(
        of_outcome, and_(Deadline.subject_kind == "posting", Deadline.subject_id.in_(postings))
    )


def _open_checks(cases: Select[int]) -> Select[int]:
    return select(SiteCheck.id).where(SiteCheck.case_id.in_(cases), SiteCheck.state == "open")


def _open_actions(cases: Select[int]) -> Select[int]:
    return (
        select(LocalAction.id)
        .join(Case, Case.id == LocalAction.case_id)
        .where(
            LocalAction.case_id.in_(cases),
            LocalAction.reported_at.is_(None),
            Case.state == "local_action",
        )
    )


def _count(query: Select[Any]) -> int:
    return session().scalar(select(func.count()).select_from(query.subquery())) or 0
