"""A leader's board: counts of the cases they may read, by unit, kind, source, holder and time."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    String,
    bindparam,
    cast,
    func,
    select,
    union_all,
)

from webapp.cases.categories import picture_of
from webapp.cases.indexed import still_open
from webapp.cases.models import Case
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.conditions import in_words
from webapp.core.objects import columns_of, object_of
from webapp.core.prepared import Prepared
from webapp.directory.models import Organisation
from webapp.figures.filters import NOT_SAID, BoardFilters
from webapp.figures.queries.first_looks import ALL, Facts, Looks, looks
from webapp.figures.queries.measures import (
    answered,
    answered_late,
    asked,
    holder,
    late,
    priorities_of,
)
from webapp.figures.queries.places import Places
from webapp.figures.window import GIVEN, Given, Window
from webapp.reporting.permissions import READ

_KEYS = (Case.handling_unit_id, Case.category, Case.waste_source, Case.severity)
_NOW: BindParameter[datetime] = bindparam("now")
_KEPT = 32


@dataclass
class CaseTally:
    """Cases open and overdue now; opened, closed and answered in the days asked for."""

    open: int = 0
    overdue: int = 0
    opened: int = 0
    closed: int = 0
    answered: int = 0
    answered_late: int = 0

    @property
    def on_time(self) -> int:
        """Answered, and none of the answers after its day."""
        return self.answered - self.answered_late

    @property
    def on_time_share(self) -> float | None:
        """Share of the answered that were answered on time, 0 to 1; None where none was."""
        return self.on_time / self.answered if self.answered else None

    def count(self, names: tuple[str, str], both: tuple[int, int]) -> None:
        """Add to two counts."""
        for name, n in zip(names, both, strict=True):
            setattr(self, name, getattr(self, name) + n)


Tallies = dict[Any, CaseTally]
Pairs = dict[Any, tuple[int, int]]


def _tallies() -> Tallies:
    return defaultdict(CaseTally)


@dataclass(frozen=True)
class Held:
    """What waits for one organisation to act, and how much of it is late."""

    organisation: Organisation
    open: int
    overdue: int


@dataclass(frozen=True)
class Part:
    """A month or week of the trend."""

    window: Window
    opened: int
    closed: int


@dataclass
class Board:
    """Everything a board shows. Keys: unit id, picture, source, severity, priority by code.

    A category may serve several priorities, so these do not add up to the whole.
    """

    all: CaseTally = field(default_factory=CaseTally)
    by_unit: Tallies = field(default_factory=_tallies)
    by_picture: Tallies = field(default_factory=_tallies)
    by_source: Tallies = field(default_factory=_tallies)
    by_severity: Tallies = field(default_factory=_tallies)
    by_priority: Tallies = field(default_factory=_tallies)
    holders: list[Held] = field(default_factory=list)
    trend: list[Part] = field(default_factory=list)
    looks: Facts = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was counted."""
        return self.all == CaseTally() and self.all_looks is None

    @property
    def all_looks(self) -> Looks | None:
        """How long all reports waited; None where none was looked at."""
        return self.looks_of(ALL, ALL)

    def looks_of(self, table: str, key: str) -> Looks | None:
        """How long the reports of a row waited, by the names of its table and its key."""
        return self.looks.get(table, {}).get(key)

    def make_room(self) -> None:
        """Rows for what has reports that were looked at, and no case."""
        for name, tallies in self.tables().items():
            for key in self.looks[name]:
                tallies.setdefault(int(key) if name == "unit" else key, CaseTally())

    def tables(self) -> dict[str, Tallies]:
        """The tallies of each table, by the name of the filter that its rows set."""
        return {
            "unit": self.by_unit,
            "category": self.by_picture,
            "source": self.by_source,
            "severity": self.by_severity,
            "priority": self.by_priority,
        }

    def count(self, names: tuple[str, str], sums: "_Sums", places: Places) -> None:
        """Add two measures to every tally that their cases are counted in."""
        for unit_id, both in sums.by_unit.items():
            self.all.count(names, both)
            self.by_unit[places.present(int(unit_id))].count(names, both)
        for code, both in sums.by_category.items():
            self.by_picture[picture_of(code)].count(names, both)
            for priority in priorities_of(code):
                self.by_priority[priority].count(names, both)
        for tallies, pairs in (
            (self.by_source, sums.by_source),
            (self.by_severity, sums.by_severity),
        ):
            for value, both in pairs.items():
                tallies[value or NOT_SAID].count(names, both)


@dataclass(frozen=True)
class _Sums:
    """Two counts of cases by each fact alone, where there is anything to count."""

    by_unit: Pairs
    by_category: Pairs
    by_source: Pairs
    by_severity: Pairs

    @classmethod
    def of(cls, rows: Iterable[Any]) -> "_Sums":
        """From rows of: which fact, its value as text or None, the counts."""
        found: tuple[Pairs, ...] = tuple({} for _key in _KEYS)
        for fact, value, *both in rows:
            if any(both):
                found[fact][value] = int(both[0]), int(both[1])
        return cls(*found)


def board(actor: Actor, filters: BoardFilters) -> Board:
    """Count; the number of statements does not depend on what is found. Raises Invalid."""
    window, parts = filters.window, filters.window.parts(filters.by)
    places = Places()
    asking = actor, filters.on(GIVEN), places.counted_for(filters.unit_id)
    days, now = GIVEN.values(window), {_NOW.key: clock.now()}
    found = Board(holders=_holders(_held(*asking).rows(now)))
    found.trend = _trend(parts, _by_part(*asking, len(parts)))
    for names, prepared, values in (
        (("open", "overdue"), _open_now, now),
        (("opened", "closed"), _opened_closed, days),
        (("answered", "answered_late"), _answered, days),
    ):
        found.count(names, _Sums.of(prepared(*asking).rows(values)), places)
    if actor.may(READ) and filters.of_reports:
        found.looks = looks(actor, filters, places)
        found.make_room()
    return found


# Statements are kept for who asks and for what, days aside: building them takes longer than asking
# a commune's, and SQLAlchemy would keep 6 MB of them in each process.


@lru_cache(maxsize=_KEPT)
def _open_now(actor: Actor, filters: BoardFilters, unit_ids: tuple[int, ...]) -> Prepared:
    which = asked(actor, filters, unit_ids) & still_open()
    return _cube(which, func.count(), func.count().filter(late(_NOW)))


@lru_cache(maxsize=_KEPT)
def _opened_closed(actor: Actor, filters: BoardFilters, unit_ids: tuple[int, ...]) -> Prepared:
    """Every case there is, once, in the order of its facts.

    To look for those of the days and then to put them in order takes longer, and on SQLite memory
    for all of them.
    """
    counts = (
        func.count().filter(filters.window.holds(moment))
        for moment in (Case.opened_at, Case.closed_at)
    )
    return _cube(asked(actor, filters, unit_ids), *counts)


@lru_cache(maxsize=_KEPT)
def _answered(actor: Actor, filters: BoardFilters, unit_ids: tuple[int, ...]) -> Prepared:
    which = asked(actor, filters, unit_ids) & answered(filters.window)
    return _cube(which, func.count(), func.count().filter(answered_late(filters.window)))


def _cube(
    which: ColumnElement[bool], n: ColumnElement[int], marked: ColumnElement[int]
) -> Prepared:
    """The cases are read once; their mixes, thousands of a province, stay in the database.

    Of counts as they are PostgreSQL would make sums without limit, in three times the time.
    """
    counts = cast(n, Integer).label("n"), cast(marked, Integer).label("marked")
    cube = select(*_KEYS, *counts).where(which).group_by(*_KEYS).cte("cube")
    by_fact = (
        select(
            in_words(number), cast(fact, String), func.sum(cube.c.n), func.sum(cube.c.marked)
        ).group_by(fact)
        for number, fact in enumerate(cube.c[key.key] for key in _KEYS)
    )
    return Prepared(union_all(*by_fact))


def _trend(parts: list[Window], prepared: Prepared) -> list[Part]:
    givens = _givens(len(parts))
    values = {
        name: moment
        for given, part in zip(givens, parts, strict=True)
        for name, moment in given.values(part).items()
    }
    [counts] = prepared.rows(values)
    opened, closed = counts[: len(parts)], counts[len(parts) :]
    return [Part(*each) for each in zip(parts, opened, closed, strict=True)]


@lru_cache(maxsize=_KEPT)
def _by_part(
    actor: Actor, filters: BoardFilters, unit_ids: tuple[int, ...], parts: int
) -> Prepared:
    """Each part is a stretch of an index of its own: to compare every case with every part takes
    six times as long."""
    which = asked(actor, filters, unit_ids)
    counts = (
        select(func.count()).where(which, given.holds(moment)).scalar_subquery()
        for moment in (Case.opened_at, Case.closed_at)
        for given in _givens(parts)
    )
    return Prepared(select(*counts))


def _givens(parts: int) -> list[Given]:
    return [Given(name=f"part{number}") for number in range(parts)]


def _holders(rows: Iterable[Any]) -> list[Held]:
    names = list(columns_of(Organisation))
    return [
        Held(object_of(Organisation, dict(zip(names, about, strict=True))), n, n_late)
        for n, n_late, *about in rows
    ]


@lru_cache(maxsize=_KEPT)
def _held(actor: Actor, filters: BoardFilters, unit_ids: tuple[int, ...]) -> Prepared:
    """Who holds the open cases, the most first, offices beside the Front (S0-I.4a1)."""
    held = holder().label("held_by")
    counts = (
        select(held, func.count().label("n"), func.count().filter(late(_NOW)).label("n_late"))
        .where(asked(actor, filters, unit_ids), still_open())
        .group_by(held)
        .subquery("counts")
    )
    return Prepared(
        select(counts.c.n, counts.c.n_late, *columns_of(Organisation).values())
        .join_from(counts, Organisation, counts.c.held_by == Organisation.id)
        .order_by(counts.c.n.desc(), Organisation.id)
    )
