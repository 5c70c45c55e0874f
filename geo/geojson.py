"""GeoJSON (RFC 7946): reading feature collections from outside, and building ones to send out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from shapely import MultiPolygon

from geo.crs import recognise_geojson_crs, require_wgs84
from geo.points import Point

MAX_BYTES = 16 * 1024 * 1024
"""Four times the communes of one province at full detail."""

MAX_FEATURES = 20_000
AREA_DECIMALS = 5


class FileError(ValueError):
    """The file as a whole cannot be read. ``code`` says why, ``params`` the figures to show.

    Codes: ``too_large``, ``unreadable_json``, ``not_feature_collection``, ``too_many_features``,
    and for zipped shapefiles ``unreadable_archive``, ``encrypted_archive``, ``unsafe_archive``,
    ``several_layers``, ``missing_part``, ``unknown_encoding``, ``unreadable_shapefile``.
    """

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class RawFeature:
    """One feature as it came: row from 1, unchecked properties and GeoJSON geometry."""

    row: int
    properties: Mapping[str, Any]
    geometry: object


def read_features(data: bytes) -> list[RawFeature]:
    """The features of a FeatureCollection in WGS84. Raises FileError or CrsError."""
    if len(data) > MAX_BYTES:
        raise FileError("too_large", limit_mb=MAX_BYTES >> 20)
    try:
        # orjson stops at a fixed depth and refuses NaN and Infinity.
        document = orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise FileError("unreadable_json", line=error.lineno, column=error.colno) from error
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        raise FileError("not_feature_collection")
    features = document.get("features")
    if not isinstance(features, list):
        raise FileError("not_feature_collection")
    if len(features) > MAX_FEATURES:
        raise FileError("too_many_features", limit=MAX_FEATURES)
    require_wgs84(recognise_geojson_crs(document.get("crs")))
    return [_raw(row, feature) for row, feature in enumerate(features, start=1)]


def _raw(row: int, feature: object) -> RawFeature:
    if not isinstance(feature, dict):
        return RawFeature(row, {}, None)
    properties = feature.get("properties")
    return RawFeature(
        row, properties if isinstance(properties, dict) else {}, feature.get("geometry")
    )


def point_feature(point: Point, properties: Mapping[str, Any]) -> dict[str, Any]:
    """A Feature at a place, for orjson."""
    return _feature(point_geometry(point), properties)


def place_feature(lon: float, lat: float, properties: dict[str, Any]) -> dict[str, Any]:
    """``point_feature`` of one of hundreds of places that come from our own tables."""
    place = {"type": "Point", "coordinates": (lon, lat)}
    return {"type": "Feature", "geometry": place, "properties": properties}


def point_geometry(point: Point) -> dict[str, Any]:
    """The geometry of a place, for orjson."""
    return {"type": "Point", "coordinates": (point.lon, point.lat)}


def area_feature(shape: MultiPolygon, properties: Mapping[str, Any]) -> dict[str, Any]:
    """A Feature of an area for drawing, corners rounded to about a metre."""
    return _feature(area_geometry(shape), properties)


def area_geometry(shape: MultiPolygon) -> dict[str, Any]:
    """The geometry of an area for drawing, corners rounded to about a metre."""
    coordinates = [
        [_rounded(ring.coords) for ring in (polygon.exterior, *polygon.interiors)]
        for polygon in shape.geoms
    ]
    return {"type": "MultiPolygon", "coordinates": coordinates}


def feature_collection(features: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """A FeatureCollection, for orjson."""
    return {"type": "FeatureCollection", "features": list(features)}


def _feature(geometry: dict[str, Any], properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": dict(properties)}


def _rounded(coordinates: Iterable[tuple[float, ...]]) -> list[tuple[float, float]]:
    return [(round(x, AREA_DECIMALS), round(y, AREA_DECIMALS)) for x, y in coordinates]
