"""Conditions written so that the planners of both databases use the indexes made for them.

PostgreSQL and SQLite use a partial index only where they can see, in the statement itself, that
its condition holds: states stand in it as words. Ranges of cells are parameters, so that both
databases and their drivers know the statement again; that no plan scans for them is tested.
Statements are built once with places for MAX_RANGES ranges: building takes longer than running.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    BindParameter,
    Boolean,
    ColumnClause,
    ColumnElement,
    Subquery,
    and_,
    bindparam,
    column,
    func,
    literal_column,
    or_,
    select,
    union_all,
    values,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.selectable import Join
from sqlalchemy.sql.visitors import replacement_traverse

from geo.cells import MAX_RANGES
from webapp.cases.models import Case, Proposal
from webapp.cases.workflow import ENDED, LISTED, WITH_OFFICE, WITH_RESULT
from webapp.core.base import EightBytes
from webapp.core.conditions import Unseen, in_words, states_in_words

Column = ColumnElement[Any] | InstrumentedAttribute[Any]
_NOTHING = (1, 0)
FEW = "0.000001"
"""How likely SQLite's planner is told that a row lies in a range of cells."""


def listed() -> ColumnElement[bool]:
    """Cases that maps, lists and figures show: public, and neither dismissed, merged nor handed
    over. The condition of the partial indexes on public cases, term by term.
    """
    return and_(Case.public_since.is_not(None), Case.state.in_(states_in_words(sorted(LISTED))))


def listed_with_office() -> ColumnElement[bool]:
    """Listed cases that an office has. The condition of a partial index, term by term."""
    return and_(
        Case.public_since.is_not(None), Case.state.in_(states_in_words(sorted(WITH_OFFICE)))
    )


def still_open() -> ColumnElement[bool]:
    """Cases that have not ended. The condition of the partial indexes of the desk, term by term."""
    return Case.state.not_in(states_in_words(sorted(ENDED)))


def still_pending() -> ColumnElement[bool]:
    """Proposals that wait for a second person. The condition of the partial index on them.

    As a value, the state would make SQLite plan the statement anew at each execution, to see
    whether the index may be taken: five times what reading a case takes.
    """
    return Proposal.state == states_in_words(("pending",))[0]


def owed_a_page() -> ColumnElement[bool]:
    """Public cases with a result that nobody refused to publish. The condition of the partial
    index on them, term by term.
    """
    return and_(
        Case.public_since.is_not(None),
        Case.state.in_(states_in_words(sorted(WITH_RESULT))),
        Case.not_published_reason.is_(None),
    )


def without_unit_index(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """The same condition, with the unit as an expression that no index is on."""
    return replaced(condition, "handling_unit_id", lambda unit: unit.op("+")(literal_column("0")))


def replaced(
    condition: ColumnElement[bool], name: str, by: Callable[[Any], ColumnElement[Any]]
) -> ColumnElement[bool]:
    """The same condition with something else for each column of a name."""

    def found(element: Any, **_options: Any) -> Any:
        is_it = isinstance(element, ColumnClause) and element.name == name
        return by(element) if is_it else None

    return replacement_traverse(condition, {}, found)


def listed_in(
    columns: Sequence[Column], ranges: str, conditions: Iterable[ColumnElement[bool]]
) -> Subquery:
    """Columns of listed cases whose public cell lies in the ranges given by ``range_values``."""
    return in_ranges(columns, Case.public_cell, ranges, (listed(), *conditions))


def in_ranges(
    columns: Sequence[Column],
    cell: InstrumentedAttribute[Any],
    ranges: str,
    conditions: Iterable[ColumnElement[bool]],
) -> Subquery:
    """Columns of rows whose cell lies in the ranges given by ``range_values``.

    One branch per range: SQLite looks into a partial index for a range, but not for OR of ranges.
    It is told that few rows lie in one, else it reads by state all that wait.
    """
    every = tuple(conditions)
    branches = (
        select(*columns).where(_Rare(_between(cell, ranges, number)), *every)
        for number in range(MAX_RANGES)
    )
    return union_all(*branches).subquery("found")


def by_cells(
    cell: InstrumentedAttribute[Any], ranges: str, conditions: Iterable[ColumnElement[bool]]
) -> Join:
    """The rows whose cell lies in the ranges given by ``range_values``, under some conditions.

    The ranges are rows too, and one search is planned instead of seven. The conditions are those
    of an index that ends with the cell: they are asked with it, range by range.
    """
    rows = _as_rows(ranges)
    here = and_(cell.between(rows.c.low, rows.c.high), *conditions)
    return _RangeByRange(rows, cell.class_.__table__, here)


@cache
def _as_rows(ranges: str) -> CTE:
    ends = [range_ends(ranges, number) for number in range(MAX_RANGES)]
    rows = values(column("low", BigInteger()), column("high", BigInteger())).data(ends)
    return rows.cte(f"{ranges}_asked")


def only_few(found: Subquery, most: int) -> tuple[CTE, Subquery]:
    """The rows, one more than ``most`` at most, and a row with their number, ``many``.

    To be joined so that no row leaves the database where they are too many to be shown.
    """
    few = select(found).limit(in_words(most + 1)).cte("few")
    return few, select(func.count().label("many")).select_from(few).subquery("counted")


def within(cell: InstrumentedAttribute[Any], ranges: str) -> ColumnElement[bool]:
    """Whether the cell lies in one of the ranges given by ``range_values``: for short tables."""
    return or_(*(_between(cell, ranges, number) for number in range(MAX_RANGES)))


def range_values(ranges: str, found: Sequence[tuple[int, int]]) -> dict[str, int]:
    """The values of the ranges, both ends included; places left over hold nothing."""
    padded = [*found, *[_NOTHING] * (MAX_RANGES - len(found))]
    ends = ((f"{ranges}_{end}{i}", each[end]) for i, each in enumerate(padded) for end in (0, 1))
    return dict(ends)


def _between(cell: InstrumentedAttribute[Any], ranges: str, number: int) -> ColumnElement[bool]:
    low, high = map(Unseen, range_ends(ranges, number))
    return cell.between(low, high)


def range_ends(ranges: str, number: int) -> tuple[BindParameter[int], BindParameter[int]]:
    """The ends of one of the ranges given by ``range_values``."""
    low, high = (bindparam(f"{ranges}_{end}{number}", type_=EightBytes()) for end in (0, 1))
    return low, high


class LeftFirst(Join):
    """A join with a table for which SQLite, which keeps no count of rows, begins at the left."""

    inherit_cache = True


@compiles(LeftFirst)
def _in_any_order(element: LeftFirst, compiler: SQLCompiler, **kw: Any) -> str:
    joined: str = compiler.visit_join(element, **kw)  # type: ignore[no-untyped-call]  # SQLAlchemy's
    return joined


@compiles(LeftFirst, "sqlite")
def _in_this_order(element: LeftFirst, compiler: SQLCompiler, **kw: Any) -> str:
    return " CROSS JOIN ".join(_in_any_order(element, compiler, **kw).rsplit(" JOIN ", 1))


class _RangeByRange(LeftFirst):
    """A join with a table in which PostgreSQL looks for each row of the left in turn.

    Left the choice, it may read all that the other conditions leave and compare the cells then.
    """

    inherit_cache = True


@compiles(_RangeByRange, "postgresql")
def _fenced(element: _RangeByRange, compiler: SQLCompiler, **kw: Any) -> str:
    kw["asfrom"] = True
    left, table = (compiler.process(each, **kw) for each in (element.left, element.right))
    if element.onclause is None:
        raise TypeError(element)
    here = compiler.process(element.onclause, **{**kw, "asfrom": False})
    inner = f"SELECT * FROM {table} WHERE {here} OFFSET 0"  # noqa: S608  # of the compiler
    return f"{left} CROSS JOIN LATERAL ({inner}) AS {table}"


class _Said(FunctionElement[bool]):
    """A condition that SQLite's planner, which keeps no count of rows, is told the chance of."""

    inherit_cache = True
    type = Boolean()
    _is_implicitly_boolean = True  # else "(…) = 1" hides the column from SQLite's planner
    likelihood: str


class _Rare(_Said):
    """A condition that holds for few rows."""

    inherit_cache = True
    likelihood = FEW


class Mostly(_Said):
    """A condition that holds for most rows that are looked at: there is nothing to begin with."""

    inherit_cache = True
    likelihood = "0.999"


@compiles(_Said)
def _as_it_is(element: _Said, compiler: SQLCompiler, **kw: Any) -> str:
    return str(compiler.process(next(iter(element.clauses)), **kw))


@compiles(_Said, "sqlite")
def _with_likelihood(element: _Said, compiler: SQLCompiler, **kw: Any) -> str:
    return f"likelihood({_as_it_is(element, compiler, **kw)}, {element.likelihood})"
