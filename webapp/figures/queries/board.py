"""A leader's board: counts of the cases they may read, by unit, kind, source, holder and time."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, String, cast, func, literal, select, union_all

from webapp.cases.categories import picture_of
from webapp.cases.indexed import still_open
from webapp.cases.models import Case
from webapp.core.actor import Actor
from webapp.core.conditions import in_words
from webapp.core.unit_of_work import session
from webapp.directory.models import Organisation
from webapp.figures.filters import NOT_SAID, BoardFilters
from webapp.figures.queries.first_looks import Looks, looks, looks_by_unit
from webapp.figures.queries.measures import (
    answered,
    answered_late,
    asked,
    holder,
    late,
    priorities_of,
)
from webapp.figures.queries.places import Places
from webapp.figures.window import Window
from webapp.reporting.permissions import READ

_KEYS = (Case.handling_unit_id, Case.category, Case.waste_source, Case.severity)
_NEVER = literal(False)


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

    def count(self, names: tuple[str, str], n: int, marked: int) -> None:
        """Add to one count, and to the part of it that its second name says."""
        first, second = names
        setattr(self, first, getattr(self, first) + n)
        if second:
            setattr(self, second, getattr(self, second) + marked)


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
    looks: Looks | None = None
    looks_by_unit: dict[int, Looks] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was counted."""
        return self.all == CaseTally() and self.looks is None

    def count(self, names: tuple[str, str], sums: "_Sums", places: Places) -> None:
        """Add one measure to every tally that its cases are counted in."""
        for unit_id, (n, marked) in sums.by_unit.items():
            self.all.count(names, n, marked)
            self.by_unit[places.present(int(unit_id))].count(names, n, marked)
        for code, (n, marked) in sums.by_category.items():
            self.by_picture[picture_of(code)].count(names, n, marked)
            for priority in priorities_of(code):
                self.by_priority[priority].count(names, n, marked)
        for tallies, pairs in (
            (self.by_source, sums.by_source),
            (self.by_severity, sums.by_severity),
        ):
            for value, (n, marked) in pairs.items():
                tallies[value or NOT_SAID].count(names, n, marked)


@dataclass(frozen=True)
class _Sums:
    """How many cases there are, and of them how many marked ones, by each fact alone."""

    by_unit: Pairs
    by_category: Pairs
    by_source: Pairs
    by_severity: Pairs

    @classmethod
    def of(cls, rows: Iterable[Any]) -> "_Sums":
        """From rows of: which fact, its value as text or None, how many, how many marked."""
        found: tuple[Pairs, ...] = tuple({} for _key in _KEYS)
        for fact, value, n, marked in rows:
            found[fact][value] = int(n), int(marked)
        return cls(*found)


def board(actor: Actor, filters: BoardFilters) -> Board:
    """Count; the number of statements does not depend on what is found. Raises Invalid."""
    parts = filters.window.parts(filters.by)
    places = Places()
    which = asked(actor, filters, places)
    found = Board(holders=_holders(which), trend=_trend(which, parts))
    for names, condition, marked in _measured(filters.window):
        found.count(names, _Sums.of(_cube(which & condition, marked)), places)
    if actor.may(READ) and filters.of_reports:
        found.looks = looks(actor, filters, places)
        found.looks_by_unit = looks_by_unit(actor, filters, places)
    return found


def _measured(
    window: Window,
) -> Iterable[tuple[tuple[str, str], ColumnElement[bool], ColumnElement[bool]]]:
    """Two names, the condition of the first, and what makes the second of it."""
    return (
        (("open", "overdue"), still_open(), late()),
        (("opened", ""), window.holds(Case.opened_at), _NEVER),
        (("closed", ""), window.holds(Case.closed_at), _NEVER),
        (("answered", "answered_late"), answered(window), answered_late(window)),
    )


def _cube(which: ColumnElement[bool], marked: ColumnElement[bool]) -> Iterable[Any]:
    """The cases are read once; their mixes, thousands of a province, stay in the database."""
    counts = (func.count().label("n"), func.count().filter(marked).label("marked"))
    cube = select(*_KEYS, *counts).where(which).group_by(*_KEYS).cte("cube")
    by_fact = (
        select(
            in_words(number), cast(fact, String), func.sum(cube.c.n), func.sum(cube.c.marked)
        ).group_by(fact)
        for number, fact in enumerate(cube.c[key.key] for key in _KEYS)
    )
    return session().execute(union_all(*by_fact))


def _trend(which: ColumnElement[bool], parts: list[Window]) -> list[Part]:
    """Each part is a stretch of an index of its own: to compare every case with every part takes
    six times as long."""
    opened, closed = (
        session()
        .execute(
            select(
                *(
                    select(func.count()).where(which, part.holds(moment)).scalar_subquery()
                    for part in parts
                )
            )
        )
        .one()
        for moment in (Case.opened_at, Case.closed_at)
    )
    return [Part(*each) for each in zip(parts, opened, closed, strict=True)]


def _holders(which: ColumnElement[bool]) -> list[Held]:
    """Who holds the open cases, the most first, offices beside the Front (S0-I.4a1)."""
    held = holder().label("held_by")
    counts = (
        select(held, func.count().label("n"), func.count().filter(late()).label("n_late"))
        .where(which, still_open())
        .group_by(held)
        .subquery("counts")
    )
    query = (
        select(Organisation, counts.c.n, counts.c.n_late)
        .join(counts, counts.c.held_by == Organisation.id)
        .order_by(counts.c.n.desc(), Organisation.id)
    )
    return [Held(*row) for row in session().execute(query)]
