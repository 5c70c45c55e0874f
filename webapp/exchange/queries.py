"""What is exported and shown: cases an officer may read, with the other system's numbers."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from webapp.cases.indexed import still_open
from webapp.cases.models import Case
from webapp.casework.models import Recommendation
from webapp.casework.queries import letters_by_case
from webapp.casework.workflow import SENT
from webapp.core.actor import Actor
from webapp.core.conditions import one_of
from webapp.core.unit_of_work import session
from webapp.exchange.models import OutsideImport, OutsideNumber
from webapp.figures.window import Window
from webapp.outcomes.models import Outcome, OutcomeVersion
from webapp.outcomes.workflow import PUBLIC
from webapp.reporting.models import Report
from webapp.triage.filters import QueueFilters
from webapp.triage.queries.source import asked_cases

SLICE = 500
SHOWN_IMPORTS = 20


@dataclass(frozen=True)
class ExportQuestion:
    """Which cases: the queue's filters, ended ones too or not, opened in a window of days."""

    filters: QueueFilters
    ended: bool
    window: Window | None = None


@dataclass(frozen=True)
class ExportedCase:
    """A case as it leaves: nothing of who reported it."""

    case: Case
    numbers: list[tuple[str, date | None]]
    letter: Recommendation | None
    outcome: OutcomeVersion | None


@dataclass(frozen=True)
class BroughtNumber:
    """A number that a file brought, and the report or case that has it."""

    number: str
    received_on: date | None
    report_code: str | None
    case_code: str | None


def count_exported(actor: Actor, asked: ExportQuestion) -> int:
    """How many cases an export would hold."""
    query = select(func.count(Case.id)).where(_condition(actor, asked))
    return session().scalar(query) or 0


def exported_cases(actor: Actor, asked: ExportQuestion) -> Iterator[ExportedCase]:
    """The cases of an export in the order they were opened, slice by slice."""
    query = (
        select(Case)
        .where(_condition(actor, asked))
        .options(
            joinedload(Case.handling_unit),
            joinedload(Case.owner),
            joinedload(Case.office),
            joinedload(Case.addressee),
        )
        .order_by(Case.id)
        .limit(SLICE)
    )
    last = 0
    while found := list(session().scalars(query.where(Case.id > last))):
        yield from _with_the_rest(actor, found)
        last = found[-1].id


def numbers_of(case_ids: Iterable[int]) -> dict[int, list[tuple[str, date | None]]]:
    """The other system's numbers by case: of the case itself and of every report in it."""
    ids = list(case_ids)
    query = (
        select(
            func.coalesce(OutsideNumber.case_id, Report.case_id),
            OutsideNumber.number,
            OutsideNumber.received_on,
        )
        .outerjoin(Report, Report.id == OutsideNumber.report_id)
        .where(or_(one_of(OutsideNumber.case_id, ids), one_of(Report.case_id, ids)))
        .order_by(OutsideNumber.id)
    )
    found: dict[int, list[tuple[str, date | None]]] = defaultdict(list)
    for case_id, number, received_on in session().execute(query):
        found[case_id].append((number, received_on))
    return found


def number_of(report_id: int) -> OutsideNumber | None:
    """The number a report came with; the caller reads the report already."""
    return session().scalar(select(OutsideNumber).where(OutsideNumber.report_id == report_id))


def imports_of(actor: Actor) -> list[OutsideImport]:
    """The files that the actor took over, newest first."""
    query = select(OutsideImport).where(
        OutsideImport.person_id == actor.person_id, OutsideImport.done_at.is_not(None)
    )
    return list(session().scalars(query.order_by(OutsideImport.id.desc()).limit(SHOWN_IMPORTS)))


def brought_by(import_id: int) -> list[BroughtNumber]:
    """What a file brought, in its order; the caller brought it."""
    own = aliased(Case)
    query = (
        select(
            OutsideNumber.number,
            OutsideNumber.received_on,
            Report.code,
            func.coalesce(own.code, Case.code),
        )
        .select_from(OutsideNumber)
        .outerjoin(Report, Report.id == OutsideNumber.report_id)
        .outerjoin(Case, Case.id == Report.case_id)
        .outerjoin(own, own.id == OutsideNumber.case_id)
        .where(OutsideNumber.import_id == import_id)
    )
    rows = session().execute(query.order_by(OutsideNumber.id))
    return [BroughtNumber(*row) for row in rows]


def _condition(actor: Actor, asked: ExportQuestion) -> ColumnElement[bool]:
    conditions = [asked_cases(actor, asked.filters)]
    if not asked.ended:
        conditions.append(still_open())
    if asked.window is not None:
        conditions.append(asked.window.holds(Case.opened_at))
    return and_(*conditions)


def _with_the_rest(actor: Actor, cases: list[Case]) -> Iterator[ExportedCase]:
    ids = [case.id for case in cases]
    numbers, letters, pages = numbers_of(ids), letters_by_case(actor, ids), _published(ids)
    for case in cases:
        sent = [each for each in letters.get(case.id, ()) if each.state in SENT]
        yield ExportedCase(
            case=case,
            numbers=numbers.get(case.id, []),
            letter=sent[-1] if sent else None,
            outcome=pages.get(case.id),
        )


def _published(case_ids: list[int]) -> dict[int, OutcomeVersion]:
    """The versions that readers see, by case."""
    query = (
        select(Outcome.case_id, OutcomeVersion)
        .join(
            OutcomeVersion,
            and_(
                OutcomeVersion.outcome_id == Outcome.id,
                OutcomeVersion.number == Outcome.current,
            ),
        )
        .where(one_of(Outcome.case_id, case_ids), Outcome.state.in_(sorted(PUBLIC)))
    )
    return {case_id: version for case_id, version in session().execute(query)}
