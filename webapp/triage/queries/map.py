"""The staff map: what the queue holds in a box, as points or, when there are many, as clusters."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, case, cast, func, literal, or_, select

from geo.cells import CELL_ZOOM, ranges
from geo.clustering import MICRO, CellCount, Cluster, clusters
from geo.points import Bbox
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.unit_of_work import session
from webapp.triage.filters import QueueFilters
from webapp.triage.queries.queue import source_of

MAX_POINTS = 1_000
POINTS_FROM_ZOOM = 14


@dataclass(frozen=True)
class MapPoint:
    """One report or case at its exact place: for staff only."""

    code: str
    category: str
    state: str
    overdue: bool
    lon: float
    lat: float


def staff_map(
    actor: Actor, filters: QueueFilters, *, bbox: Bbox, zoom: int
) -> list[MapPoint] | list[Cluster]:
    """Points when there are few enough to tell apart, else clusters; nothing is cut."""
    source = source_of(actor, filters)
    model = source.model
    inside = and_(source.condition, model.cell.is_not(None), in_box(model, bbox))
    if zoom >= POINTS_FROM_ZOOM:
        points = _points(model, inside)
        if len(points) <= MAX_POINTS:
            return points
    return _clusters(model, inside, bbox, zoom)


def in_box(model: Any, bbox: Bbox) -> ColumnElement[bool]:
    """Whether the exact place lies in the box; the cell index narrows it first."""
    spans = ranges(bbox, CELL_ZOOM)
    near = or_(*(model.cell.between(low, high) for low, high in spans))
    exact = and_(model.lon.between(bbox.west, bbox.east), model.lat.between(bbox.south, bbox.north))
    return and_(near, exact)


def _points(model: Any, inside: ColumnElement[bool]) -> list[MapPoint]:
    query = select(
        model.code, model.category, model.state, model.due_at, model.lon, model.lat
    ).where(inside)
    at = clock.now()
    return [
        MapPoint(
            row.code,
            row.category,
            row.state,
            bool(row.due_at and row.due_at < at),
            row.lon,
            row.lat,
        )
        for row in session().execute(query.limit(MAX_POINTS + 1))
    ]


def _clusters(model: Any, inside: ColumnElement[bool], bbox: Bbox, zoom: int) -> list[Cluster]:
    row_zoom = min(zoom + 2, CELL_ZOOM)
    cell = model.cell.op(">>")(literal(2 * (CELL_ZOOM - row_zoom), Integer)).label("at")
    late = case((model.due_at < clock.now(), 1), else_=0)
    query = (
        select(
            cell,
            func.count(),
            func.sum(late),
            func.sum(cast(func.round(model.lon * MICRO), Integer)),
            func.sum(cast(func.round(model.lat * MICRO), Integer)),
        )
        .where(inside)
        .group_by(cell)
    )
    rows = [CellCount(*map(int, row)) for row in session().execute(query)]
    return clusters(rows, row_zoom=row_zoom, bbox=bbox, view_zoom=zoom)
