"""Boundary files from offices, checked feature by feature before anything is stored.

Whether a code is missing or unknown is for the caller, who has the list of units.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from shapely import MultiPolygon, Polygon

from geo import geojson, shapefiles
from geo.areas import AreaError, as_area_shape
from geo.crs import CrsError
from geo.geojson import FileError, RawFeature
from geo.points import VIETNAM

_ZIP = b"PK\x03\x04"
_CODE_NAMES = ("code", "ma", "maxa", "level3id")
_NAME_NAMES = ("fullname", "tenxa", "name", "ten")
_MAX_NAME = 200
_CODE = re.compile(r"[0-9A-Za-z._-]{1,20}", re.ASCII)
_METRES_FROM = 1000
"""Degrees never reach this; projected coordinates of Viet Nam always do."""

Ring = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class BoundaryFeature:
    """One area ready to store. ``row`` counts from 1; ``code`` and ``name`` may be missing."""

    row: int
    code: str | None
    name: str | None
    geometry: MultiPolygon


@dataclass(frozen=True, slots=True)
class BoundaryProblem:
    """Why the file (``row`` None) or one of its rows cannot be used.

    Message codes: those of FileError, CrsError and AreaError, and ``bad_code``, ``bad_geometry``,
    ``ring_not_closed``, ``looks_swapped``, ``projected_coordinates``, ``outside_region``,
    ``duplicate_code`` and ``two_names_for_code`` (params ``first_row``).
    """

    row: int | None
    code: str | None
    message_code: str
    params: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BoundaryFile:
    """What a file holds: the usable areas, and every problem in order of rows."""

    features: list[BoundaryFeature]
    problems: list[BoundaryProblem]


class _RowError(ValueError):
    def __init__(self, code: str, **params: float) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def read_boundaries(data: bytes) -> BoundaryFile:
    """Areas from a GeoJSON FeatureCollection or a zipped shapefile. Never raises on content."""
    reader = shapefiles.read_features if data.startswith(_ZIP) else geojson.read_features
    try:
        raw = reader(data)
    except FileError as error:
        return BoundaryFile([], [BoundaryProblem(None, None, error.code, error.params)])
    except CrsError as error:
        return BoundaryFile([], [BoundaryProblem(None, None, error.code)])
    features: list[BoundaryFeature] = []
    problems: list[BoundaryProblem] = []
    for each in raw:
        checked = _checked(each)
        if isinstance(checked, BoundaryFeature):
            features.append(checked)
        else:
            problems.append(checked)
    unique, repeated = _without_repeats(features)
    problems.extend(repeated)
    return BoundaryFile(unique, sorted(problems, key=lambda problem: problem.row or 0))


def _checked(raw: RawFeature) -> BoundaryFeature | BoundaryProblem:
    code = _code(raw.properties)
    if code is not None and not _CODE.fullmatch(code):
        return BoundaryProblem(raw.row, None, "bad_code")
    try:
        shape = as_area_shape(_polygons(raw.geometry))
    except _RowError as error:
        return BoundaryProblem(raw.row, code, error.code, error.params)
    except AreaError as error:
        place = {"lon": error.place.lon, "lat": error.place.lat} if error.place else {}
        return BoundaryProblem(raw.row, code, error.code, place)
    return BoundaryFeature(raw.row, code, _name(raw.properties), shape)


def _without_repeats(
    features: list[BoundaryFeature],
) -> tuple[list[BoundaryFeature], list[BoundaryProblem]]:
    """Leaves out every feature whose code stands twice: nothing tells which one is right."""
    by_code: dict[str, list[BoundaryFeature]] = defaultdict(list)
    for feature in features:
        if feature.code is not None:
            by_code[feature.code].append(feature)
    problems = []
    for code, (first, *others) in by_code.items():
        for other in others:
            message = "duplicate_code" if other.name == first.name else "two_names_for_code"
            problems.append(BoundaryProblem(other.row, code, message, {"first_row": first.row}))
    repeated = {problem.code for problem in problems}
    return [feature for feature in features if feature.code not in repeated], problems


def _code(properties: Mapping[str, Any]) -> str | None:
    value = _first(properties, _CODE_NAMES)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return _text(value) if isinstance(value, str | int) and not isinstance(value, bool) else None


def _name(properties: Mapping[str, Any]) -> str | None:
    value = _first(properties, _NAME_NAMES)
    return _text(value) if isinstance(value, str) else None


def _text(value: str | int) -> str | None:
    words = unicodedata.normalize("NFC", str(value)).split()
    return " ".join(words)[:_MAX_NAME] or None


def _first(properties: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    """The value under the first of the names, however the column is spelt (MaXa, ma_xa, Mã xã)."""
    spelt = {_plain(key): value for key, value in properties.items() if value not in (None, "")}
    return next((spelt[name] for name in names if name in spelt), None)


def _plain(key: str) -> str:
    letters = unicodedata.normalize("NFD", key.casefold())
    return "".join(letter for letter in letters if letter.isascii() and letter.isalnum())


def _polygons(geometry: object) -> Polygon | MultiPolygon:
    """The polygons of a GeoJSON geometry, its numbers checked before any shape is built."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(geometry, dict) or kind not in ("Polygon", "MultiPolygon"):
        raise _RowError("not_polygon")
    coordinates = geometry.get("coordinates")
    parts = [coordinates] if kind == "Polygon" else coordinates
    if not isinstance(parts, list | tuple):
        raise _RowError("bad_geometry")
    polygons = [_rings(part) for part in parts]
    _check_place([ring for rings in polygons for ring in rings])
    return MultiPolygon([Polygon(rings[0], rings[1:]) for rings in polygons])


def _rings(part: object) -> list[Ring]:
    if not isinstance(part, list | tuple) or not part:
        raise _RowError("bad_geometry")
    return [_ring(ring) for ring in part]


def _ring(ring: object) -> Ring:
    try:
        numbers = np.array(ring)
    except ValueError as error:
        raise _RowError("bad_geometry") from error
    # Text that reads as a number is still not a coordinate.
    if numbers.dtype.kind not in "fiu" or numbers.ndim != 2 or numbers.shape[1] not in (2, 3, 4):
        raise _RowError("bad_geometry")
    flat = numbers[:, :2].astype(np.float64)
    if len(flat) < 4 or not np.isfinite(flat).all():
        raise _RowError("bad_geometry")
    if not np.array_equal(flat[0], flat[-1]):
        raise _RowError("ring_not_closed", lon=float(flat[0][0]), lat=float(flat[0][1]))
    return flat


def _check_place(rings: list[Ring]) -> None:
    """Refuses shapes that do not lie in or near Viet Nam, saying what is probably wrong."""
    if not rings:
        return
    corners = np.concatenate(rings)
    if np.abs(corners).max() >= _METRES_FROM:
        raise _RowError("projected_coordinates")
    box = (VIETNAM.west, VIETNAM.south, VIETNAM.east, VIETNAM.north)
    if _inside(corners, box):
        return
    raise _RowError("looks_swapped" if _inside(corners[:, ::-1], box) else "outside_region")


def _inside(corners: Ring, box: tuple[float, float, float, float]) -> bool:
    west, south, east, north = box
    low, high = corners.min(axis=0), corners.max(axis=0)
    return bool((low >= (west, south)).all() and (high <= (east, north)).all())
