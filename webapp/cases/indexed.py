"""Conditions written so that the planners of both databases use the indexes made for them.

PostgreSQL and SQLite use a partial index only where they can see, in the statement itself, that
its condition holds; and a range of cells that hides behind a parameter got a scan of the whole
table (speed.md, trap 1). So states and cells stand in the statement as plain numbers and words.
Statements are built once with places for MAX_RANGES ranges: building takes longer than running.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Subquery,
    and_,
    bindparam,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute

from geo.cells import MAX_RANGES
from webapp.cases.models import Case
from webapp.cases.workflow import ENDED, LISTED, WITH_OFFICE
from webapp.core.conditions import states_in_words

Column = ColumnElement[Any] | InstrumentedAttribute[Any]
_NOTHING = (1, 0)


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


def listed_in(
    columns: Sequence[Column], ranges: str, conditions: Iterable[ColumnElement[bool]]
) -> Subquery:
    """Columns of listed cases whose public cell lies in the ranges given by ``range_values``.

    One branch per range: SQLite looks into a partial index for a range, but not for OR of ranges.
    """
    every = (listed(), *conditions)
    branches = (
        select(*columns).where(_between(Case.public_cell, ranges, number), *every)
        for number in range(MAX_RANGES)
    )
    return union_all(*branches).subquery("found")


def within(column: InstrumentedAttribute[int], ranges: str) -> ColumnElement[bool]:
    """Whether the cell lies in one of the ranges given by ``range_values``."""
    return or_(*(_between(column, ranges, number) for number in range(MAX_RANGES)))


def range_values(ranges: str, found: Sequence[tuple[int, int]]) -> dict[str, int]:
    """The values of the ranges, both ends included; places left over hold nothing."""
    padded = [*found, *[_NOTHING] * (MAX_RANGES - len(found))]
    ends = ((f"{ranges}_{end}{i}", each[end]) for i, each in enumerate(padded) for end in (0, 1))
    return dict(ends)


def plain(name: str) -> BindParameter[int]:
    """A number, given at execution, that stands in the statement itself."""
    return bindparam(name, type_=BigInteger(), literal_execute=True)


def _between(
    column: InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
    ranges: str,
    number: int,
) -> ColumnElement[bool]:
    return column.between(plain(f"{ranges}_0{number}"), plain(f"{ranges}_1{number}"))
