"""What somebody said is not the same problem: pairs of records, whichever was named first."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, String, and_, bindparam, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from webapp.core.prepared import Prepared
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
    found: set[Key] = set()
    rows = _pairs_query().rows({"kind": one[0], "record": one[1]})
    for one_kind, one_id, other_kind, other_id in rows:
        found |= {(one_kind, one_id), (other_kind, other_id)}
    return found & set(others)


@cache
def _pairs_query() -> Prepared:
    mine, theirs = (NotSame.one_kind, NotSame.one_id), (NotSame.other_kind, NotSame.other_id)
    asked: Any = bindparam("kind", type_=String()), bindparam("record", type_=BigInteger())
    both: tuple[Any, ...] = (*mine, *theirs)
    return Prepared(select(*both).where(or_(_is(mine, asked), _is(theirs, asked))))


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
