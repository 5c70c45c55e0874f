"""Places on the ground: the only module that decides the order of lon and lat and what is valid.

Everything in this project is WGS84 degrees, longitude first. Text and numbers from outside enter
through ``parse_point`` and ``parse_bbox``; nothing else turns them into coordinates.
"""

import math
import re
from dataclasses import dataclass
from typing import Self

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius of the WGS84 ellipsoid; the sphere PostGIS uses too."""

METRES_PER_DEGREE = math.pi * EARTH_RADIUS_M / 180
SHOWN_DISTANCE_STEP_M = 50

_NUMBER = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{0,24})?", re.ASCII)


class PointError(ValueError):
    """A place that cannot be used. ``code`` says why, ``field`` which axis, when one is to blame.

    Codes: ``not_a_number``, ``out_of_range``, ``looks_swapped``, ``outside_area``, and for boxes
    also ``not_four_numbers`` and ``wrong_order``.
    """

    def __init__(self, code: str, field: str | None = None) -> None:
        super().__init__(code if field is None else f"{code}: {field}")
        self.code = code
        self.field = field


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """Longitude and latitude in WGS84 degrees. Raises PointError ``out_of_range``."""

    lon: float
    lat: float

    def __post_init__(self) -> None:
        # Written so that NaN, which compares false with everything, is refused as well.
        if not -180 <= self.lon <= 180:
            raise PointError("out_of_range", "lon")
        if not -90 <= self.lat <= 90:
            raise PointError("out_of_range", "lat")

    @property
    def wkt(self) -> str:
        return f"POINT({self.lon!r} {self.lat!r})"

    @property
    def ewkt(self) -> str:
        return f"SRID=4326;{self.wkt}"


@dataclass(frozen=True, slots=True)
class Bbox:
    """A box in WGS84 degrees, borders included, never across the 180th meridian."""

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        Point(self.west, self.south)
        Point(self.east, self.north)
        if self.west > self.east or self.south > self.north:
            raise PointError("wrong_order")

    @property
    def centre(self) -> Point:
        return Point((self.west + self.east) / 2, (self.south + self.north) / 2)

    def contains(self, point: Point) -> bool:
        return self.west <= point.lon <= self.east and self.south <= point.lat <= self.north

    def intersects(self, other: Self) -> bool:
        return (
            self.west <= other.east
            and other.west <= self.east
            and self.south <= other.north
            and other.south <= self.north
        )


VIETNAM = Bbox(102.0, 6.0, 118.0, 23.6)
"""Land, sea and both archipelagos: wide enough for every unit, narrow enough to tell the axes."""


def parse_number(value: object, field: str) -> float:
    """A finite float from a JSON number or ASCII decimal text. Raises PointError.

    Exponents, decimal commas, other digits than 0-9 and booleans are ``not_a_number``.
    """
    if isinstance(value, str):
        text = value.strip(" \t\r\n")
        if not _NUMBER.fullmatch(text):
            raise PointError("not_a_number", field)
        return float(text)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PointError("not_a_number", field)
    try:
        number = float(value)
    except OverflowError as error:
        raise PointError("out_of_range", field) from error
    if not math.isfinite(number):
        raise PointError("not_a_number", field)
    return number


def parse_point(lon: object, lat: object) -> Point:
    """A point in or near Viet Nam from untrusted input. Raises PointError.

    Swapped axes are told apart from a place abroad, because only the first can be mended by the
    sender. Which unit the point lies in, and how near the border, is for ``geo.areas``.
    """
    x, y = parse_number(lon, "lon"), parse_number(lat, "lat")
    if not _in_region(x, y) and _in_region(y, x):
        raise PointError("looks_swapped")
    point = Point(x, y)
    if not VIETNAM.contains(point):
        raise PointError("outside_area")
    return point


def parse_bbox(text: str) -> Bbox:
    """A box from ``west,south,east,north``, cut to the globe. Raises PointError.

    A map drawn small shows more than one world, so values past the edge are cut, not refused.
    """
    parts = text.split(",") if len(text) <= 200 else []
    if len(parts) != 4:
        raise PointError("not_four_numbers")
    names = ("west", "south", "east", "north")
    west, south, east, north = (
        parse_number(part, name) for part, name in zip(parts, names, strict=True)
    )
    if west > east or south > north:
        raise PointError("wrong_order")
    if _in_region(south, west) and _in_region(north, east):
        raise PointError("looks_swapped")
    if west > 180 or east < -180 or south > 90 or north < -90:
        raise PointError("out_of_range")
    return Bbox(max(west, -180.0), max(south, -90.0), min(east, 180.0), min(north, 90.0))


def distance_m(a: Point, b: Point) -> float:
    """Great-circle distance in metres (haversine)."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    half_lat = (lat_b - lat_a) / 2
    half_lon = math.radians(b.lon - a.lon) / 2
    h = math.sin(half_lat) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(h)))


def shown_distance_m(metres: float) -> int:
    """A distance as people may see it: whole steps of 50 m, never 0.

    Finer distances would let a patient reader find a home by moving about (workflow: public place).
    """
    steps = math.floor(metres / SHOWN_DISTANCE_STEP_M + 0.5)
    return max(1, steps) * SHOWN_DISTANCE_STEP_M


def box_around(point: Point, metres: float) -> Bbox:
    """The smallest box that holds every place within ``metres`` of the point."""
    d_lat = metres / METRES_PER_DEGREE
    south, north = max(-90.0, point.lat - d_lat), min(90.0, point.lat + d_lat)
    # The widest parallel of the box is the one farthest from the equator.
    narrowest = math.cos(math.radians(max(abs(south), abs(north))))
    d_lon = 360.0 if narrowest < 1e-9 else d_lat / narrowest
    return Bbox(max(-180.0, point.lon - d_lon), south, min(180.0, point.lon + d_lon), north)


def _in_region(lon: float, lat: float) -> bool:
    return VIETNAM.west <= lon <= VIETNAM.east and VIETNAM.south <= lat <= VIETNAM.north
