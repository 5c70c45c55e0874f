"""The public map: clusters from counts, points when they are few, nothing but public points.

At most 500 features; more than that in a view is grouped more coarsely, never cut. Days ask for
the day a case became public: the day of a first report may be known only to the month.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Row, Subquery, cast, func, select

from geo.cells import CELL_ZOOM, ranges
from geo.clustering import LIVE_FROM_VIEW_ZOOM, MICRO, CellCount, Cluster, clusters, stored_zoom
from geo.geojson import feature_collection, point_feature
from geo.points import Bbox, Point
from geo.privacy import PUBLIC_DECIMALS
from webapp.cases import counts
from webapp.cases.categories import codes_within
from webapp.cases.indexed import Column, listed_in, plain
from webapp.cases.journal import PUBLIC_SCOPE, STATE_GROUPS
from webapp.cases.models import Case
from webapp.cases.sentences import case_title
from webapp.cases.workflow import LISTED, OPEN
from webapp.core import clock
from webapp.core.unit_of_work import session
from webapp.directory.models import Unit

POINTS_FROM_ZOOM = 14
MAX_POINTS = 500
WIDEST_VIEW = 32  # tiles; a wider box at a near zoom is a far view in disguise
ANY_OPEN = "open"
STATES = (ANY_OPEN, *sorted(LISTED))
"""What ``state`` may ask for: any open state together, or one state."""

_OPEN_GROUPS = ("open", *sorted(set(STATE_GROUPS.values()) - {"closed"}))


@dataclass(frozen=True)
class MapQuestion:
    """What a view asks for. ``state`` is one of STATES, days are local, both included."""

    bbox: Bbox
    zoom: int
    category: str | None = None
    state: str | None = None
    first_day: date | None = None
    last_day: date | None = None
    overdue: bool = False

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
        known = self.state in {None, ANY_OPEN, "closed"}
        return known and not (self.category or self.first_day or self.last_day)

    def snapped(self) -> "MapQuestion":
        """At cluster zooms whole months: the first one's first day to the last one's last."""
        if self.view_zoom >= POINTS_FROM_ZOOM:
            return self
        first, last = self.first_day, self.last_day
        return replace(
            self,
            first_day=first and first.replace(day=1),
            last_day=last and _month_end(last),
        )


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
    found = _found(
        asked,
        Case.code,
        Case.category,
        Case.state,
        Case.overdue,
        Case.public_lon,
        Case.public_lat,
        Case.handling_unit_id,
    )
    few = select(found).limit(MAX_POINTS + 1).subquery("few")
    names = (Unit.name, Unit.name_en)
    columns = [column for column in few.c if column.name != "handling_unit_id"]
    query = select(*columns, *names).join(Unit, Unit.id == few.c.handling_unit_id)
    return list(session().execute(query))


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
    groups = {None: (), ANY_OPEN: _OPEN_GROUPS, "closed": ("closed",)}[asked.state]
    rows = counts.read(asked.bbox, zoom, scope=PUBLIC_SCOPE, groups=groups)
    return _only_overdue(rows) if asked.overdue else rows


def _only_overdue(rows: Iterable[CellCount]) -> Iterator[CellCount]:
    """Counts of the overdue alone, placed where all cases of their cell are."""
    for row in rows:
        share = row.n_overdue / row.n if row.n else 1
        x, y = round(row.sum_x * share), round(row.sum_y * share)
        yield CellCount(row.cell, row.n_overdue, row.n_overdue, x, y)


def _grouped_live(asked: MapQuestion, zoom: int) -> list[CellCount]:
    shift = plain(2 * (CELL_ZOOM - zoom))
    tile = Case.public_cell.op(">>", return_type=BigInteger())(shift).label("tile")
    found = _found(asked, tile, Case.overdue, Case.public_lon, Case.public_lat).c
    query = select(
        found.tile,
        func.count(),
        func.count().filter(found.overdue),
        cast(func.sum(found.public_lon * MICRO), BigInteger),
        cast(func.sum(found.public_lat * MICRO), BigInteger),
    )
    return [CellCount(*row) for row in session().execute(query.group_by(found.tile))]


def _found(asked: MapQuestion, *columns: Column) -> Subquery:
    box = asked.bbox
    return listed_in(
        columns,
        ranges(box, CELL_ZOOM),
        Case.public_lon.between(box.west, box.east),
        Case.public_lat.between(box.south, box.north),
        *_filters(asked),
    )


def _filters(asked: MapQuestion) -> Iterator[ColumnElement[bool]]:
    if asked.category:
        yield Case.category.in_(sorted(codes_within(asked.category)))
    if asked.state == ANY_OPEN:
        yield Case.state.in_(sorted(OPEN))
    elif asked.state:
        yield Case.state == asked.state
    if asked.first_day:
        yield Case.public_since >= _midnight(asked.first_day)
    if asked.last_day:
        yield Case.public_since < _midnight(asked.last_day + timedelta(days=1))
    if asked.overdue:
        yield Case.overdue.is_(True)


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


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.LOCAL)


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
