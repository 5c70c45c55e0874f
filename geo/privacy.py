"""The public place of a case: the middle of a fixed square that holds the true place.

Everything public (page, map, distance, feed, sort) uses this place only. It is a function of the
place alone: asking a hundred times gives one answer, so there is nothing to average away.
"""

import math

from geo.points import METRES_PER_DEGREE, Point

PUBLIC_PLACE_M = 100
"""Side of the square for public places (roads, markets, streams)."""

HOME_M = 1000
"""Side of the square for homes, barns, fields and categories that are kept secret."""

OFFICE_PLACE_M = 50
"""Side of the square that stands for a phone's own position among those who go to the place."""

PUBLIC_DECIMALS = 4
"""About 11 m: far finer than the square, and no public coordinate looks more exact than it is."""


def public_point(point: Point, precision_m: int) -> Point:
    """The middle of the square, ``precision_m`` metres wide, that holds the place.

    A public point is its own public point.
    """
    lat_step = precision_m / METRES_PER_DEGREE
    lat = _middle(point.lat, lat_step)
    # The row's own latitude sets the width, so that all places of a row share the same columns.
    lon = _middle(point.lon, lat_step / math.cos(math.radians(lat)))
    return Point(round(lon, PUBLIC_DECIMALS), round(lat, PUBLIC_DECIMALS))


def _middle(value: float, step: float) -> float:
    return (math.floor(value / step) + 0.5) * step
