"""Offices on the public record: what is late with each, and letters nobody ever answered.

Counted are public cases that are with the office now and became public in the window, and
recommendations that reached it in the window, with proof, and whose day for the answer is past or
that were answered. Both lists name cases only, at what anyone may read of them.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, tuple_
from sqlalchemy.orm import joinedload

from webapp.cases.indexed import listed, listed_with_office
from webapp.cases.models import Case
from webapp.casework.models import Recommendation
from webapp.casework.workflow import SENT
from webapp.core import clock
from webapp.core.conditions import one_of
from webapp.core.errors import NotFound
from webapp.core.unit_of_work import session
from webapp.directory.models import Organisation, Unit
from webapp.figures.window import Window
from webapp.outcomes.queries import kept_off_pages
from webapp.web.paging import Page, encode_cursor, id_cursor

PAGE = 20


@dataclass
class OfficeTally:
    """Cases ``held`` now, those ``overdue`` of them; letters ``due``, those ``unanswered``."""

    held: int = 0
    overdue: int = 0
    due: int = 0
    unanswered: int = 0

    @property
    def overdue_share(self) -> float | None:
        """Share of the held that are overdue, 0 to 1; None where none is held."""
        return self.overdue / self.held if self.held else None

    @property
    def unanswered_share(self) -> float | None:
        """Share of the due letters that nobody answered, 0 to 1; None where none is due."""
        return self.unanswered / self.due if self.due else None


@dataclass(frozen=True)
class OfficeRow:
    """One office and what is counted of it."""

    organisation: Organisation
    tally: OfficeTally = field(default_factory=OfficeTally)


@dataclass(frozen=True)
class LateCase:
    """A case past its deadline, by days."""

    code: str
    category: str
    state: str
    unit: Unit
    place: str | None
    due: date


@dataclass(frozen=True)
class SilentLetter:
    """A recommendation whose day passed without any answer, and its case."""

    code: str
    category: str
    state: str
    unit: Unit
    delivered: date
    due: date


def office_rows(window: Window, organisation_ids: Iterable[int] | None = None) -> list[OfficeRow]:
    """Every office with something to count, or the given ones, by name. Three statements."""
    only = None if organisation_ids is None else sorted(organisation_ids)
    found: dict[int, OfficeTally] = defaultdict(OfficeTally)
    for office_id, held, overdue in session().execute(_held(window, only)):
        found[office_id].held, found[office_id].overdue = held, overdue
    for office_id, due, unanswered in session().execute(_due(window, only)):
        found[office_id].due, found[office_id].unanswered = due, unanswered
    wanted = found.keys() if only is None else only
    named = select(Organisation).where(one_of(Organisation.id, wanted))
    offices = session().scalars(named.order_by(Organisation.name, Organisation.id))
    return [OfficeRow(office, found[office.id]) for office in offices]


def late_cases(
    organisation_id: int, window: Window, *, cursor: str | None = None
) -> Page[LateCase]:
    """The cases of an office past their deadline, the longest first. Raises Invalid, NotFound."""
    query = (
        select(Case)
        .where(*_with(organisation_id, window), Case.overdue, Case.due_at.is_not(None))
        .options(joinedload(Case.handling_unit, innerjoin=True))
        .order_by(Case.due_at, Case.id)
    )
    after = id_cursor(cursor)
    if after is not None:
        key = session().execute(select(Case.due_at, Case.id).where(Case.id == after)).one_or_none()
        if key is None or key[0] is None:
            raise NotFound
        query = query.where(tuple_(Case.due_at, Case.id) > tuple_(*key))
    rows = list(session().scalars(query.limit(PAGE + 1)))
    shown = [_late(case) for case in rows[:PAGE]]
    return Page(shown, encode_cursor([rows[PAGE - 1].id]) if len(rows) > PAGE else None)


def silent_letters(
    organisation_id: int, window: Window, *, cursor: str | None = None
) -> Page[SilentLetter]:
    """The letters to an office that nobody answered, the longest due first. Raises Invalid."""
    query = (
        select(Recommendation)
        .where(*_delivered(window), _silent(), Recommendation.addressee_id == organisation_id)
        .options(
            joinedload(Recommendation.case, innerjoin=True).joinedload(
                Case.handling_unit, innerjoin=True
            )
        )
        .order_by(Recommendation.due_on, Recommendation.id)
    )
    after = id_cursor(cursor)
    if after is not None:
        key = session().get(Recommendation, after)
        if key is None or key.due_on is None:
            raise NotFound
        query = query.where(
            tuple_(Recommendation.due_on, Recommendation.id) > tuple_(key.due_on, key.id)
        )
    rows = list(session().scalars(query.limit(PAGE + 1)))
    shown = [_letter(each) for each in rows[:PAGE]]
    return Page(shown, encode_cursor([rows[PAGE - 1].id]) if len(rows) > PAGE else None)


def _holder() -> ColumnElement[int]:
    """Who has the case, as its public page says."""
    return func.coalesce(Case.office_id, Case.addressee_id)


def _held(window: Window, only: list[int] | None) -> Select[*tuple[int, int, int]]:
    query = select(_holder(), func.count(), func.count().filter(Case.overdue)).where(
        listed_with_office(), window.holds(Case.public_since), _on_pages(), _holder().is_not(None)
    )
    if only is not None:
        query = query.where(or_(*(_held_by(each) for each in only)))
    return query.group_by(_holder())


def _due(window: Window, only: list[int] | None) -> Select[*tuple[int, int, int]]:
    office = Recommendation.addressee_id
    past = or_(Recommendation.answered_on.is_not(None), _silent())
    counts = (func.count(), func.count().filter(_silent()))
    query = select(office, *counts).where(*_delivered(window), past)
    return (query if only is None else query.where(one_of(office, only))).group_by(office)


def _with(organisation_id: int, window: Window) -> list[ColumnElement[bool]]:
    return [
        listed_with_office(),
        _held_by(organisation_id),
        window.holds(Case.public_since),
        _on_pages(),
    ]


def _held_by(organisation_id: int) -> ColumnElement[bool]:
    """``_holder`` as a condition that finds an index."""
    by_law = and_(Case.office_id.is_(None), Case.addressee_id == organisation_id)
    return or_(Case.office_id == organisation_id, by_law)


def _delivered(window: Window) -> list[ColumnElement[bool]]:
    """Letters that reached their office in these days, of cases that anyone may read.

    The case is asked for letter by letter: as a join SQLite would walk every public case.
    """
    return [
        Recommendation.state.in_(sorted(SENT)),
        Recommendation.delivered_on.between(window.first, window.last),
        exists().where(Case.id == Recommendation.case_id, listed(), _on_pages()),
    ]


def _silent() -> ColumnElement[bool]:
    return and_(Recommendation.answered_on.is_(None), Recommendation.due_on < clock.today_local())


def _on_pages() -> ColumnElement[bool]:
    return Case.category.not_in(kept_off_pages())


def _late(case: Case) -> LateCase:
    if case.due_at is None:
        raise NotFound
    due = clock.local(case.due_at).date()
    unit = case.handling_unit
    return LateCase(case.code, case.category, case.state, unit, case.public_place, due)


def _letter(sent: Recommendation) -> SilentLetter:
    if sent.delivered_on is None or sent.due_on is None:
        raise NotFound
    case = sent.case
    return SilentLetter(
        case.code, case.category, case.state, case.handling_unit, sent.delivered_on, sent.due_on
    )
