import random

from geo.cells import cell_at_zoom, cell_of
from geo.clustering import (
    MAX_CLUSTERS,
    CellCount,
    clusters,
    count_points,
    micro_degrees,
    stored_zoom,
)
from geo.points import Bbox, Point

PROVINCE = Bbox(102.1, 20.8, 103.6, 22.6)


def _cases(count: int) -> list[tuple[Point, bool]]:
    rng = random.Random(23)
    return [
        (Point(rng.uniform(102.2, 103.5), rng.uniform(20.9, 22.5)), rng.random() < 0.2)
        for _ in range(count)
    ]


def test_stored_zoom_follows_the_view_between_its_ends() -> None:
    assert [stored_zoom(view) for view in (0, 5, 6, 7, 12, 16, 19)] == [8, 8, 8, 9, 14, 18, 18]


def test_nothing_is_lost_at_any_view() -> None:
    cases = _cases(3000)
    late = sum(overdue for _, overdue in cases)
    for view in range(0, 20):
        zoom = min(view + 2, 21)
        found = clusters(count_points(cases, zoom), row_zoom=zoom, bbox=PROVINCE, view_zoom=view)
        assert sum(c.count for c in found) == 3000
        assert sum(c.overdue for c in found) == late
        assert len(found) <= MAX_CLUSTERS
        assert all(Bbox(*c.box).contains(Point(c.lon, c.lat)) for c in found)


def test_stored_rows_and_points_give_the_same_clusters() -> None:
    cases = _cases(500)
    for view in (0, 3, 5, 8):
        stored = count_points(cases, stored_zoom(view))
        live = count_points(cases, view + 2)
        assert clusters(
            stored, row_zoom=stored_zoom(view), bbox=PROVINCE, view_zoom=view
        ) == clusters(live, row_zoom=view + 2, bbox=PROVINCE, view_zoom=view)


def test_the_middle_is_the_mean_of_the_members() -> None:
    a, b = Point(103.0160, 21.3860), Point(103.0162, 21.3870)
    (only,) = clusters(
        count_points([(a, True), (b, False)], 10), row_zoom=10, bbox=PROVINCE, view_zoom=8
    )
    assert (only.lon, only.lat, only.count, only.overdue) == (103.0161, 21.3865, 2, 1)


def test_rows_not_folded_yet_are_added_and_empty_cells_vanish() -> None:
    point = Point(103.016, 21.386)
    cell = cell_at_zoom(cell_of(point), 10)
    x, y = micro_degrees(point)
    rows = [CellCount(cell, 2, 1, 2 * x, 2 * y), CellCount(cell, -1, -1, -x, -y)]
    (left,) = clusters(rows, row_zoom=10, bbox=PROVINCE, view_zoom=8)
    assert (left.lon, left.lat, left.count, left.overdue) == (103.016, 21.386, 1, 0)
    rows.append(CellCount(cell, -1, 0, -x, -y))
    assert clusters(rows, row_zoom=10, bbox=PROVINCE, view_zoom=8) == []


def test_cells_outside_the_box_are_left_out() -> None:
    rows = count_points([(Point(105.85, 22.15), False), (Point(103.0, 21.4), False)], 14)
    found = clusters(rows, row_zoom=14, bbox=PROVINCE, view_zoom=12)
    assert [(c.lon, c.lat) for c in found] == [(103.0, 21.4)]
