"""The order of a walk: always on to the nearest place left."""

from geo.points import Point
from geo.routes import nearest_first

START = Point(103.000, 21.400)


def test_from_each_place_on_to_the_nearest_one_left() -> None:
    far, near, middle = Point(103.030, 21.401), Point(103.002, 21.400), Point(103.012, 21.402)
    assert nearest_first(START, [far, near, middle]) == [1, 2, 0]


def test_a_degree_of_longitude_is_shorter_than_one_of_latitude() -> None:
    # 0.0100 degrees east are 1,035 m here, 0.0097 north 1,079 m.
    north, east = Point(103.0000, 21.4097), Point(103.0100, 21.4000)
    assert nearest_first(START, [north, east]) == [1, 0]


def test_equally_near_places_keep_their_order_and_none_is_lost() -> None:
    same = Point(103.01, 21.41)
    assert nearest_first(START, [same, same, START]) == [2, 0, 1]
    assert nearest_first(START, []) == []
