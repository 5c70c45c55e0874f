"""What somebody said is not the same problem: pairs of records, whichever was named first."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, String, and_, bindparam, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from webapp.core.base import EightBytes
from webapp.core.prepared import Prepared
from webapp.core.unit_of_work import session
from webapp.triage.models import NotSame

Key = tuple[str, int]
KIND, RECORD = "kind", "record"
"""The names under which ``not_said`` is given the record."""


def pair(one: Key, other: Key) -> tuple[Key, Key]:
    """Two records in the order in which the pair is kept."""
    first, second = sorted((one, other))
    return first, second


def said_not_same(one: Key, others: Sequence[Key]) -> set[Key]:
    """Which of the others somebody said is another problem than this record."""
    if not others:
        return set()
    found: set[Key] = set()
    rows = _pairs_query().rows({KIND: one[0], RECORD: one[1]})
    for one_kind, one_id, other_kind, other_id in rows:
        found |= {(one_kind, one_id), (other_kind, other_id)}
    return found & set(others)


def not_said(kind: str, record_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """That nobody said so of a row and the record that is given at execution."""
    mine, theirs = (NotSame.one_kind, NotSame.one_id), (NotSame.other_kind, NotSame.other_id)
    row: Any = (kind, record_id)
    return and_(
        ~exists().where(_is(mine, _GIVEN), _is(theirs, row)),
        ~exists().where(_is(mine, row), _is(theirs, _GIVEN)),
    )


_GIVEN: Any = bindparam(KIND, type_=String()), bindparam(RECORD, type_=EightBytes())


@cache
def _pairs_query() -> Prepared:
    mine, theirs = (NotSame.one_kind, NotSame.one_id), (NotSame.other_kind, NotSame.other_id)
    both: tuple[Any, ...] = (*mine, *theirs)
    return Prepared(select(*both).where(or_(_is(mine, _GIVEN), _is(theirs, _GIVEN))))


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
