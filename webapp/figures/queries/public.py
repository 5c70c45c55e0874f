"""Figures of the public record: counts by unit, category and state, and deadlines kept.

Only listed cases are counted, by the day they became public; counts of cases are exact. Old units
are found by what was recorded at the time, else by the nearest old centre to the public point.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, func, literal_column, null, select

from geo.cells import CELL_ZOOM, cell_centre
from geo.points import Point, distance_m
from webapp.cases.categories import picture_of
from webapp.cases.indexed import listed
from webapp.cases.models import Case
from webapp.cases.workflow import OPEN
from webapp.core.unit_of_work import session
from webapp.deadlines.models import ClockRule, Deadline
from webapp.deadlines.rule_table import TIME_OF_RESIDENTS
from webapp.directory.models import Unit, UnitSuccession
from webapp.directory.served_units import NEW_SYSTEM, OLD_SYSTEM
from webapp.figures.queries.measures import answered, answered_late
from webapp.figures.queries.places import Places
from webapp.figures.window import Window

_OLD_UNIT_ZOOM = 15  # squares of about a kilometre: much smaller than an old commune
_Place = tuple[int, int | None, int | None]
_SHIFT: ColumnElement[int] = literal_column(str(2 * (CELL_ZOOM - _OLD_UNIT_ZOOM)))
_PLACE = ("at_unit", "at_old", "at_square")


@dataclass
class Tally:
    """What is counted of one unit, or of all."""

    cases: int = 0
    open: int = 0
    overdue: int = 0
    closed: int = 0
    before: int = 0
    ended_clocks: int = 0
    kept_clocks: int = 0
    answered: int = 0
    answered_late: int = 0

    def count(self, cases: int, is_open: int, overdue: int, closed: int) -> None:
        """Add counts of cases."""
        self.cases += cases
        self.open += is_open
        self.overdue += overdue
        self.closed += closed

    @property
    def kept_share(self) -> float | None:
        """Share of ended deadlines that were kept, 0 to 1; None where none has ended."""
        return self.kept_clocks / self.ended_clocks if self.ended_clocks else None

    @property
    def answered_share(self) -> float | None:
        """Share of the cases with an answered recommendation where none came late, 0 to 1."""
        return 1 - self.answered_late / self.answered if self.answered else None


@dataclass
class Figures:
    """All figures of a window; ``by_unit`` by unit id, ``by_picture`` and ``by_state`` by code."""

    all: Tally = field(default_factory=Tally)
    by_unit: dict[int, Tally] = field(default_factory=lambda: defaultdict(Tally))
    by_picture: Counter[str] = field(default_factory=Counter)
    by_state: dict[str, int] = field(default_factory=dict)
    by_source: dict[str | None, int] = field(default_factory=dict)


def figures(window: Window, system: str) -> Figures:
    """Figures of a window by new or old units (``system`` of served_units)."""
    found = Figures(
        by_picture=_by_picture(window),
        by_state=_by(Case.state, window),
        by_source=_by(Case.waste_source, window),
    )
    found.all.answered, found.all.answered_late = _answers(window)
    units = _UnitFinder(system)
    for place, counts in _by_place(_cases(window, system)):
        for tally in (found.all, found.by_unit[units.find(*place)]):
            tally.count(*counts)
    for place, (cases, *_rest) in _by_place(_cases(window.year_before(), system)):
        for tally in (found.all, found.by_unit[units.find(*place)]):
            tally.before += cases
    for place, (ended, kept) in _by_place(_clocks(window, system)):
        for tally in (found.all, found.by_unit[units.find(*place)]):
            tally.ended_clocks += ended
            tally.kept_clocks += kept
    return found


def _where(system: str) -> list[ColumnElement[Any]]:
    """What says where a case lies; squares only where old units have to be guessed from them."""
    # Labels that no column has: in GROUP BY a column would win over a label.
    unit = Case.handling_unit_id.label("at_unit")
    if system == NEW_SYSTEM:
        return [unit, null().label("at_old"), null().label("at_square")]
    square = Case.public_cell.op(">>", return_type=BigInteger())(_SHIFT)
    return [unit, Case.observed_unit_id.label("at_old"), square.label("at_square")]


def _cases(window: Window, system: str) -> Select[*tuple[Any, ...]]:
    """Per place: cases, open, overdue, closed."""
    is_open = Case.state.in_(sorted(OPEN))
    columns: list[ColumnElement[Any]] = [
        *_where(system),
        func.count(),
        func.count().filter(is_open),
        func.count().filter(is_open, Case.overdue),
        func.count().filter(Case.state == "closed"),
    ]
    return select(*columns).where(listed(), window.holds(Case.public_since)).group_by(*_PLACE)


def _clocks(window: Window, system: str) -> Select[*tuple[Any, ...]]:
    """Per place: deadlines of listed cases that ended in the window, and those kept of them.

    Time that residents have is nobody's deadline: a case is closed once theirs to confirm is over.
    Of a secret case only those that ended in public: an earlier one would tell a day of the time
    of which its page tells only the month.
    """
    residents = select(ClockRule.id).where(ClockRule.key.in_(TIME_OF_RESIDENTS))
    told = Case.secret.is_(False) | (Deadline.stopped_at >= Case.public_since)
    kept = func.count().filter(Deadline.stopped_at <= Deadline.due_at)
    columns: list[ColumnElement[Any]] = [*_where(system), func.count(), kept]
    return (
        select(*columns)
        .join(Case, Case.id == Deadline.subject_id)
        .where(Deadline.subject_kind == "case", listed(), told, window.holds(Deadline.stopped_at))
        .where(Deadline.rule_id.not_in(residents))
        .group_by(*_PLACE)
    )


def _by_place(query: Select[*tuple[Any, ...]]) -> Iterator[tuple[_Place, list[int]]]:
    for row in session().execute(query):
        unit_id, observed_id, square, *numbers = tuple(row)
        yield (unit_id, observed_id, square), numbers


def _answers(window: Window) -> tuple[int, int]:
    """Cases with an answer in the window, and those where one came late: as on the boards."""
    counts = (func.count(), func.count().filter(answered_late(window)))
    n, late = session().execute(select(*counts).where(listed(), answered(window))).one()
    return n, late


def _by(column: Any, window: Window) -> dict[Any, int]:
    query = select(column, func.count()).where(listed(), window.holds(Case.public_since))
    return {value: n for value, n in session().execute(query.group_by(column))}


def _by_picture(window: Window) -> Counter[str]:
    found: Counter[str] = Counter()
    for code, n in _by(Case.category, window).items():
        found[picture_of(code)] += n
    return found


class _UnitFinder:
    """The unit of the wanted system for a case of either."""

    def __init__(self, system: str) -> None:
        self._places = Places()
        self._by_old = system == OLD_SYSTEM
        self._old = _old_units() if self._by_old else {}
        self._centres = _centres(self._old, self._places) if self._by_old else {}
        self._known: dict[tuple[int, int | None], int] = {}

    def find(self, unit_id: int, observed_id: int | None, square: int | None) -> int:
        """The id; that of the unit in charge itself where the other system has none."""
        if not self._by_old:
            return self._places.present(unit_id)
        if unit_id in self._old:
            return unit_id
        if observed_id in self._old:
            return observed_id
        return self._known.setdefault((unit_id, square), self._nearest(unit_id, square))

    def _nearest(self, unit_id: int, square: int | None) -> int:
        centres = self._centres.get(self._places.present(unit_id), [])
        if square is None or not centres:
            return unit_id
        here = cell_centre(square, _OLD_UNIT_ZOOM)
        return min(centres, key=lambda centre: distance_m(here, centre[1]))[0]


def _old_units() -> dict[int, Point | None]:
    """The units of the old system that others followed, with their centres."""
    followed = select(UnitSuccession.old_id)
    query = select(Unit.id, Unit.lon, Unit.lat).where(
        Unit.code_system == OLD_SYSTEM, Unit.id.in_(followed)
    )
    return {
        unit_id: None if lon is None or lat is None else Point(lon, lat)
        for unit_id, lon, lat in session().execute(query)
    }


def _centres(
    old_units: Mapping[int, Point | None], places: Places
) -> Mapping[int, list[tuple[int, Point]]]:
    """The old units of each unit in force, with their centres."""
    found: dict[int, list[tuple[int, Point]]] = defaultdict(list)
    pairs = session().execute(select(UnitSuccession.old_id, UnitSuccession.new_id))
    for old_id, new_id in pairs:
        centre = old_units.get(old_id)
        if centre is not None:
            found[places.present(new_id)].append((old_id, centre))
    return found


def units_of(unit_ids: Iterable[int]) -> dict[int, Unit]:
    """The units with these ids."""
    found = session().scalars(select(Unit).where(Unit.id.in_(sorted(unit_ids))))
    return {unit.id: unit for unit in found}
