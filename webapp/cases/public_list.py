"""The list of public cases, the newest first: filtered, searched by words, page after page."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
    tuple_,
)

from webapp.cases.indexed import listed
from webapp.cases.models import Case
from webapp.cases.public_filters import PublicFilters, conditions
from webapp.cases.word_search import (
    FAR,
    Searched,
    Shape,
    Way,
    along,
    gathered,
    having,
    matching,
    searched,
)
from webapp.core import clock
from webapp.core.base import UtcDateTime
from webapp.core.conditions import in_words
from webapp.core.errors import NotFound
from webapp.core.prepared import Prepared
from webapp.directory.models import Unit
from webapp.web.paging import Page

PAGE = 20
MAX_WORDS = 100


@dataclass(frozen=True)
class ListQuestion:
    """What a list asks for; ``after`` is the code of the last case of the page before."""

    filters: PublicFilters = field(default_factory=PublicFilters)
    after: str | None = None


class ListedCase(NamedTuple):
    """One case of a list."""

    since: date
    code: str
    category: str
    state: str
    overdue: bool
    place: str | None
    unit_name: str
    unit_name_en: str


def listed_cases(asked: ListQuestion, limit: int = PAGE) -> Page[ListedCase]:
    """Listed cases, the newest public one first. The cursor is the last case's code.

    Raises NotFound when ``after`` is no listed case.
    """
    place = _place_of(asked.after) if asked.after else {}
    found = _found(asked.filters.words, asked.filters.values() | place, limit + 1)
    rows = [ListedCase(clock.local(since).date(), *others) for since, *others in found]
    more = len(rows) > limit
    return Page(rows[:limit], rows[limit - 1].code if more else None)


def _found(words: str, given: dict[str, Any], size: int) -> Sequence[Sequence[Any]]:
    """The first rows of the list under filters, whose values are given."""
    search = searched(words)
    rows = _rows(search, given, size)
    if search.shape.way is not Way.WALK_A_WHILE:
        return rows
    if rows and rows[-1][0] > FAR:
        return _rows(gathered(words), given, size)
    return [row for _step, *row in rows]


def _rows(search: Searched, given: dict[str, Any], size: int) -> Sequence[Sequence[Any]]:
    return _list(frozenset(given), search.shape, size).rows(given | search.values)


@lru_cache(maxsize=64)
def _list(names: frozenset[str], shape: Shape, size: int) -> Prepared:
    """Built once for the same filters: building takes longer than running.

    The columns are the fields of ``ListedCase`` in their order, the day as its moment. Conditions
    that are set have their values in ``names``.
    """
    every = (listed(), *_narrowed(names))
    if shape.way is Way.WALK_A_WHILE:
        return Prepared(_walked(every, shape, size))
    if shape.way is Way.INDEX:
        return Prepared(_gathered(every, size))
    return Prepared(
        select(*_SHOWN, *_NAMES)
        .join(Unit, Unit.id == Case.handling_unit_id)
        .where(*every, *having(shape))
        .order_by(*_newest(Case))
        .limit(in_words(size))
    )


_SHOWN = (
    Case.public_since,
    Case.code,
    Case.category,
    Case.state,
    Case.overdue,
    Case.public_place,
)
_NAMES = (Unit.name, Unit.name_en)
_KEYS = (Case.id, Case.handling_unit_id)


def _newest(source: Any) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    return source.public_since.desc(), source.id.desc()


def _narrowed(names: frozenset[str]) -> Iterator[ColumnElement[bool]]:
    place = {"last_since", "last_id"}
    yield from conditions(sorted(names - place))
    if names & place:
        yield tuple_(Case.public_since, Case.id) < tuple_(*_LAST)


def _gathered(every: Iterable[ColumnElement[bool]], size: int) -> Select[*tuple[Any, ...]]:
    """All that the index of words has, put in order."""
    found = select(*_SHOWN, *_KEYS).where(*every, matching()).cte("found")
    first = select(found.prefix_with("MATERIALIZED"))
    return _with_names(first.order_by(*_newest(found.c)).limit(in_words(size)))


def _walked(
    every: Iterable[ColumnElement[bool]], shape: Shape, size: int
) -> Select[*tuple[Any, ...]]:
    """The rows after their number along the list, none beyond FAR.

    Where FAR cases did not do, the last row is the next case, whatever its words.
    """
    step = func.row_number().over(order_by=_newest(Case)).label("step")
    way = select(step, *_SHOWN, *_KEYS, Case.search_text).where(*every)
    near = way.order_by(*_newest(Case)).limit(in_words(FAR + 1)).subquery("near").c
    ended = near.step > in_words(FAR)
    found = select(near.step, *(near[each.key] for each in (*_SHOWN, *_KEYS))).where(
        or_(and_(*along(shape, near.search_text)), ended)
    )
    return _with_names(found.order_by(*_newest(near)).limit(in_words(size)))


def _with_names(first: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """The rows of a page with the names of their units."""
    rows = first.subquery("first").c
    shown = (each for each in rows if each.key not in {key.key for key in _KEYS})
    named = select(*shown, *_NAMES).join(Unit, Unit.id == rows.handling_unit_id)
    return named.order_by(*_newest(rows))


_LAST = (bindparam("last_since", type_=UtcDateTime()), bindparam("last_id", type_=BigInteger()))


def _place_of(code: str) -> dict[str, Any]:
    """Where the case with this code stands in the order.

    Pages go on by code: the moment a case became public is told by day only.
    """
    for since, last_id in _place().rows({"code": code}):
        return {"last_since": since, "last_id": last_id}
    raise NotFound


@cache
def _place() -> Prepared:
    by_code = Case.code == bindparam("code")
    return Prepared(select(Case.public_since, Case.id).where(by_code, listed()))
