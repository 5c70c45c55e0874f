"""Clusters of a map view from counts by cell.

Sums are whole micro-degrees: adding them in any order gives the same figure, so a rebuilt count
table can be compared with the folded one to the last digit.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from geo.cells import cell_at_zoom, cell_bbox, cell_of
from geo.points import Bbox, Point

MICRO = 1_000_000
MIN_STORED_ZOOM = 8
MAX_STORED_ZOOM = 18
LIVE_FROM_VIEW_ZOOM = 17
"""Views from here on are grouped from the points themselves; nothing is stored for them."""

MAX_CLUSTERS = 500
"""What one answer may hold; a larger view is grouped more coarsely, never cut."""


@dataclass(frozen=True, slots=True)
class CellCount:
    """Counts of one cell. ``sum_x`` and ``sum_y`` are sums of lon and lat in micro-degrees."""

    cell: int
    n: int
    n_overdue: int
    sum_x: int
    sum_y: int


@dataclass(frozen=True, slots=True)
class Cluster:
    """What the map draws: the middle of its members, their number, and the box to zoom into."""

    lon: float
    lat: float
    count: int
    overdue: int
    bbox: Bbox


def micro_degrees(point: Point) -> tuple[int, int]:
    """What one place adds to ``sum_x`` and ``sum_y``."""
    return round(point.lon * MICRO), round(point.lat * MICRO)


def stored_zoom(view_zoom: int) -> int:
    """The zoom of the stored counts that serve this view (8 to 18)."""
    return min(max(view_zoom + 2, MIN_STORED_ZOOM), MAX_STORED_ZOOM)


def count_points(points: Iterable[tuple[Point, bool]], zoom: int) -> list[CellCount]:
    """Counts by cell at ``zoom`` of single places, each with whether it is overdue."""
    rows = (
        CellCount(cell_at_zoom(cell_of(point), zoom), 1, int(overdue), *micro_degrees(point))
        for point, overdue in points
    )
    return _grouped(rows, 0)


def clusters(
    rows: Iterable[CellCount], *, row_zoom: int, bbox: Bbox, view_zoom: int
) -> list[Cluster]:
    """Clusters of the view, ordered by cell.

    Rows are counts at ``row_zoom``; several rows of one cell add up (stored counts plus what is not
    folded yet), and cells that add up to nothing vanish. Cells are at view zoom + 2, coarser when
    there would be more than MAX_CLUSTERS. Cells that do not touch the box are left out.
    """
    zoom = min(row_zoom, view_zoom + 2)
    cells = [
        row
        for row in _grouped(rows, row_zoom - zoom)
        if row.n > 0 and cell_bbox(row.cell, zoom).intersects(bbox)
    ]
    while len(cells) > MAX_CLUSTERS:
        cells, zoom = _grouped(cells, 1), zoom - 1
    return [_cluster(row, zoom) for row in cells]


def _grouped(rows: Iterable[CellCount], levels: int) -> list[CellCount]:
    """Rows added up in cells that many zoom levels coarser, ordered by cell."""
    sums: dict[int, list[int]] = {}
    for row in rows:
        total = sums.setdefault(row.cell >> 2 * levels, [0, 0, 0, 0])
        for i, value in enumerate((row.n, row.n_overdue, row.sum_x, row.sum_y)):
            total[i] += value
    return [CellCount(cell, *total) for cell, total in sorted(sums.items())]


def _cluster(row: CellCount, zoom: int) -> Cluster:
    return Cluster(
        lon=round(row.sum_x / row.n / MICRO, 6),
        lat=round(row.sum_y / row.n / MICRO, 6),
        count=row.n,
        overdue=row.n_overdue,
        bbox=cell_bbox(row.cell, zoom),
    )
