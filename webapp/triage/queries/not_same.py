"""What somebody said is not the same problem: pairs of records, whichever was named first."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from webapp.core.unit_of_work import session
from webapp.triage.models import NotSame

Key = tuple[str, int]


def pair(one: Key, other: Key) -> tuple[Key, Key]:
    """Two records in the order in which the pair is kept."""
    first, second = sorted((one, other))
    return first, second


def said_not_same(one: Key, others: Sequence[Key]) -> set[Key]:
    """Which of the others somebody said is another problem than this record."""
    if not others:
        return set()
    mine = NotSame.one_kind, NotSame.one_id
    theirs = NotSame.other_kind, NotSame.other_id
    query = select(*mine, *theirs).where(or_(_is(mine, one), _is(theirs, one)))
    found: set[Key] = set()
    for one_kind, one_id, other_kind, other_id in session().execute(query):
        found |= {(one_kind, one_id), (other_kind, other_id)}
    return found & set(others)


def kept_pair(one: Key, other: Key) -> NotSame | None:
    """The row of a pair."""
    first, second = pair(one, other)
    query = select(NotSame).where(
        _is((NotSame.one_kind, NotSame.one_id), first),
        _is((NotSame.other_kind, NotSame.other_id), second),
    )
    return session().scalar(query)


def _is(
    columns: tuple[InstrumentedAttribute[str], InstrumentedAttribute[int]], key: Key
) -> ColumnElement[bool]:
    kind, record_id = columns
    return and_(kind == key[0], record_id == key[1])
