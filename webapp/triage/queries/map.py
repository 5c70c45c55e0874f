"""The staff map: what the queue holds in a box, as points or, when there are many, as clusters.

Where a province asks for all its cases, far views come from the folded counts of its units; a
commune's never do: they would count what was sent straight to the province.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Subquery, case, cast, func, literal_column, select, union_all

from geo.cells import CELL_ZOOM, ranges
from geo.clustering import (
    LIVE_FROM_VIEW_ZOOM,
    MICRO,
    CellCount,
    Cluster,
    clusters,
    stored_zoom,
)
from geo.points import Bbox
from webapp.cases import counts
from webapp.cases import permissions as cases_may
from webapp.cases.indexed import still_open
from webapp.core import clock
from webapp.core.actor import Actor, Level
from webapp.core.unit_of_work import session
from webapp.reporting.indexed import still_waiting
from webapp.triage.filters import CASES, QueueFilters
from webapp.triage.queries.source import NOW, Source, moments, source_of, without_unit_index

MAX_POINTS = 1_000
POINTS_FROM_ZOOM = 14
_COUNTED = frozenset({"tab", "group", "unit"})


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
    if not source.units:
        return []
    if zoom >= POINTS_FROM_ZOOM:
        points = _points(source, bbox)
        if len(points) <= MAX_POINTS:
            return points
    if zoom < LIVE_FROM_VIEW_ZOOM and _from_counts(actor, filters):
        return _counted(source, filters, bbox, zoom)
    return _grouped(source, bbox, zoom)


def _points(source: Source, bbox: Bbox) -> list[MapPoint]:
    model, at = source.model, clock.now()
    columns = (model.code, model.category, model.state, model.due_at, model.lon, model.lat)
    query = select(_inside(source, bbox, columns)).limit(MAX_POINTS + 1)
    return [
        MapPoint(code, category, state, bool(due_at and due_at < at), lon, lat)
        for code, category, state, due_at, lon, lat in session().execute(query, moments())
    ]


def _from_counts(actor: Actor, filters: QueueFilters) -> bool:
    """Whether folded counts can answer: they know units and groups, and hide nothing."""
    asked = filters.query().keys() <= _COUNTED and filters.group != "answered"
    if filters.tab != CASES or not asked:
        return False
    return all(grant.level is Level.PROVINCE for grant in actor.grants_for(cases_may.READ))


def _counted(source: Source, filters: QueueFilters, bbox: Bbox, zoom: int) -> list[Cluster]:
    row_zoom = stored_zoom(zoom)
    groups = (filters.group,) if filters.group else ()
    rows = counts.read(bbox, row_zoom, scopes=source.units, groups=groups)
    return clusters(rows, row_zoom=row_zoom, bbox=bbox, view_zoom=zoom)


def _grouped(source: Source, bbox: Bbox, zoom: int) -> list[Cluster]:
    model, row_zoom = source.model, min(zoom + 2, CELL_ZOOM)
    shift = literal_column(str(2 * (CELL_ZOOM - row_zoom)), BigInteger)
    tile = model.cell.op(">>", return_type=BigInteger())(shift).label("tile")
    found = _inside(source, bbox, (tile, model.due_at, model.lon, model.lat)).c
    late = case((found.due_at < NOW, 1), else_=0)
    query = select(
        found.tile,
        func.count(),
        func.sum(late),
        cast(func.sum(found.lon * MICRO), BigInteger),
        cast(func.sum(found.lat * MICRO), BigInteger),
    ).group_by(found.tile)
    rows = [CellCount(*map(int, row)) for row in session().execute(query, moments())]
    return clusters(rows, row_zoom=row_zoom, bbox=bbox, view_zoom=zoom)


def _inside(source: Source, bbox: Bbox, columns: Iterable[Any]) -> Subquery:
    """Columns of what lies in the box: the cell index narrows, the exact place decides.

    One branch per range of cells, the range in the statement itself (speed.md, trap 1); who may
    read it and what was asked is judged once, over what the branches found.
    """
    model = source.model
    live = still_open() if source.kind == "case" else still_waiting()
    rows = select(model.id).where(
        live,
        model.lon.between(bbox.west, bbox.east),
        model.lat.between(bbox.south, bbox.north),
    )
    found = union_all(
        *(
            rows.where(model.cell.between(literal_column(str(low)), literal_column(str(high))))
            for low, high in ranges(bbox, CELL_ZOOM)
        )
    )
    condition = without_unit_index(source.condition)
    return select(*columns).where(model.id.in_(found), condition).subquery("inside")
