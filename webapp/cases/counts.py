"""The counts of the map by cell: folding the journal, rebuilding, reading, the data version.

The journal is a queue: each transaction adds its rows, folding takes all it sees and adds them to
``cell_count``, readers add what still waits. Nothing depends on the order of ids, which on
PostgreSQL are given out before their transaction commits and on SQLite are given out again.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    bindparam,
    cast,
    delete,
    func,
    literal_column,
    or_,
    select,
    text,
    union_all,
)

from geo.cells import CELL_ZOOM, cell_at_zoom, cell_centre, ranges
from geo.clustering import MAX_STORED_ZOOM, MIN_STORED_ZOOM, micro_degrees
from geo.clustering import CellCount as Counted
from geo.points import Bbox
from webapp.cases.indexed import in_ranges, listed, range_values, within
from webapp.cases.journal import PUBLIC_SCOPE, state_group
from webapp.cases.models import Case, CellCount, CellJournal, FoldedJournal
from webapp.cases.workflow import ENDED
from webapp.core.conditions import one_of, states_in_words
from webapp.core.prepared import Prepared
from webapp.core.unit_of_work import session, take_your_time


class Key(NamedTuple):
    """One row of ``cell_count``."""

    scope: int
    zoom: int
    cell: int
    group: str


class Sums(NamedTuple):
    """What is counted: cases, those overdue, sums of cell centres in micro-degrees."""

    n: int
    n_overdue: int
    sum_x: int
    sum_y: int


class Change(NamedTuple):
    """A journal row: ``cell`` at zoom 22; ``n`` below zero takes away."""

    scope: int
    cell: int
    group: str
    n: int
    n_overdue: int


_SUMS = (CellCount.n, CellCount.n_overdue, CellCount.sum_x, CellCount.sum_y)
_VERSION = -1
"""Where rows tell their zoom, the row of the data version."""
# One statement both databases understand; sums only ever add up.
_ADD = text(
    "INSERT INTO cell_count (scope, zoom, cell, state_group, n, n_overdue, sum_x, sum_y)"
    " VALUES (:scope, :zoom, :cell, :group, :n, :n_overdue, :sum_x, :sum_y)"
    " ON CONFLICT (scope, zoom, cell, state_group) DO UPDATE SET n = cell_count.n + excluded.n,"
    " n_overdue = cell_count.n_overdue + excluded.n_overdue,"
    " sum_x = cell_count.sum_x + excluded.sum_x, sum_y = cell_count.sum_y + excluded.sum_y"
)


def data_version() -> int:
    """How many changes of public or counted data were ever committed; it only grows."""
    [[version]] = _version_query().rows()
    return int(version)


@cache
def _version_query() -> Prepared:
    return Prepared(select(version_now()))


def version_now() -> ColumnElement[int]:
    """``data_version`` as a part of a statement, so that data and version are of one moment."""
    waiting = select(func.count()).select_from(CellJournal).scalar_subquery()
    folded = select(func.coalesce(func.max(FoldedJournal.up_to), 0)).scalar_subquery()
    return waiting + folded


def fold() -> int:
    """Take every journal row that is committed into the counts; returns how many."""
    marker = _marker()
    taken = session().execute(
        delete(CellJournal).returning(
            CellJournal.scope,
            CellJournal.cell,
            CellJournal.state_group,
            CellJournal.n,
            CellJournal.n_overdue,
        )
    )
    changes = [Change(*row) for row in taken]
    _add(_by_zoom(changes))
    marker.up_to += len(changes)
    return len(changes)


def rebuild() -> int:
    """Make the counts anew from the cases; returns how many counts were wrong before."""
    take_your_time()
    if session().get_bind().dialect.name == "postgresql":
        # Writers of the journal wait, so that cases and counts are of one moment.
        session().execute(text("LOCK TABLE cell_journal IN SHARE ROW EXCLUSIVE MODE"))
    fold()
    right, stored = _from_cases(), _stored()
    wrong = sum(right.get(key) != stored.get(key) for key in right.keys() | stored.keys())
    session().execute(delete(CellCount))
    _add(right)
    _marker().up_to += int(wrong > 0)
    return wrong


def read(
    bbox: Bbox, zoom: int, *, scopes: Iterable[int], groups: Iterable[str] = ()
) -> list[Counted]:
    """Counts by cell at a stored zoom (8 to 18) of a view, what waits in the journal included.

    One statement, so that folding in between neither doubles nor drops anything. ``groups`` of
    none means all. A cell may come twice; ``geo.clustering.clusters`` adds up.
    """
    return read_with_version(bbox, zoom, scopes=scopes, groups=groups)[1]


def read_with_version(
    bbox: Bbox, zoom: int, *, scopes: Iterable[int], groups: Iterable[str] = ()
) -> tuple[int, list[Counted]]:
    """``data_version`` and ``read`` of one moment, in one statement."""
    folded, finer = ranges(bbox, zoom), 2 * (CELL_ZOOM - zoom)
    waiting = [(low << finer, ((high + 1) << finer) - 1) for low, high in folded]
    values = range_values("waiting", waiting) | range_values("folded", folded) | {"zoom": zoom}
    found = _read_query(frozenset(scopes), frozenset(groups)).rows(values)
    counted: list[Counted] = []
    version = 0
    for row_zoom, cell, n, overdue, x, y in found:
        if row_zoom == zoom:
            counted.append(Counted(cell, n, overdue, x, y))
        elif row_zoom == _VERSION:
            version = cell
        else:
            counted.append(_waiting_as(zoom, cell, n, overdue))
    return version, counted


@lru_cache(maxsize=64)
def _read_query(scopes: frozenset[int], groups: frozenset[str]) -> Prepared:
    version = select(_number(_VERSION, Integer), version_now(), *[_number(0)] * len(_SUMS))
    return Prepared(union_all(version, _folded(scopes, groups), _waiting(scopes, groups)))


def _folded(scopes: frozenset[int], groups: frozenset[str]) -> Select[*tuple[Any, ...]]:
    columns = (CellCount.zoom, CellCount.cell, *_SUMS)
    conditions = (CellCount.zoom == bindparam("zoom"), *_counted_in(CellCount, scopes, groups))
    found = in_ranges(columns, CellCount.cell, "folded", conditions)
    sums = (cast(func.sum(found.c[each.key]), BigInteger) for each in _SUMS)
    return select(found.c.zoom, found.c.cell, *sums).group_by(found.c.zoom, found.c.cell)


def _waiting(scopes: frozenset[int], groups: frozenset[str]) -> Select[*tuple[Any, ...]]:
    changes = (CellJournal.cell, CellJournal.n, CellJournal.n_overdue)
    return select(_number(CELL_ZOOM, Integer), *changes, _number(0), _number(0)).where(
        *_counted_in(CellJournal, scopes, groups),
        or_(CellJournal.n != 0, CellJournal.n_overdue != 0),
        within(CellJournal.cell, "waiting"),
    )


def _number(value: int, kind: type[Integer] = BigInteger) -> ColumnElement[int]:
    return literal_column(str(value), kind)


def _counted_in(
    model: type[CellCount] | type[CellJournal], scopes: frozenset[int], groups: frozenset[str]
) -> Iterator[ColumnElement[bool]]:
    if scopes == {PUBLIC_SCOPE}:
        yield model.scope == _number(PUBLIC_SCOPE)
    else:
        yield one_of(model.scope + 0, scopes)  # not by the index over scopes: they share cells
    if groups:
        yield model.state_group.in_(states_in_words(sorted(groups)))


def _waiting_as(zoom: int, cell: int, n: int, overdue: int) -> Counted:
    """A row of the journal, still a cell of zoom 22, as what it adds."""
    x, y = micro_degrees(cell_centre(cell, CELL_ZOOM))
    return Counted(cell_at_zoom(cell, zoom), n, overdue, n * x, n * y)


def _marker() -> FoldedJournal:
    """The one row of the marker, locked: whoever folds is alone."""
    session().execute(
        text("INSERT INTO folded_journal (id, up_to) VALUES (1, 0) ON CONFLICT (id) DO NOTHING")
    )
    return session().get_one(FoldedJournal, 1, with_for_update=True, populate_existing=True)


def _by_zoom(changes: Iterable[Change]) -> dict[Key, Sums]:
    """Changes added up by cell at every stored zoom; what adds up to nothing is left out."""
    level: dict[Key, Sums] = {}
    for scope, cell, group, n, n_overdue in changes:
        x, y = micro_degrees(cell_centre(cell, CELL_ZOOM))
        key = Key(scope, MAX_STORED_ZOOM, cell_at_zoom(cell, MAX_STORED_ZOOM), group)
        level[key] = _plus(level.get(key), Sums(n, n_overdue, n * x, n * y))
    sums = dict(level)
    for zoom in range(MAX_STORED_ZOOM - 1, MIN_STORED_ZOOM - 1, -1):
        level = _coarser(level, zoom)
        sums.update(level)
    return {key: value for key, value in sums.items() if any(value)}


def _coarser(level: Mapping[Key, Sums], zoom: int) -> dict[Key, Sums]:
    found: dict[Key, Sums] = {}
    for (scope, _, cell, group), value in level.items():
        key = Key(scope, zoom, cell >> 2, group)
        found[key] = _plus(found.get(key), value)
    return found


def _plus(a: Sums | None, b: Sums) -> Sums:
    return b if a is None else Sums(*(x + y for x, y in zip(a, b, strict=True)))


def _add(sums: Mapping[Key, Sums]) -> None:
    # In the order of the keys, so that two writers could never wait for each other.
    rows = [key._asdict() | sums[key]._asdict() for key in sorted(sums)]
    if rows:
        session().execute(_ADD, rows)


def _from_cases() -> dict[Key, Sums]:
    return _by_zoom([*_public_cases(), *_open_cases()])


def _public_cases() -> Iterable[Change]:
    query = select(Case.state, Case.public_cell, func.count(), _overdue()).where(
        listed(), Case.public_cell.is_not(None)
    )
    grouped = query.group_by(Case.state, Case.public_cell)
    for state, cell, n, overdue in session().execute(grouped):
        yield Change(PUBLIC_SCOPE, int(cell or 0), state_group(state), n, overdue)


def _open_cases() -> Iterable[Change]:
    query = select(Case.handling_unit_id, Case.state, Case.cell, func.count(), _overdue()).where(
        Case.state.not_in(sorted(ENDED)), Case.cell.is_not(None)
    )
    grouped = query.group_by(Case.handling_unit_id, Case.state, Case.cell)
    for unit_id, state, cell, n, overdue in session().execute(grouped):
        yield Change(unit_id, int(cell or 0), state_group(state), n, overdue)


def _overdue() -> ColumnElement[int]:
    return func.count().filter(Case.overdue)


def _stored() -> dict[Key, Sums]:
    rows = session().execute(
        select(
            CellCount.scope,
            CellCount.zoom,
            CellCount.cell,
            CellCount.state_group,
            CellCount.n,
            CellCount.n_overdue,
            CellCount.sum_x,
            CellCount.sum_y,
        )
    )
    found = ((Key(*row[:4]), Sums(*row[4:])) for row in rows)
    return {key: sums for key, sums in found if any(sums)}
