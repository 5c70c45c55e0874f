"""The timeline of a case as pages read it: of each line the columns that are shown."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Select, and_, bindparam, or_, select

from webapp.cases.models import Case, TimelineLine
from webapp.core import clock
from webapp.core.base import UtcDateTime
from webapp.core.conditions import one_of_found
from webapp.core.prepared import Prepared
from webapp.directory.models import Organisation
from webapp.directory.names import NamedBody


class StaffLine(NamedTuple):
    """One step of a case as staff read it."""

    at: datetime
    voice: str
    public_line: str | None
    organisation: NamedBody | None
    transition: str
    note: str | None


class PublicStep(NamedTuple):
    """One public line of a case, at its very moment: public pages tell the day."""

    at: datetime
    voice: str
    public_line: str
    organisation: NamedBody | None


def timeline(case_id: int) -> list[StaffLine]:
    """Every line of a case and of those merged into it, oldest first."""
    rows = _timeline_query().rows({"case": case_id})
    return [
        StaffLine(at, voice, words, _body(body), transition, note)
        for at, voice, words, transition, note, *body in rows
    ]


def public_lines(case_id: int) -> list[PublicStep]:
    """The public lines of a case whose step can no longer be undone, oldest first.

    With those of public cases merged into it: what could be read before a merge can be read after
    it. That they were merged is their own address's news.
    """
    values = {"case": case_id, "now": clock.now()}
    rows = _public_lines_query().rows(values)
    return [PublicStep(at, voice, words, _body(body)) for at, voice, words, *body in rows]


def _body(columns: Sequence[Any]) -> NamedBody | None:
    return NamedBody(*columns) if columns[0] is not None else None


_ID: Any = bindparam("case", type_=BigInteger())
_CASE: Any = Case.__table__
_LINE: Any = TimelineLine.__table__
_BODY: Any = Organisation.__table__
_TOLD = (_LINE.c.at, _LINE.c.voice, _LINE.c.public_line)
_SPEAKER = (_BODY.c.id, _BODY.c.name, _BODY.c.name_en)
_WITH_SPEAKER: Any = _LINE.outerjoin(_BODY, _BODY.c.id == _LINE.c.organisation_id)


@cache
def _timeline_query() -> Prepared:
    return Prepared(
        select(*_TOLD, _LINE.c.transition, _LINE.c.note, *_SPEAKER)
        .select_from(_WITH_SPEAKER)
        .where(one_of_found(_LINE.c.case_id, _with_merged()))
        .order_by(_LINE.c.id)
    )


@cache
def _public_lines_query() -> Prepared:
    merged = and_(_CASE.c.public_since.is_not(None), _LINE.c.transition != "merge_into")
    return Prepared(
        select(*_TOLD, *_SPEAKER)
        .select_from(_WITH_SPEAKER.join(_CASE, _CASE.c.id == _LINE.c.case_id))
        .where(
            one_of_found(_LINE.c.case_id, _with_merged()),
            or_(_LINE.c.case_id == _ID, merged),
            _LINE.c.public_line.is_not(None),
            _LINE.c.visible_from <= bindparam("now", type_=UtcDateTime()),
        )
        .order_by(_LINE.c.at, _LINE.c.id)
    )


def _with_merged() -> Select[Any]:
    """The ids of a case and of every case that went into it, however many merges ago."""
    found = select(_CASE.c.id).where(_CASE.c.id == _ID).cte("merged", recursive=True)
    more = select(_CASE.c.id).join_from(_CASE, found, _CASE.c.merged_into_id == found.c.id)
    return select(found.union(more).c.id)
