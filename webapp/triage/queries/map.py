"""The staff map: what the queue holds in a box, as points or, when there are many, as clusters.

Where a province asks for all its cases, far views come from the folded counts of its units; a
commune's never do: they would count what was sent straight to the province.
"""

from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Integer, Subquery, and_, bindparam, case, cast, func, select

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
from webapp.cases.indexed import (
    Column,
    in_ranges,
    only_few,
    range_values,
    still_open,
    without_unit_index,
)
from webapp.core.actor import Actor, Level
from webapp.core.conditions import in_words
from webapp.core.prepared import Prepared
from webapp.reporting.indexed import still_waiting
from webapp.triage.filters import CASES, QueueFilters
from webapp.triage.queries.source import NOW, Source, moments, source_of

MAX_POINTS = 1_000
POINTS_FROM_ZOOM = 14
_COUNTED = frozenset({"tab", "group", "unit"})


class MapPoint(NamedTuple):
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
        found = _points_query(actor, filters, MAX_POINTS).rows(_values(bbox))
        many = found[0][0]
        if many <= MAX_POINTS:
            return [
                MapPoint(code, category, state, bool(late), lon, lat)
                for _many, code, category, state, late, lon, lat in found[:many]
            ]
    if zoom < LIVE_FROM_VIEW_ZOOM and _from_counts(actor, filters):
        return _counted(source, filters, bbox, zoom)
    return _grouped(actor, filters, bbox, zoom)


@lru_cache(maxsize=64)
def _points_query(actor: Actor, filters: QueueFilters, most: int) -> Prepared:
    """How many there are and the columns of each; where there are too many, of none."""
    model = (source := source_of(actor, filters)).model
    late = (model.due_at < NOW).label("late")
    columns = (model.code, model.category, model.state, late, model.lon, model.lat)
    few, counted = only_few(_inside(source, columns), most)
    fits = counted.c.many <= in_words(most)
    return Prepared(select(counted.c.many, *few.c).select_from(counted.outerjoin(few, fits)))


def _from_counts(actor: Actor, filters: QueueFilters) -> bool:
    """Whether folded counts can answer: they know units and groups, and hide nothing."""
    asked = filters.query().keys() <= _COUNTED and filters.group != "answered"
    if filters.tab != CASES or not asked:
        return False
    return all(grant.level is Level.PROVINCE for grant in actor.grants_for(cases_may.READ))


def _counted(source: Source, filters: QueueFilters, bbox: Bbox, zoom: int) -> list[Cluster]:
    row_zoom = stored_zoom(zoom)
    groups = (filters.group,) if filters.group else ()
    found = counts.read(bbox, row_zoom, scopes=source.units, groups=groups)
    return clusters(found, row_zoom=row_zoom, bbox=bbox, view_zoom=zoom)


def _grouped(actor: Actor, filters: QueueFilters, bbox: Bbox, zoom: int) -> list[Cluster]:
    row_zoom = min(zoom + 2, CELL_ZOOM)
    values = _values(bbox) | {"shift": 2 * (CELL_ZOOM - row_zoom)}
    found = [CellCount(*map(int, row)) for row in _groups_query(actor, filters).rows(values)]
    return clusters(found, row_zoom=row_zoom, bbox=bbox, view_zoom=zoom)


@lru_cache(maxsize=64)
def _groups_query(actor: Actor, filters: QueueFilters) -> Prepared:
    model = (source := source_of(actor, filters)).model
    shift = bindparam("shift", type_=Integer())
    tile = model.cell.op(">>", return_type=BigInteger())(shift).label("tile")
    found = _inside(source, (tile, model.due_at, model.lon, model.lat)).c
    late = case((found.due_at < NOW, 1), else_=0)
    return Prepared(
        select(
            found.tile,
            func.count(),
            func.sum(late),
            cast(func.sum(found.lon * MICRO), BigInteger),
            cast(func.sum(found.lat * MICRO), BigInteger),
        ).group_by(found.tile)
    )


def _inside(source: Source, columns: tuple[Column, ...]) -> Subquery:
    """Columns of what lies in the box: the cell index narrows, the exact place decides."""
    model = source.model
    conditions = (
        still_open() if source.kind == "case" else still_waiting(),
        model.lon.between(bindparam("west"), bindparam("east")),
        model.lat.between(bindparam("south"), bindparam("north")),
        without_unit_index(and_(source.condition, source.placed)),
    )
    return in_ranges(columns, model.cell, "cells", conditions)


def _values(bbox: Bbox) -> dict[str, Any]:
    sides = {"west": bbox.west, "south": bbox.south, "east": bbox.east, "north": bbox.north}
    return {**moments(), **sides, **range_values("cells", ranges(bbox, CELL_ZOOM))}
