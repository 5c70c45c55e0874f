"""Conditions written so that the planners of both databases use the indexes made for them.

PostgreSQL and SQLite use a partial index only where they can see, in the statement itself, that
its condition holds; and a range of cells that hides behind a parameter got a scan of the whole
table (speed.md, trap 1). So states and cells stand in the statement as plain numbers and words.
"""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, bindparam, or_
from sqlalchemy.orm import InstrumentedAttribute

from webapp.cases.models import Case
from webapp.cases.workflow import LISTED

CellColumn = InstrumentedAttribute[int] | InstrumentedAttribute[int | None]


def listed() -> ColumnElement[bool]:
    """Cases that maps, lists and figures show: public, and neither dismissed, merged nor handed
    over. The condition of the partial indexes on public cases, term by term.
    """
    states = bindparam(None, sorted(LISTED), expanding=True, literal_execute=True)
    return and_(Case.public_since.is_not(None), Case.state.in_(states))


def within(column: CellColumn, ranges: Iterable[tuple[int, int]]) -> ColumnElement[bool]:
    """Whether the cell lies in one of the ranges, both ends included."""
    return or_(*(column.between(_plain(low), _plain(high)) for low, high in ranges))


def _plain(number: int) -> ColumnElement[int]:
    return bindparam(None, number, literal_execute=True)
