"""Conditions written so that the planners of both databases use the indexes made for them.

PostgreSQL and SQLite use a partial index only where they can see, in the statement itself, that
its condition holds; and a range of cells that hides behind a parameter got a scan of the whole
table (speed.md, trap 1). So states and cells stand in the statement as plain numbers and words.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
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

from webapp.cases.models import Case
from webapp.cases.workflow import LISTED

Column = ColumnElement[Any] | InstrumentedAttribute[Any]


def listed() -> ColumnElement[bool]:
    """Cases that maps, lists and figures show: public, and neither dismissed, merged nor handed
    over. The condition of the partial indexes on public cases, term by term.
    """
    states: BindParameter[list[str]] = bindparam(
        None, sorted(LISTED), expanding=True, literal_execute=True
    )
    return and_(Case.public_since.is_not(None), Case.state.in_(states))


def listed_in(
    columns: Sequence[Column],
    ranges: Iterable[tuple[int, int]],
    *conditions: ColumnElement[bool],
) -> Subquery:
    """Columns of listed cases whose public cell lies in one of the ranges, ends included.

    One branch per range: SQLite looks into a partial index for a range, but not for OR of ranges.
    """
    branches = (
        select(*columns).where(
            listed(), Case.public_cell.between(plain(low), plain(high)), *conditions
        )
        for low, high in ranges
    )
    return union_all(*branches).subquery("found")


def within(
    column: InstrumentedAttribute[int], ranges: Iterable[tuple[int, int]]
) -> ColumnElement[bool]:
    """Whether the cell lies in one of the ranges, both ends included."""
    return or_(*(column.between(plain(low), plain(high)) for low, high in ranges))


def plain(number: int) -> ColumnElement[int]:
    """A number that stands in the statement itself."""
    return bindparam(None, number, literal_execute=True)
