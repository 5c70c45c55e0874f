"""Map cells as whole numbers: the web-mercator tile at zoom 22 as a 44-bit Morton code.

A tile's number at a lower zoom is a prefix of the numbers of all tiles inside it, so one plain
integer index serves every zoom on both databases, and grouping is a shift.
"""

import math
from functools import lru_cache
from itertools import pairwise

from geo.points import Bbox, Point

CELL_ZOOM = 22
MAX_RANGES = 7
"""Ranges sent for one view: enough to hug the box, few enough for the planner."""

MERCATOR_LAT = math.degrees(math.atan(math.sinh(math.pi)))
"""The parallel (about 85.05 degrees) at which the web-mercator square ends."""

_TILES_ACROSS = 12
"""A box is covered with the finest tiles of which it is at most so many wide."""
_SPREAD = (
    (8, 0x00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F),
    (2, 0x333333333333),
    (1, 0x555555555555),
)


def cell_of(point: Point) -> int:
    """The cell number (0 to 2**44 - 1) of the place. Places past the mercator square are cut in."""
    return _morton(*_tile(point.lon, point.lat, CELL_ZOOM))


def cell_at_zoom(cell: int, zoom: int) -> int:
    """The number, at a lower zoom, of the tile that holds this zoom-22 cell."""
    return cell >> 2 * (CELL_ZOOM - zoom)


def cell_bbox(cell: int, zoom: int) -> Bbox:
    """The box of a tile, by its number at that zoom."""
    return Bbox(*cell_sides(cell, zoom))


def cell_sides(cell: int, zoom: int) -> tuple[float, float, float, float]:
    """West, south, east and north of a tile: ``cell_bbox`` for whoever asks for hundreds."""
    x, y, size = _unspread(cell), _unspread(cell >> 1), 1 << zoom
    return (
        x / size * 360 - 180,
        _parallel(y + 1, zoom),
        (x + 1) / size * 360 - 180,
        _parallel(y, zoom),
    )


def cell_centre(cell: int, zoom: int) -> Point:
    """The middle of a tile, on the map's own (mercator) grid."""
    x, y, size = _unspread(cell), _unspread(cell >> 1), 1 << zoom
    return Point((x + 0.5) / size * 360 - 180, _latitude((y + 0.5) / size))


def ranges(bbox: Bbox, zoom: int) -> list[tuple[int, int]]:
    """At most MAX_RANGES ranges (both ends included) of tile numbers at ``zoom`` covering the box.

    The cover is a little larger than the box: whoever needs exact borders checks lon and lat again.
    """
    left, top, right, bottom = _sides(bbox, zoom)
    widest = max(right - left, bottom - top) + 1
    up = min(zoom, max(0, math.ceil(math.log2(widest / _TILES_ACROSS))))
    shift = 2 * up
    numbers = _numbers(left >> up, top >> up, right >> up, bottom >> up)
    return [(lo << shift, ((hi + 1) << shift) - 1) for lo, hi in _merged(numbers)]


def tiles(bbox: Bbox, zoom: int) -> list[int]:
    """The numbers of all tiles at ``zoom`` that touch the box, in order. For few tiles only."""
    return _numbers(*_sides(bbox, zoom))


def _sides(bbox: Bbox, zoom: int) -> tuple[int, int, int, int]:
    """The columns and rows of the tiles at the corners: left, top, right, bottom."""
    return *_tile(bbox.west, bbox.north, zoom), *_tile(bbox.east, bbox.south, zoom)


def _numbers(left: int, top: int, right: int, bottom: int) -> list[int]:
    columns = [_spread(x) for x in range(left, right + 1)]
    rows = [_spread(y) << 1 for y in range(top, bottom + 1)]
    return sorted([column | row for column in columns for row in rows])


def _merged(numbers: list[int]) -> list[tuple[int, int]]:
    """Runs of neighbouring numbers; the narrowest gaps are closed until few enough are left."""
    gaps = [
        (after - before, i)
        for i, (before, after) in enumerate(pairwise(numbers))
        if after - before > 1
    ]
    cuts = sorted([i for _gap, i in sorted(gaps, reverse=True)[: MAX_RANGES - 1]])
    starts = [0, *(i + 1 for i in cuts)]
    ends = [*cuts, len(numbers) - 1]
    return [(numbers[s], numbers[e]) for s, e in zip(starts, ends, strict=True)]


def _tile(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    size = 1 << zoom
    cut = math.radians(max(-MERCATOR_LAT, min(MERCATOR_LAT, lat)))
    x = int((lon + 180) / 360 * size)
    y = int((1 - math.asinh(math.tan(cut)) / math.pi) / 2 * size)
    return min(max(x, 0), size - 1), min(max(y, 0), size - 1)


@lru_cache(maxsize=4096)
def _parallel(row: int, zoom: int) -> float:
    """The northern side of a row of tiles, which the tiles of a view share."""
    return _latitude(row / (1 << zoom))


def _latitude(fraction: float) -> float:
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * fraction))))


def _morton(x: int, y: int) -> int:
    return _spread(x) | _spread(y) << 1


def _spread(value: int) -> int:
    """Puts a zero bit before each of the low 22 bits."""
    value = (value | value << 16) & 0x003F0000FFFF
    for shift, mask in _SPREAD:
        value = (value | value << shift) & mask
    return value


def _unspread(value: int) -> int:
    """The low bit of every pair, closed up: undoes _spread."""
    value &= 0x555555555555
    for shift, mask in ((1, 0x333333333333), (2, 0x0F0F0F0F0F0F), (4, 0x00FF00FF00FF)):
        value = (value | value >> shift) & mask
    value = (value | value >> 8) & 0x003F0000FFFF
    return (value | value >> 16) & 0x3FFFFF
