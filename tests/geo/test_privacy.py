import random

import pytest

from geo.points import Point, distance_m
from geo.privacy import HOME_M, PUBLIC_PLACE_M, public_point


def _places(count: int) -> list[Point]:
    rng = random.Random(17)
    return [Point(rng.uniform(102, 118), rng.uniform(6, 23.6)) for _ in range(count)]


@pytest.mark.parametrize("precision", [PUBLIC_PLACE_M, HOME_M])
def test_the_public_point_is_near_and_is_its_own_public_point(precision: int) -> None:
    for place in _places(2000):
        public = public_point(place, precision)
        # Half the diagonal of the square, and the rounding of the figure shown.
        assert distance_m(place, public) <= precision * 0.7072 + 8
        assert public_point(public, precision) == public


def test_all_places_of_a_square_share_one_public_point() -> None:
    public = public_point(Point(103.0167, 21.3861), HOME_M)
    rng = random.Random(2)
    for _ in range(300):
        # 400 m each way stays inside the square of 1 km around its middle.
        near = Point(
            public.lon + rng.uniform(-0.0038, 0.0038), public.lat + rng.uniform(-0.0035, 0.0035)
        )
        assert public_point(near, HOME_M) == public


def test_places_two_squares_apart_differ() -> None:
    a, b = Point(103.0, 21.4), Point(103.0, 21.4 + 2 * HOME_M / 111_195)
    assert public_point(a, HOME_M) != public_point(b, HOME_M)


def test_a_public_point_shows_four_decimals_and_not_the_place() -> None:
    place = Point(103.016789, 21.386123)
    for precision in (PUBLIC_PLACE_M, HOME_M):
        public = public_point(place, precision)
        assert public == Point(round(public.lon, 4), round(public.lat, 4))
        assert public != place
