import math
import random

import pytest

from geo.points import (
    VIETNAM,
    Bbox,
    Point,
    PointError,
    box_around,
    distance_m,
    parse_bbox,
    parse_number,
    parse_point,
    shown_distance_m,
)

DIEN_BIEN_PHU = Point(103.0167, 21.3861)


@pytest.mark.parametrize(
    ("lon", "lat"),
    [(103.0167, 21.3861), ("103.0167", "21.3861"), (" 103.0167\n", "+21.3861"), (103, "21")],
)
def test_numbers_and_numeric_text_become_a_point(lon: object, lat: object) -> None:
    point = parse_point(lon, lat)
    assert (math.floor(point.lon), math.floor(point.lat)) == (103, 21)


@pytest.mark.parametrize(
    ("lon", "lat", "code", "field"),
    [
        (21.3861, 103.0167, "looks_swapped", None),
        ("21.3861", "103.0167", "looks_swapped", None),
        (0, 0, "outside_area", None),
        (12.49, 43.46, "outside_area", None),
        (103.0167, 90, "outside_area", None),
        (180, 21.4, "outside_area", None),
        (181, 21.4, "out_of_range", "lon"),
        (103.0, -91, "out_of_range", "lat"),
        (1e308, 21.4, "out_of_range", "lon"),
        (10**400, 21.4, "out_of_range", "lon"),
        (math.nan, 21.4, "not_a_number", "lon"),
        (103.0, math.inf, "not_a_number", "lat"),
        ("NaN", "21.4", "not_a_number", "lon"),
        ("Infinity", "21.4", "not_a_number", "lon"),
        ("1e308", "21.4", "not_a_number", "lon"),
        ("103.0", "22,147", "not_a_number", "lat"),
        ("١٠٣", "21.4", "not_a_number", "lon"),
        ("103\u00b001'00\"E", "21.4", "not_a_number", "lon"),
        ("", "21.4", "not_a_number", "lon"),
        ("9" * 100_000, "21.4", "not_a_number", "lon"),
        (None, 21.4, "not_a_number", "lon"),
        (True, 21.4, "not_a_number", "lon"),
        ([103.0], 21.4, "not_a_number", "lon"),
    ],
)
def test_bad_places_are_refused_with_their_own_code(
    lon: object, lat: object, code: str, field: str | None
) -> None:
    with pytest.raises(PointError) as caught:
        parse_point(lon, lat)
    assert (caught.value.code, caught.value.field) == (code, field)


def test_a_point_built_in_code_is_checked_too() -> None:
    with pytest.raises(PointError, match="out_of_range: lat"):
        Point(21.4, 103.0)
    with pytest.raises(PointError, match="out_of_range: lon"):
        Point(math.nan, 21.4)


def test_both_archipelagos_lie_in_the_region() -> None:
    assert parse_point(112.0, 16.5) == Point(112.0, 16.5)
    assert parse_point(114.2, 9.5) == Point(114.2, 9.5)


def test_well_known_text_has_longitude_first() -> None:
    assert DIEN_BIEN_PHU.wkt == "POINT(103.0167 21.3861)"
    assert DIEN_BIEN_PHU.ewkt == "SRID=4326;POINT(103.0167 21.3861)"


def test_distance_of_one_degree() -> None:
    assert distance_m(Point(103, 21), Point(103, 22)) == pytest.approx(111_195, abs=1)
    # A degree of longitude is shorter by the cosine of the latitude.
    assert distance_m(Point(103, 60), Point(104, 60)) == pytest.approx(55_597, abs=10)
    assert distance_m(DIEN_BIEN_PHU, DIEN_BIEN_PHU) == 0


@pytest.mark.parametrize(
    ("metres", "shown"), [(0, 50), (3, 50), (74.9, 50), (75, 100), (1249, 1250), (1280, 1300)]
)
def test_shown_distances_are_steps_of_fifty(metres: float, shown: int) -> None:
    assert shown_distance_m(metres) == shown


def test_box_around_holds_the_whole_circle() -> None:
    box = box_around(DIEN_BIEN_PHU, 5000)
    rng = random.Random(7)
    for _ in range(500):
        other = Point(103.0167 + rng.uniform(-0.1, 0.1), 21.3861 + rng.uniform(-0.1, 0.1))
        if distance_m(DIEN_BIEN_PHU, other) <= 5000:
            assert box.contains(other)
    assert distance_m(DIEN_BIEN_PHU, Point(box.east, 21.3861)) == pytest.approx(5000, rel=0.01)


def test_bbox_text_is_west_south_east_north() -> None:
    assert parse_bbox("102.9,21.3,103.1,21.5") == Bbox(102.9, 21.3, 103.1, 21.5)
    assert parse_bbox(" 102.9, 21.3, 103.1, 21.5") == Bbox(102.9, 21.3, 103.1, 21.5)


def test_a_box_larger_than_the_world_is_cut() -> None:
    assert parse_bbox("-400,-95,400,95") == Bbox(-180, -90, 180, 90)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "not_four_numbers"),
        ("1,2,3", "not_four_numbers"),
        ("102.9,21.3,103.1,21.5,0", "not_four_numbers"),
        ("102,9,21,3", "wrong_order"),
        ("a,b,c,d", "not_a_number"),
        ("NaN,21.3,103.1,21.5", "not_a_number"),
        ("1e2,21.3,103.1,21.5", "not_a_number"),
        ("103.1,21.3,102.9,21.5", "wrong_order"),
        ("102.9,21.5,103.1,21.3", "wrong_order"),
        ("21.3,102.9,21.5,103.1", "looks_swapped"),
        ("200,21.3,300,21.5", "out_of_range"),
        ("," * 100_000, "not_four_numbers"),
    ],
)
def test_bad_boxes_are_refused(text: str, code: str) -> None:
    with pytest.raises(PointError) as caught:
        parse_bbox(text)
    assert caught.value.code == code


def test_boxes_touch_at_their_borders() -> None:
    assert VIETNAM.intersects(Bbox(118, 6, 119, 7))
    assert not VIETNAM.intersects(Bbox(118.001, 6, 119, 7))
    assert VIETNAM.centre == Point(110.0, 14.8)


def test_numbers_keep_their_value() -> None:
    assert parse_number("-0.5", "x") == -0.5
    assert parse_number(7, "x") == 7.0
