"""Public cases that may be the very matter somebody is about to report.

Only the public point is asked: at exact points a patient client could find a home by moving about.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, select

from geo.cells import CELL_ZOOM, ranges
from geo.points import METRES_PER_DEGREE, Point, box_around, distance_m, shown_distance_m
from webapp.cases.categories import category, codes_within
from webapp.cases.indexed import listed, listed_in, range_values
from webapp.cases.models import Case, CasePhoto, TimelineLine
from webapp.cases.workflow import OPEN
from webapp.core import clock
from webapp.core.unit_of_work import session
from webapp.directory.models import Unit
from webapp.media.models import Photo

LIMIT = 5
_MOST = 200  # candidates looked at; a square of a few hundred metres holds fewer
_HALF_DIAGONAL = 0.71


@dataclass(frozen=True)
class NearCase:
    """A public case near by; ``distance_m`` in steps of 50 from its public point.

    None where it was asked for by commune.
    ``precision_m`` is the side of the square that the point stands for, ``day`` its first report,
    ``photo`` the uid of an approved photo.
    """

    id: int
    code: str
    category: str
    state: str
    overdue: bool
    unit: Unit
    distance_m: int | None
    precision_m: int
    day: date
    photo: str | None


def near_public_cases(point: Point, code: str) -> list[NearCase]:
    """Open public cases of the same matter near a point, nearest first, at most five.

    How near and how long after its last public step the category of the case says; a case counts
    as near as far as its square reaches. Secret categories are never offered. Raises
    UnknownCategory.
    """
    found = [(case, _steps(point, case)) for case in _around(point, _matter(code))]
    near = [pair for pair in found if _within(*pair)]
    near.sort(key=lambda pair: (pair[1], pair[0].code))
    return _fresh(near)


def in_circle(point: Point, metres: float) -> list[ColumnElement[bool]]:
    """That a case's public point lies within so many metres, for a circle of a few tens of km.

    On a plane that touches the earth at the point: off by less than a public square is wide.
    """
    box = box_around(point, metres)
    east = (Case.public_lon - point.lon) * math.cos(math.radians(point.lat))
    north = Case.public_lat - point.lat
    return [
        Case.public_lon.between(box.west, box.east),
        Case.public_lat.between(box.south, box.north),
        east * east + north * north <= (metres / METRES_PER_DEGREE) ** 2,
    ]


def public_cases_of(unit_id: int, code: str) -> list[NearCase]:
    """The same for who named a commune and no point: the newest of the commune, at most five."""
    codes = _matter(code)
    query = (
        select(Case)
        .where(
            listed(),
            Case.handling_unit_id == unit_id,
            Case.state.in_(sorted(OPEN)),
            Case.category.in_(codes),
            Case.secret.is_(False),
        )
        .order_by(Case.public_since.desc(), Case.id.desc())
        .limit(_MOST)
    )
    return _fresh([(case, None) for case in session().scalars(query)] if codes else [])


def _fresh(found: Sequence[tuple[Case, int | None]]) -> list[NearCase]:
    lines = _last_lines([case.id for case, _metres in found])
    fresh = [pair for pair in found if _is_fresh(pair[0], lines.get(pair[0].id))][:LIMIT]
    photos = _photos([case.id for case, _metres in fresh])
    return [_near(case, metres, photos.get(case.id)) for case, metres in fresh]


def _matter(code: str) -> list[str]:
    """A finer choice stands for its category; what is unsure or only a picture for all below it."""
    node = category(code)
    main = node.parent if node.depth == 2 and node.parent else node.code
    return sorted(each for each in codes_within(main) if not _kept_apart(each))


def _kept_apart(code: str) -> bool:
    node = category(code)
    return node.secret or node.public_never


@cache
def _reach(codes: tuple[str, ...]) -> float:
    nodes = [category(code) for code in codes]
    return max((node.near_m + node.precision_m * _HALF_DIAGONAL for node in nodes), default=0)


def _around(point: Point, codes: list[str]) -> Sequence[Case]:
    if not codes:
        return []
    box = box_around(point, _reach(tuple(codes)))
    values: dict[str, Any] = {
        **range_values("cells", ranges(box, CELL_ZOOM)),
        **{"west": box.west, "east": box.east, "south": box.south, "north": box.north},
        "codes": codes,
        "open": sorted(OPEN),
    }
    return session().scalars(_query(), values).all()


@cache
def _query() -> Select[Case]:
    conditions = (
        Case.public_lon.between(bindparam("west"), bindparam("east")),
        Case.public_lat.between(bindparam("south"), bindparam("north")),
        Case.state.in_(bindparam("open", expanding=True)),
        Case.category.in_(bindparam("codes", expanding=True)),
        Case.secret.is_(False),
    )
    found = listed_in([Case.id], "cells", (and_(*conditions),))
    few = select(found.c.id).order_by(found.c.id.desc()).limit(_MOST)
    return select(Case).where(Case.id.in_(few.scalar_subquery()))


def _steps(point: Point, case: Case) -> int:
    if case.public_lon is None or case.public_lat is None:
        raise AssertionError("a public cell without a public point")
    metres = distance_m(point, Point(case.public_lon, case.public_lat))
    return shown_distance_m(metres)


def _within(case: Case, metres: int) -> bool:
    return metres <= category(case.category).near_m + case.precision_m * _HALF_DIAGONAL


def _is_fresh(case: Case, last: datetime | None) -> bool:
    since = max(filter(None, (case.public_since, last)))
    return since >= clock.now() - timedelta(days=category(case.category).near_days)


def _last_lines(case_ids: list[int]) -> dict[int, datetime]:
    query = (
        select(TimelineLine.case_id, func.max(TimelineLine.visible_from))
        .where(
            TimelineLine.case_id.in_(case_ids),
            TimelineLine.public_line.is_not(None),
            TimelineLine.visible_from <= clock.now(),
        )
        .group_by(TimelineLine.case_id)
    )
    return {case_id: at for case_id, at in session().execute(query)}


def _photos(case_ids: list[int]) -> dict[int, str]:
    """An approved photo of each, the first one."""
    query = (
        select(CasePhoto.case_id, Photo.uid)
        .join(Photo, Photo.id == CasePhoto.photo_id)
        .where(CasePhoto.case_id.in_(case_ids), Photo.state == "approved")
        .order_by(CasePhoto.id.desc())
    )
    return {case_id: uid for case_id, uid in session().execute(query)}


def _near(case: Case, metres: int | None, photo: str | None) -> NearCase:
    return NearCase(
        id=case.id,
        code=case.code,
        category=case.category,
        state=case.state,
        overdue=case.overdue,
        unit=case.handling_unit,
        distance_m=metres,
        precision_m=case.precision_m,
        day=clock.local(case.first_reported_at).date(),
        photo=photo,
    )
