"""Which public cases are asked for: one filter for every interface.

Days are local days, and the day of a case is the one it became public.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, select

from geo.points import Bbox, Point
from webapp.cases.categories import codes_within
from webapp.cases.indexed import listed
from webapp.cases.models import Case, CasePhoto
from webapp.cases.near import in_circle
from webapp.core import clock
from webapp.core.errors import NotFound
from webapp.media.models import Photo
from webapp.outcomes.models import Outcome
from webapp.outcomes.queries import kept_off_pages
from webapp.outcomes.workflow import PUBLIC


@dataclass(frozen=True)
class CaseFilter:
    """Which public cases; an empty part asks for nothing. Days are inclusive.

    ``circle`` is its middle and so many metres, ``bbox`` a box; both ask for the public point.
    """

    codes: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    unit_ids: frozenset[int] = frozenset()
    organisation_ids: frozenset[int] = frozenset()
    first_day: date | None = None
    last_day: date | None = None
    bbox: Bbox | None = None
    circle: tuple[Point, int] | None = None
    with_photos: bool = False


@dataclass(frozen=True)
class Slice:
    """Which part of a list: after a row (keyset) or from an offset, at most so many."""

    limit: int
    after_id: int | None = None
    offset: int = 0
    newest_first: bool = False


def case_conditions(asked: CaseFilter) -> list[ColumnElement[bool]]:
    """The filter as conditions on Case, with that a case is listed at all."""
    found: list[ColumnElement[bool]] = [listed(), Case.category.not_in(kept_off_pages())]
    if asked.codes:
        found.append(Case.code.in_(sorted(asked.codes)))
    if asked.categories:
        found.append(Case.category.in_(sorted(asked.categories)))
    if asked.states:
        found.append(Case.state.in_(sorted(asked.states)))
    if asked.unit_ids:
        found.append(Case.handling_unit_id.in_(sorted(asked.unit_ids)))
    if asked.organisation_ids:
        found.append(_of_organisations(sorted(asked.organisation_ids)))
    found += _at_place(asked)
    if asked.with_photos:
        found.append(_has_photo())
    return found + between(Case.public_since, asked.first_day, asked.last_day)


def _of_organisations(ids: list[int]) -> ColumnElement[bool]:
    return Case.owner_id.in_(ids) | Case.office_id.in_(ids) | Case.addressee_id.in_(ids)


def _at_place(asked: CaseFilter) -> list[ColumnElement[bool]]:
    circle = in_circle(*asked.circle) if asked.circle else []
    return circle + (_in_box(asked.bbox) if asked.bbox else [])


def _in_box(bbox: Bbox) -> list[ColumnElement[bool]]:
    return [
        Case.public_lon.between(bbox.west, bbox.east),
        Case.public_lat.between(bbox.south, bbox.north),
    ]


def between(column: Any, first: date | None, last: date | None) -> list[ColumnElement[bool]]:
    """Conditions that a column of instants lies in these local days."""
    found: list[ColumnElement[bool]] = []
    if first is not None:
        found.append(column >= _midnight(first))
    if last is not None and last < date.max:
        found.append(column < _midnight(last + timedelta(days=1)))
    return found


def _midnight(day: date) -> datetime:
    # Years at the ends of the calendar have no instant in UTC.
    bounded = min(max(day, date(1900, 1, 1)), date(2200, 1, 1))
    return datetime.combine(bounded, time(), tzinfo=clock.LOCAL)


def _has_photo() -> ColumnElement[bool]:
    link = select(CasePhoto.id).join(Photo, Photo.id == CasePhoto.photo_id)
    page = select(Outcome.id).where(Outcome.case_id == Case.id, Outcome.state.in_(sorted(PUBLIC)))
    approved = link.where(CasePhoto.case_id == Case.id, Photo.state == "approved")
    return exists(page) & exists(approved)


def categories_within(codes: Iterable[str]) -> frozenset[str]:
    """These categories with all below them. Raises UnknownCategory."""
    return frozenset().union(*(codes_within(code) for code in codes))


def local_day(instant: datetime | None) -> date:
    """The local day of an instant that a public row always has. Raises NotFound without one."""
    if instant is None:
        raise NotFound
    return clock.local(instant).date()
