"""Areas of units: checking shapes, finding the unit of a place, and stand-ins for unknown borders.

Shapes are WGS84 degrees, longitude first. A border belongs to both neighbours; where two areas
answer, the smaller code is taken, so that the same place always has the same unit.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from geo.points import METRES_PER_DEGREE, Point, box_around, distance_m

_PLACE = re.compile(r"\[(-?[0-9.e+]+) (-?[0-9.e+]+)")
_SAME_PLACE_STEP = 0.0005
"""Half the last digit of a place known to three decimals."""


class AreaError(ValueError):
    """A shape that cannot be an area. Codes: ``not_polygon``, ``empty``, ``self_intersection``
    (with ``place``), ``bad_ring`` (holes outside, rings that cross or repeat; with ``place``).
    """

    def __init__(self, code: str, place: Point | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.place = place


@dataclass(frozen=True)
class Area:
    """The area of one unit, by its code."""

    code: str
    shape: MultiPolygon

    def contains(self, point: Point) -> bool:
        """Whether the place lies inside or on the border; holes are outside."""
        return bool(shapely.intersects_xy(self.shape, point.lon, point.lat))

    def distance_outside_m(self, point: Point) -> float:
        """Metres from the place to the area, 0 inside."""
        if self.contains(point):
            return 0.0
        # Degrees of longitude are shorter than those of latitude: the nearest place on the border
        # is found on a plane stretched to the parallel of the point.
        stretch = math.cos(math.radians(point.lat))
        flat = shapely.transform(self.shape, lambda xy: xy * (stretch, 1.0))
        line = shapely.shortest_line(flat, shapely.Point(point.lon * stretch, point.lat))
        lon, lat = line.coords[0]
        return distance_m(point, Point(lon / stretch, lat))


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest area of a place that lies in none."""

    code: str
    metres: float


class AreaIndex:
    """All areas of one code system on one date, for finding the unit of a place.

    Safe to share between threads: everything that the geometry library builds on first use is
    built here.
    """

    def __init__(self, areas: Iterable[Area]) -> None:
        with_ground = (area for area in areas if not area.shape.is_empty)
        self._areas: list[Area] = sorted(with_ground, key=lambda area: area.code)
        shapes = [area.shape for area in self._areas]
        shapely.prepare(shapes)
        self._tree = shapely.STRtree(shapes)
        for area in self._areas:
            inside = area.shape.representative_point()
            self.unit_at(Point(inside.x, inside.y))

    def unit_at(self, point: Point) -> str | None:
        """The code of the area that holds the place, or None."""
        for area in self._touching(shapely.Point(point.lon, point.lat)):
            if area.contains(point):
                return area.code
        return None

    def nearest(self, point: Point, within_m: float) -> Nearest | None:
        """The nearest area and its distance, when one is within that many metres."""
        box = box_around(point, within_m)
        around = shapely.box(box.west, box.south, box.east, box.north)
        found = (
            Nearest(area.code, area.distance_outside_m(point)) for area in self._touching(around)
        )
        near = [each for each in found if each.metres <= within_m]
        return min(near, key=lambda each: (each.metres, each.code), default=None)

    def _touching(self, geometry: BaseGeometry) -> list[Area]:
        """The areas whose box touches that of the geometry, by code."""
        rows: list[int] = self._tree.query(geometry).tolist()
        return [self._areas[row] for row in sorted(rows)]


def as_area_shape(geometry: BaseGeometry) -> MultiPolygon:
    """The geometry as a valid MultiPolygon in two dimensions. Raises AreaError."""
    if geometry.is_empty:
        raise AreaError("empty")
    if not isinstance(geometry, Polygon | MultiPolygon):
        raise AreaError("not_polygon")
    flat = shapely.force_2d(geometry)
    reason = shapely.is_valid_reason(flat)
    if reason != "Valid Geometry":
        code = "self_intersection" if "Self-intersection" in reason else "bad_ring"
        raise AreaError(code, _place_in(reason))
    return flat if isinstance(flat, MultiPolygon) else MultiPolygon([flat])


def text_of_area(shape: MultiPolygon) -> str:
    """The shape as hexadecimal signs, exact to the last bit, for keeping it in a text."""
    return shapely.to_wkb(shape, hex=True)


def area_in_text(text: str) -> MultiPolygon:
    """The shape that ``text_of_area`` wrote. Raises AreaError."""
    return as_area_shape(shapely.from_wkb(text))


def outline_around(points: Iterable[Point], margin_m: float) -> MultiPolygon:
    """The ground within ``margin_m`` of any of the places: an outline while none is known."""
    plane = _Plane(list(points))
    discs = [shapely.Point(x, y).buffer(margin_m) for x, y in plane.xy]
    return plane.on_globe(shapely.union_all(discs))


def approximate_areas(
    points: Mapping[str, Point], outline: MultiPolygon
) -> dict[str, MultiPolygon]:
    """Each code's share of the outline: the ground nearer to its place than to any other.

    Stands in until surveyed borders are imported. Codes whose ground lies wholly outside the
    outline have an empty shape.
    """
    codes = sorted(points)
    plane = _Plane(_apart([points[code] for code in codes]))
    frame = plane.flat(outline)
    cells = shapely.voronoi_polygons(
        shapely.MultiPoint(plane.xy), extend_to=frame, ordered=True
    ).geoms
    return {
        code: plane.on_globe(cell.intersection(frame))
        for code, cell in zip(codes, cells, strict=True)
    }


def merged_areas(
    areas: Mapping[str, MultiPolygon], successors: Mapping[str, str]
) -> dict[str, MultiPolygon]:
    """Areas of new units, each the union of the areas of the old units it was made of."""
    parts: dict[str, list[MultiPolygon]] = defaultdict(list)
    for old, shape in areas.items():
        parts[successors[old]].append(shape)
    return {code: _as_multi(shapely.union_all(shapes)) for code, shapes in parts.items()}


def simplified(areas: Mapping[str, MultiPolygon], tolerance_m: float) -> dict[str, MultiPolygon]:
    """Fewer corners for drawing; neighbours keep their common border."""
    shapes = shapely.coverage_simplify(
        np.array(list(areas.values()), dtype=object), tolerance_m / METRES_PER_DEGREE
    )
    return {code: _as_multi(shape) for code, shape in zip(areas, shapes, strict=True)}


class _Plane:
    """Places in metres on a plane that touches the globe amid them."""

    def __init__(self, points: list[Point]) -> None:
        self._points = points
        middle = math.radians(sum(p.lat for p in points) / len(points))
        self._scale = np.array([METRES_PER_DEGREE * math.cos(middle), METRES_PER_DEGREE])

    @cached_property
    def xy(self) -> list[tuple[float, float]]:
        x, y = self._scale
        return [(p.lon * x, p.lat * y) for p in self._points]

    def flat(self, shape: MultiPolygon) -> MultiPolygon:
        return shapely.transform(shape, lambda xy: xy * self._scale)

    def on_globe(self, shape: BaseGeometry) -> MultiPolygon:
        return _as_multi(shapely.transform(shape, lambda xy: xy / self._scale))


def _as_multi(shape: BaseGeometry) -> MultiPolygon:
    """The polygons of the shape; points and lines that a cut left over are dropped."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    return MultiPolygon([part for part in parts if isinstance(part, Polygon)])


def _apart(points: list[Point]) -> list[Point]:
    """The places, those rounded onto one another set apart by less than the rounding."""
    seen: dict[Point, int] = defaultdict(int)
    moved = []
    for point in points:
        moved.append(Point(point.lon + seen[point] * _SAME_PLACE_STEP, point.lat))
        seen[point] += 1
    return moved


def _place_in(reason: str) -> Point | None:
    found = _PLACE.search(reason)
    return Point(float(found.group(1)), float(found.group(2))) if found else None
