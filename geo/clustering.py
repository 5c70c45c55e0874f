"""Clusters of a map view from counts by cell.

Sums are whole micro-degrees: adding them in any order gives the same figure, so a rebuilt count
table can be compared with the folded one to the last digit.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from geo.cells import cell_at_zoom, cell_of, cell_sides
from geo.points import Bbox, Point

MICRO = 1_000_000
MIN_STORED_ZOOM = 8
MAX_STORED_ZOOM = 18
LIVE_FROM_VIEW_ZOOM = 17
"""Views from here on are grouped from the points themselves; nothing is stored for them."""

MAX_CLUSTERS = 500
"""What one answer may hold; a larger view is grouped more coarsely, never cut."""


class CellCount(NamedTuple):
    """Counts of one cell. ``sum_x`` and ``sum_y`` are sums of lon and lat in micro-degrees."""

    cell: int
    n: int
    n_overdue: int
    sum_x: int
    sum_y: int


@dataclass(slots=True)
class Cluster:
    """What the map draws: the middle of its members, their number, and the box to zoom into.

    ``box`` is west, south, east, north.
    """

    lon: float
    lat: float
    count: int
    overdue: int
    box: tuple[float, float, float, float]


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
    return [CellCount(cell, *sums) for cell, sums in sorted(_summed(rows, 0).items())]


def clusters(
    rows: Iterable[CellCount], *, row_zoom: int, bbox: Bbox, view_zoom: int
) -> list[Cluster]:
    """Clusters of the view, ordered by cell.

    Rows are counts at ``row_zoom``; several rows of one cell add up (stored counts plus what is not
    folded yet), and cells that add up to nothing vanish. Cells are at view zoom + 2, coarser when
    there would be more than MAX_CLUSTERS. Cells that do not touch the box are left out.
    """
    zoom = min(row_zoom, view_zoom + 2)
    found = _touching(_summed(rows, row_zoom - zoom), zoom, bbox)
    while len(found) > MAX_CLUSTERS:
        zoom -= 1
        coarser = _summed((CellCount(cell, *sums) for cell, _box, sums in found), 1)
        found = [(cell, cell_sides(cell, zoom), sums) for cell, sums in sorted(coarser.items())]
    return [_cluster(box, sums) for _cell, box, sums in found]


_Sums = tuple[int, int, int, int]
_Box = tuple[float, float, float, float]


def _summed(rows: Iterable[CellCount], levels: int) -> dict[int, _Sums]:
    """Rows added up by the cells that many zoom levels coarser."""
    sums: dict[int, _Sums] = {}
    for cell, n, late, x, y in rows:
        key = cell >> 2 * levels
        if key in sums:
            n0, late0, x0, y0 = sums[key]
            sums[key] = (n0 + n, late0 + late, x0 + x, y0 + y)
        else:
            sums[key] = (n, late, x, y)
    return sums


def _touching(sums: Mapping[int, _Sums], zoom: int, bbox: Bbox) -> list[tuple[int, _Box, _Sums]]:
    """Cells that count something and touch the box, with their sides, in order."""
    boxes = ((cell, cell_sides(cell, zoom)) for cell in sorted(sums) if sums[cell][0] > 0)
    return [
        (cell, box, sums[cell])
        for cell, box in boxes
        if bbox.west <= box[2] and box[0] <= bbox.east
        if bbox.south <= box[3] and box[1] <= bbox.north
    ]


def _cluster(box: _Box, sums: _Sums) -> Cluster:
    n, late, x, y = sums
    return Cluster(round(x / n / MICRO, 6), round(y / n / MICRO, 6), n, late, box)
