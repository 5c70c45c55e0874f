"""Only door to GeoAlchemy2: geometry columns, and questions both databases answer alike.

PostGIS finds its index by itself. SpatiaLite never does: there the R-tree ``idx_<table>_<column>``
is asked by hand for row ids, and the exact test follows, because the R-tree rounds to 32 bits.
Metres are great-circle metres on both, as in ``geo.points.distance_m``.
"""

from typing import Any, Protocol

from geoalchemy2 import Geometry, WKBElement, WKTElement
from geoalchemy2.shape import from_shape, to_shape
from shapely import MultiPolygon
from shapely import Point as ShapelyPoint
from sqlalchemy import BindParameter, Boolean, ColumnElement, Float, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute, MappedColumn, mapped_column
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from geo.points import Bbox, Point, box_around

SRID = 4326
SPATIALITE_SRIDS = (4326, 3857, 3405, 3406)

StoredGeometry = WKBElement
"""What a geometry column yields; turn it into a Point or shape with the functions below."""

GeometryColumn = InstrumentedAttribute[Any] | ColumnElement[Any]


def point_column(*, nullable: bool = False) -> MappedColumn[Any]:
    """A column of points (WGS84) with a spatial index."""
    return mapped_column(Geometry("POINT", srid=SRID, spatial_index=True), nullable=nullable)


def area_column(*, nullable: bool = False) -> MappedColumn[Any]:
    """A column of multipolygons (WGS84) with a spatial index."""
    return mapped_column(Geometry("MULTIPOLYGON", srid=SRID, spatial_index=True), nullable=nullable)


def stored_point(point: Point) -> WKTElement:
    """The point as a value for a point column."""
    return WKTElement(point.wkt, srid=SRID)


def stored_area(shape: MultiPolygon) -> WKBElement:
    """The shape as a value for an area column."""
    return from_shape(shape, srid=SRID)


def point_from(value: StoredGeometry) -> Point:
    """The point read from a point column."""
    shape = to_shape(value)
    if not isinstance(shape, ShapelyPoint):
        raise TypeError(f"not a point: {shape.geom_type}")
    return Point(shape.x, shape.y)


def area_from(value: StoredGeometry) -> MultiPolygon:
    """The shape read from an area column."""
    shape = to_shape(value)
    if not isinstance(shape, MultiPolygon):
        raise TypeError(f"not a multipolygon: {shape.geom_type}")
    return shape


class _Spatial(FunctionElement[bool]):
    """A spatial test: the column, then plain numbers, so that statements are cached by shape."""

    inherit_cache = True
    type = Boolean()
    # Without it SQLAlchemy writes "(…) = 1" for SQLite, which hides the row ids from its planner:
    # the whole table would be read.
    _is_implicitly_boolean = True

    def __init__(self, column: GeometryColumn, *numbers: float | str) -> None:
        super().__init__(column, *map(_parameter, numbers))


def _parameter(number: float | str) -> BindParameter[float]:
    """A number to ask with, or the name under which it comes when the statement is asked."""
    if isinstance(number, str):
        return bindparam(number, type_=Float())
    return bindparam(None, float(number), type_=Float())


class _Covers(_Spatial):
    """column, lon, lat"""

    inherit_cache = True


class _WithinBox(_Spatial):
    """column, west, south, east, north"""

    inherit_cache = True


class _WithinMetres(_Spatial):
    """column, west, south, east, north, lon, lat, metres"""

    inherit_cache = True


def contains_point(area_column: GeometryColumn) -> ColumnElement[bool]:
    """Whether the area holds the place of the parameters ``lon`` and ``lat``, borders included.

    The statement can so be built once and asked for every place.
    """
    return _Covers(area_column, "lon", "lat")


def within_box(geometry: GeometryColumn, bbox: Bbox) -> ColumnElement[bool]:
    """Whether the geometry touches the box, borders included."""
    return _WithinBox(geometry, bbox.west, bbox.south, bbox.east, bbox.north)


def within_metres(geometry: GeometryColumn, point: Point, metres: float) -> ColumnElement[bool]:
    """Whether the geometry comes as near as ``metres`` to the place."""
    return _WithinMetres(geometry, *circle_values(point, metres).values())


def circle_values(point: Point, metres: float) -> dict[str, float]:
    """The circle and the box around it, by name."""
    # A hair wider, so that rounding at the rim is left to the exact test.
    box = box_around(point, metres * 1.001 + 1)
    return {
        "circle_west": box.west,
        "circle_south": box.south,
        "circle_east": box.east,
        "circle_north": box.north,
        "circle_lon": point.lon,
        "circle_lat": point.lat,
        "circle_metres": metres,
    }


@compiles(_Covers, "postgresql")
def _covers_postgis(element: _Covers, compiler: SQLCompiler, **kw: Any) -> str:
    column, lon, lat = (compiler.process(each, **kw) for each in element.clauses)
    return f"ST_Covers({column}, {_point_postgis(lon, lat)})"


@compiles(_WithinBox, "postgresql")
def _within_box_postgis(element: _WithinBox, compiler: SQLCompiler, **kw: Any) -> str:
    column, *box = (compiler.process(each, **kw) for each in element.clauses)
    west, south, east, north = box
    # ST_Intersects asks the index first; the operator && alone compares 32-bit boxes. The envelope
    # of a diagonal, unlike ST_MakeEnvelope, is right for a box without width too.
    diagonal = f"ST_MakeLine(ST_MakePoint({west}, {south}), ST_MakePoint({east}, {north}))"
    return f"ST_Intersects({column}, ST_SetSRID(ST_Envelope({diagonal}), {SRID}))"


@compiles(_WithinMetres, "postgresql")
def _within_metres_postgis(element: _WithinMetres, compiler: SQLCompiler, **kw: Any) -> str:
    column, *numbers = (compiler.process(each, **kw) for each in element.clauses)
    *box, lon, lat, metres = numbers
    # The envelope uses the geometry index, which geography would not; false asks for the sphere.
    return (
        f"({column} && ST_MakeEnvelope({', '.join(box)}, {SRID}) AND ST_DWithin("
        f"{column}::geography, {_point_postgis(lon, lat)}::geography, {metres}, false))"
    )


@compiles(_Covers, "sqlite")
def _covers_spatialite(element: _Covers, compiler: SQLCompiler, **kw: Any) -> str:
    column, lon, lat = (compiler.process(each, **kw) for each in element.clauses)
    near = _from_rtree(element, compiler, lon, lat, lon, lat)
    return f"({near} AND ST_Covers({column}, MakePoint({lon}, {lat}, {SRID})) = 1)"


@compiles(_WithinBox, "sqlite")
def _within_box_spatialite(element: _WithinBox, compiler: SQLCompiler, **kw: Any) -> str:
    column, *box = (compiler.process(each, **kw) for each in element.clauses)
    near = _from_rtree(element, compiler, *box)
    return f"({near} AND ST_Intersects({column}, BuildMbr({', '.join(box)}, {SRID})) = 1)"


@compiles(_WithinMetres, "sqlite")
def _within_metres_spatialite(element: _WithinMetres, compiler: SQLCompiler, **kw: Any) -> str:
    column, *numbers = (compiler.process(each, **kw) for each in element.clauses)
    *box, lon, lat, metres = numbers
    near = _from_rtree(element, compiler, *box)
    return f"({near} AND ST_Distance({column}, MakePoint({lon}, {lat}, {SRID}), 0) <= {metres})"


def _point_postgis(lon: str, lat: str) -> str:
    return f"ST_SetSRID(ST_MakePoint({lon}, {lat}), {SRID})"


def _from_rtree(
    element: _Spatial, compiler: SQLCompiler, west: str, south: str, east: str, north: str
) -> str:
    """Row ids from the column's R-tree whose box touches the given one."""
    column: Any = next(iter(element.clauses))
    alias = column.table
    table = getattr(alias, "element", alias)
    quote = compiler.preparer.quote
    rtree = quote(f"idx_{table.name}_{column.name}")
    return (
        f"{quote(alias.name)}.rowid IN (SELECT pkid FROM {rtree} WHERE xmin <= {east}"  # noqa: S608
        f" AND xmax >= {west} AND ymin <= {north} AND ymax >= {south})"
    )


class SpatialConnection(Protocol):
    """What is needed of a driver's connection (sqlite3 or pysqlite3)."""

    def enable_load_extension(self, enabled: bool, /) -> Any: ...
    def load_extension(self, name: str, /) -> Any: ...
    def execute(self, sql: str, parameters: Any = ..., /) -> Any: ...


def prepare_spatialite(connection: SpatialConnection) -> None:
    """Makes a new SQLite connection spatial, and the database too when it is not yet.

    Loading extensions is forbidden again before anything else runs. Safe when several processes
    start on one empty file: set busy_timeout first. To be called outside a transaction.
    """
    connection.enable_load_extension(True)
    connection.load_extension("mod_spatialite")
    connection.enable_load_extension(False)
    if _missing_srids(connection):
        connection.execute("BEGIN IMMEDIATE")
        _initialise(connection)
        connection.execute("COMMIT")


def _initialise(connection: SpatialConnection) -> None:
    # Full tables of coordinate systems take 15 s and nobody asks for the other 6,000.
    if not connection.execute("SELECT CheckSpatialMetaData()").fetchone()[0]:
        connection.execute("SELECT InitSpatialMetaData(0, 'EMPTY')").fetchone()
    for srid in _missing_srids(connection):
        connection.execute("SELECT InsertEpsgSrid(?)", (srid,)).fetchone()


def _missing_srids(connection: SpatialConnection) -> list[int]:
    if not connection.execute("SELECT CheckSpatialMetaData()").fetchone()[0]:
        return list(SPATIALITE_SRIDS)
    known = {row[0] for row in connection.execute("SELECT srid FROM spatial_ref_sys")}
    return [srid for srid in SPATIALITE_SRIDS if srid not in known]
