"""Zipped shapefiles: only door to pyshp. Nothing is unpacked to disk, every size is bounded."""

import io
import stat
import struct
import warnings
import zipfile
import zlib
from pathlib import PurePosixPath

import shapefile

from geo.crs import recognise_prj, require_wgs84
from geo.geojson import MAX_BYTES, MAX_FEATURES, FileError, RawFeature

MAX_ENTRIES = 50
MAX_PART_BYTES = 64 * 1024 * 1024
_PARTS = {".shp": MAX_PART_BYTES, ".dbf": MAX_PART_BYTES, ".prj": 10_000, ".cpg": 100}
_NEEDED = (".dbf", ".prj")
_POLYGONS = frozenset({shapefile.POLYGON, shapefile.POLYGONZ, shapefile.POLYGONM})
# What .cpg files of QGIS and ArcGIS say. Anything else is refused: wrong letters in the name of a
# commune are worse than being asked to save the file again.
_ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "65001": "utf-8",
    "1258": "cp1258",
    "cp1258": "cp1258",
    "windows-1258": "cp1258",
    "ansi 1258": "cp1258",
}


def read_features(data: bytes) -> list[RawFeature]:
    """The polygons of the one layer in a zip, in WGS84. Raises FileError or CrsError."""
    if len(data) > MAX_BYTES:
        raise FileError("too_large", limit_mb=MAX_BYTES >> 20)
    parts = _unpacked(data)
    require_wgs84(recognise_prj(parts[".prj"].decode("utf-8", errors="replace")))
    cpg = parts.get(".cpg", b"utf-8").decode("ascii", errors="replace").strip().lower()
    if cpg not in _ENCODINGS:
        raise FileError("unknown_encoding")
    with warnings.catch_warnings():
        # pyshp warns of headers that do not fit; what matters is checked feature by feature.
        warnings.simplefilter("ignore")
        return _features(parts[".shp"], parts[".dbf"], _ENCODINGS[cpg])


def _features(shp: bytes, dbf: bytes, encoding: str) -> list[RawFeature]:
    try:
        with shapefile.Reader(
            shp=io.BytesIO(shp), dbf=io.BytesIO(dbf), encoding=encoding
        ) as reader:
            if reader.shapeType not in _POLYGONS:
                raise FileError("unreadable_shapefile")
            if len(reader) > MAX_FEATURES:
                raise FileError("too_many_features", limit=MAX_FEATURES)
            return [
                RawFeature(row, each.record.as_dict(), each.shape.__geo_interface__)
                for row, each in enumerate(reader.iterShapeRecords(), start=1)
            ]
    except FileError:
        raise
    except shapefile.dbfFileException as error:
        # pyshp has one class for the whole table file; only its words tell letters from damage.
        letters = "decode" in str(error)
        raise FileError("unknown_encoding" if letters else "unreadable_shapefile") from error
    except _BROKEN as error:
        raise FileError("unreadable_shapefile") from error


# What pyshp lets through when bytes are missing or sizes lie.
_BROKEN = (
    shapefile.ShapefileException,
    shapefile.GeoJSON_Error,
    shapefile.RingSamplingError,
    struct.error,
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    OSError,
    TypeError,
    ValueError,
    AssertionError,
)
# What zipfile raises for a bad archive. RuntimeError is its word for a locked part and, through a
# kind of it, for a format version or a packing method that it cannot read.
_BROKEN_ARCHIVE = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError)


def _unpacked(data: bytes) -> dict[str, bytes]:
    """The parts of the one layer, by lower-case ending."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = _layer_entries(archive)
            return {ending: _content(archive, entry) for ending, entry in entries.items()}
    except _BROKEN_ARCHIVE as error:
        raise FileError("unreadable_archive") from error


def _layer_entries(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    infos = archive.infolist()
    if len(infos) > MAX_ENTRIES:
        raise FileError("unsafe_archive")
    for info in infos:
        _check_safe(info)
    shapes = [info for info in infos if PurePosixPath(info.filename).suffix.lower() == ".shp"]
    if not shapes:
        raise FileError("missing_part", part=".shp")
    if len(shapes) > 1:
        raise FileError("several_layers")
    layer = PurePosixPath(shapes[0].filename).with_suffix("")
    entries = {
        path.suffix.lower(): info
        for info in infos
        if (path := PurePosixPath(info.filename)).with_suffix("") == layer
        and path.suffix.lower() in _PARTS
    }
    for part in _NEEDED:
        if part not in entries:
            raise FileError("missing_part", part=part)
    return entries


def _check_safe(info: zipfile.ZipInfo) -> None:
    """Refuses entries that aim outside the archive, are links, or are locked."""
    path = PurePosixPath(info.filename.replace("\\", "/"))
    is_link = stat.S_ISLNK(info.external_attr >> 16)
    if path.is_absolute() or ".." in path.parts or ":" in info.filename or is_link:
        raise FileError("unsafe_archive")
    if info.flag_bits & 0x1:
        raise FileError("encrypted_archive")


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """The entry's bytes; reading stops at the limit, whatever the archive claims."""
    limit = _PARTS[PurePosixPath(info.filename).suffix.lower()]
    with archive.open(info) as entry:
        content = entry.read(limit + 1)
    if len(content) > limit:
        raise FileError("too_large", limit_mb=max(1, limit >> 20))
    return content
