"""What lies around a place, nearest first, by the index over cells: for statements built once.

A circle of a few hundred metres is a few ranges of cells; the rest is told on a plane that touches
the earth at the place, off by less than a thousandth. Whoever shows metres asks ``distance_m``.
"""

import math
from typing import Any, Final

from sqlalchemy import ColumnElement, Float, bindparam
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.selectable import Join

from geo.cells import CELL_ZOOM, ranges
from geo.points import METRES_PER_DEGREE, Point, box_around
from webapp.cases.indexed import Column, by_cells, range_values

_CELLS: Final = "cells"
_MARGIN = 1.002, 1.0
_LON, _LAT, _SHRINK, _REACH = (
    bindparam(name, type_=Float()) for name in ("lon", "lat", "shrink", "reach")
)


def in_cells(cell: InstrumentedAttribute[Any], *conditions: ColumnElement[bool]) -> Join:
    """The rows whose cell the circle touches, under the conditions of an index with the cell."""
    return by_cells(cell, _CELLS, conditions)


def away(lon: Column, lat: Column) -> ColumnElement[float]:
    """How far a row is from the place: a number to sort by, no metres."""
    east: Any = (lon - _LON) * _SHRINK
    north: Any = lat - _LAT
    found: ColumnElement[float] = east * east + north * north
    return found


def in_reach(lon: Column, lat: Column) -> ColumnElement[bool]:
    """Whether a row lies in the circle, or a hair outside of it."""
    return away(lon, lat) <= _REACH


def around_values(point: Point, metres: float) -> dict[str, Any]:
    """The place and the circle as values of the statement, with the ranges of cells."""
    factor, more = _MARGIN
    wide = metres * factor + more
    return {
        "lon": point.lon,
        "lat": point.lat,
        "shrink": math.cos(math.radians(point.lat)),
        "reach": (wide / METRES_PER_DEGREE) ** 2,
        **range_values(_CELLS, ranges(box_around(point, wide), CELL_ZOOM)),
    }
