"""What lies around a place, nearest first, by the index over cells: for statements built once.

A circle of a few hundred metres is a few ranges of cells; the rest is told on a plane that touches
the earth at the place, off by less than a thousandth. Whoever shows metres asks ``distance_m``.
"""

import math
from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Boolean, ColumnElement, Float, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from geo.cells import CELL_ZOOM, MAX_RANGES, ranges
from geo.points import METRES_PER_DEGREE, Point, box_around
from webapp.cases.indexed import FEW, Column, range_ends, range_values

_CELLS: Final = "cells"
_MARGIN = 1.002, 1.0
_LON, _LAT, _SHRINK, _REACH = (
    bindparam(name, type_=Float()) for name in ("lon", "lat", "shrink", "reach")
)


def in_cells(
    row_id: InstrumentedAttribute[int],
    cell: InstrumentedAttribute[Any],
    indexed: ColumnElement[bool],
) -> ColumnElement[bool]:
    """Whether the circle touches the cell of a row that meets the condition of a partial index.

    PostgreSQL looks into the index for each range of one condition, which it plans in a third of
    the time that a branch for each takes. SQLite takes the index for branches alone.
    """
    ends = (each for number in range(MAX_RANGES) for each in range_ends(_CELLS, number))
    return _InCells(row_id, cell, indexed, *ends)


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


class _InCells(FunctionElement[bool]):
    """row id, cell, condition, then the two ends of each range"""

    inherit_cache = True
    type = Boolean()
    _is_implicitly_boolean = True  # else SQLite compares it with 1


def _pairs(ends: list[str]) -> Iterator[tuple[str, str]]:
    return zip(ends[::2], ends[1::2], strict=True)


@compiles(_InCells, "postgresql")
def _any_range(element: _InCells, compiler: SQLCompiler, **kw: Any) -> str:
    _row_id, cell, indexed, *ends = (compiler.process(each, **kw) for each in element.clauses)
    spans = (f"{cell} BETWEEN {low} AND {high}" for low, high in _pairs(ends))
    return f"({indexed} AND ({' OR '.join(spans)}))"


@compiles(_InCells, "sqlite")
def _each_range(element: _InCells, compiler: SQLCompiler, **kw: Any) -> str:
    row_id, cell, indexed, *ends = (compiler.process(each, **kw) for each in element.clauses)
    column: Any = next(iter(element.clauses))
    # The condition's values would have to be given once for each branch: it holds none.
    branches = (
        f"SELECT {row_id} FROM {column.table.name}"  # noqa: S608  # all are of the compiler
        f" WHERE likelihood({cell} BETWEEN {low} AND {high}, {FEW}) AND {indexed}"
        for low, high in _pairs(ends)
    )
    return f"{row_id} IN ({' UNION ALL '.join(branches)})"
