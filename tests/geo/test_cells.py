import random
from itertools import pairwise
from statistics import median

import pytest

from geo.cells import (
    CELL_ZOOM,
    MAX_RANGES,
    cell_at_zoom,
    cell_bbox,
    cell_centre,
    cell_of,
    ranges,
)
from geo.points import Bbox, Point

NA_TAU = Point(103.1234, 21.4567)


def test_corners_of_the_world() -> None:
    assert cell_of(Point(-180, 90)) == 0
    assert cell_of(Point(180, -90)) == 2**44 - 1
    assert cell_of(Point(180, 90)) == 0x55555555555


def test_known_tile() -> None:
    # Tile 12/3221/1797 of the usual web map holds the place.
    cell = cell_at_zoom(cell_of(NA_TAU), 12)
    x = sum((cell >> 2 * i & 1) << i for i in range(12))
    y = sum((cell >> 2 * i + 1 & 1) << i for i in range(12))
    assert (x, y) == (3221, 1797)


def test_swapped_axes_give_another_cell() -> None:
    assert cell_of(Point(21.4567, 80.0)) != cell_of(Point(80.0, 21.4567))


def test_a_cell_holds_its_places_at_every_zoom() -> None:
    rng = random.Random(3)
    for _ in range(300):
        point = Point(rng.uniform(102, 118), rng.uniform(6, 23))
        for zoom in (0, 8, 14, CELL_ZOOM):
            cell = cell_at_zoom(cell_of(point), zoom)
            assert cell_bbox(cell, zoom).contains(point)
            assert cell_at_zoom(cell_of(cell_centre(cell, zoom)), zoom) == cell


def test_a_cell_is_about_nine_metres_wide() -> None:
    box = cell_bbox(cell_of(NA_TAU), CELL_ZOOM)
    assert (box.east - box.west) == pytest.approx(360 / 2**22)


def _views(count: int) -> list[Bbox]:
    rng = random.Random(11)
    boxes = []
    for _ in range(count):
        width = 360 / 2 ** rng.uniform(5, 19) * 4
        lon, lat = rng.uniform(102, 107), rng.uniform(20, 23)
        boxes.append(Bbox(lon, lat, min(180, lon + width), min(85, lat + width * 0.6)))
    return boxes


@pytest.mark.parametrize("zoom", [10, 16, CELL_ZOOM])
def test_ranges_cover_every_place_of_the_box(zoom: int) -> None:
    rng = random.Random(5)
    for box in _views(60):
        spans = ranges(box, zoom)
        for _ in range(30):
            point = Point(rng.uniform(box.west, box.east), rng.uniform(box.south, box.north))
            cell = cell_at_zoom(cell_of(point), zoom)
            assert any(low <= cell <= high for low, high in spans)


def test_ranges_are_few_ordered_and_tight() -> None:
    surplus = []
    for box in _views(200):
        spans = ranges(box, CELL_ZOOM)
        assert 1 <= len(spans) <= MAX_RANGES
        assert all(low <= high for low, high in spans)
        assert all(a[1] < b[0] for a, b in pairwise(spans))
        tile = cell_bbox(cell_of(box.centre), CELL_ZOOM)
        area = (box.east - box.west) * (box.north - box.south)
        covered = sum(high - low + 1 for low, high in spans)
        surplus.append(covered * (tile.east - tile.west) * (tile.north - tile.south) / area)
    assert median(surplus) < 2


def test_ranges_of_a_single_place_and_of_the_world() -> None:
    cell = cell_of(NA_TAU)
    assert ranges(Bbox(NA_TAU.lon, NA_TAU.lat, NA_TAU.lon, NA_TAU.lat), CELL_ZOOM) == [(cell, cell)]
    assert ranges(Bbox(-180, -90, 180, 90), CELL_ZOOM) == [(0, 2**44 - 1)]
    assert ranges(Bbox(-180, -90, 180, 90), 0) == [(0, 0)]
