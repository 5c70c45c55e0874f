"""The public map: clusters from counts, points when they are few, nothing but public points.

At most 500 features; more than that in a view is grouped more coarsely, never cut.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    Select,
    Subquery,
    bindparam,
    cast,
    func,
    select,
)

from geo.cells import CELL_ZOOM, ranges
from geo.clustering import LIVE_FROM_VIEW_ZOOM, MICRO, CellCount, Cluster, clusters, stored_zoom
from geo.geojson import feature_collection, point_feature
from geo.points import Bbox, Point
from geo.privacy import PUBLIC_DECIMALS
from webapp.cases import counts
from webapp.cases.indexed import Column, listed_in, plain, range_values
from webapp.cases.journal import PUBLIC_SCOPE, STATE_GROUPS
from webapp.cases.models import Case
from webapp.cases.public_filters import ANY_OPEN, PublicFilters, conditions
from webapp.cases.sentences import case_title
from webapp.core.unit_of_work import session
from webapp.directory.models import Unit

POINTS_FROM_ZOOM = 14
MAX_POINTS = 500
WIDEST_VIEW = 32  # tiles; a wider box at a near zoom is a far view in disguise
_POINT = (
    Case.code,
    Case.category,
    Case.state,
    Case.overdue,
    Case.public_lon,
    Case.public_lat,
)
_OPEN_GROUPS = ("open", *sorted(set(STATE_GROUPS.values()) - {"closed"}))


@dataclass(frozen=True)
class MapQuestion:
    """What a view asks for."""

    bbox: Bbox
    zoom: int
    filters: PublicFilters = field(default_factory=PublicFilters)

    @property
    def view_zoom(self) -> int:
        """The zoom, no nearer than the width of the box makes sense for."""
        box = self.bbox
        widest = max(box.east - box.west, 2 * (box.north - box.south))
        if widest * 2**self.zoom <= 360 * WIDEST_VIEW:
            return self.zoom
        return max(0, math.floor(math.log2(360 * WIDEST_VIEW / widest)))

    @property
    def from_counts(self) -> bool:
        """Whether the folded counts can answer, which know states as groups and nothing else."""
        asked = self.filters
        known = asked.state in {None, ANY_OPEN, "closed"}
        return known and not (asked.category or asked.first_day or asked.last_day)

    def snapped(self) -> "MapQuestion":
        """At cluster zooms days become whole months, so that few answers serve many readers."""
        if self.view_zoom >= POINTS_FROM_ZOOM:
            return self
        return replace(self, filters=self.filters.in_months())


def map_features(question: MapQuestion, language: str) -> dict[str, Any]:
    """The GeoJSON answer; at most 3 statements with the data version."""
    asked = question.snapped()
    if asked.view_zoom >= POINTS_FROM_ZOOM:
        rows = _points(asked)
        if len(rows) <= MAX_POINTS:
            return feature_collection(_point_features(rows, language))
    return feature_collection(map(_cluster_feature, _clusters(asked)))


def _points(asked: MapQuestion) -> list[Row[*tuple[Any, ...]]]:
    """The cases of the view, one more than may be shown when there are too many."""
    values = asked.filters.values()
    query = _points_query(tuple(values))
    return list(session().execute(query, values | _box_values(asked.bbox)))


@cache
def _points_query(filters: tuple[str, ...]) -> Select[*tuple[Any, ...]]:
    found = _found(filters, [*_POINT, Case.handling_unit_id])
    few = select(found).limit(MAX_POINTS + 1).subquery("few")
    columns: list[ColumnElement[Any]] = [few.c[column.key] for column in _POINT]
    return select(*columns, Unit.name, Unit.name_en).join(Unit, Unit.id == few.c.handling_unit_id)


def _clusters(asked: MapQuestion) -> list[Cluster]:
    zoom = asked.view_zoom
    if asked.from_counts and zoom < LIVE_FROM_VIEW_ZOOM:
        row_zoom = stored_zoom(zoom)
        rows = _counted(asked, row_zoom)
    else:
        row_zoom = min(zoom + 2, CELL_ZOOM)
        rows = _grouped_live(asked, row_zoom)
    return clusters(rows, row_zoom=row_zoom, bbox=asked.bbox, view_zoom=zoom)


def _counted(asked: MapQuestion, zoom: int) -> Iterable[CellCount]:
    groups = {None: (), ANY_OPEN: _OPEN_GROUPS, "closed": ("closed",)}[asked.filters.state]
    rows = counts.read(asked.bbox, zoom, scopes=(PUBLIC_SCOPE,), groups=groups)
    return _only_overdue(rows) if asked.filters.overdue else rows


def _only_overdue(rows: Iterable[CellCount]) -> Iterator[CellCount]:
    """Counts of the overdue alone, placed where all cases of their cell are."""
    for row in rows:
        share = row.n_overdue / row.n if row.n else 1
        x, y = round(row.sum_x * share), round(row.sum_y * share)
        yield CellCount(row.cell, row.n_overdue, row.n_overdue, x, y)


def _grouped_live(asked: MapQuestion, zoom: int) -> list[CellCount]:
    values = asked.filters.values()
    given = values | _box_values(asked.bbox) | {"shift": 2 * (CELL_ZOOM - zoom)}
    rows = session().execute(_groups_query(tuple(values)), given)
    return [CellCount(*tuple(row)) for row in rows]


@cache
def _groups_query(filters: tuple[str, ...]) -> Select[*tuple[Any, ...]]:
    tile = Case.public_cell.op(">>", return_type=BigInteger())(plain("shift")).label("tile")
    found = _found(filters, [tile, Case.overdue, Case.public_lon, Case.public_lat]).c
    columns: list[ColumnElement[Any]] = [
        found.tile,
        func.count(),
        func.count().filter(found.overdue),
        cast(func.sum(found.public_lon * MICRO), BigInteger),
        cast(func.sum(found.public_lat * MICRO), BigInteger),
    ]
    return select(*columns).group_by(found.tile)


def _found(filters: Iterable[str], columns: Sequence[Column]) -> Subquery:
    in_box = (
        Case.public_lon.between(bindparam("west"), bindparam("east")),
        Case.public_lat.between(bindparam("south"), bindparam("north")),
    )
    return listed_in(columns, "cells", (*in_box, *conditions(filters)))


def _box_values(box: Bbox) -> dict[str, Any]:
    sides = {"west": box.west, "south": box.south, "east": box.east, "north": box.north}
    return sides | range_values("cells", ranges(box, CELL_ZOOM))


def _point_features(
    rows: Iterable[Row[*tuple[Any, ...]]], language: str
) -> Iterator[dict[str, Any]]:
    for code, category_code, state, overdue, lon, lat, unit, unit_en in rows:
        properties = {
            "cluster": False,
            "case_code": code,
            "category": category_code,
            "state": state,
            "overdue": overdue,
            "title": case_title(category_code, unit_en if language == "en" else unit, language),
        }
        yield point_feature(Point(lon, lat), properties)


def _cluster_feature(found: Cluster) -> dict[str, Any]:
    box = found.bbox
    properties = {
        "cluster": True,
        "count": found.count,
        "overdue": found.overdue,
        "bbox": [_shown(each) for each in (box.west, box.south, box.east, box.north)],
    }
    return point_feature(Point(_shown(found.lon), _shown(found.lat)), properties)


def _shown(degrees: float) -> float:
    return round(degrees, PUBLIC_DECIMALS)
