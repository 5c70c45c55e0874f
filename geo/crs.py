"""Which coordinate system a file says it is in. Boundaries are taken in WGS84 only.

A transformation from VN-2000 needs the national shift parameters; guessing them would move borders
by some 200 m, so the sender is asked to save the file again as WGS84.
"""

import re
from enum import StrEnum


class Crs(StrEnum):
    """Coordinate systems told apart; the values are stable and may be stored or shown."""

    WGS84 = "wgs84"
    WEB_MERCATOR = "web_mercator"
    VN2000_ZONE_48 = "vn2000_zone_48"
    VN2000_ZONE_49 = "vn2000_zone_49"
    VN2000_OTHER = "vn2000_other"
    UNKNOWN = "unknown"


class CrsError(ValueError):
    """The file is not in WGS84. ``code`` is ``crs_`` and the name of what was found."""

    def __init__(self, found: Crs) -> None:
        self.found = found
        self.code = f"crs_{found.value}"
        super().__init__(self.code)


_BY_EPSG = {
    4326: Crs.WGS84,
    3857: Crs.WEB_MERCATOR,
    900913: Crs.WEB_MERCATOR,
    102100: Crs.WEB_MERCATOR,
    3405: Crs.VN2000_ZONE_48,
    3406: Crs.VN2000_ZONE_49,
    4756: Crs.VN2000_OTHER,
    **{code: Crs.VN2000_OTHER for code in (*range(5896, 5900), *range(9205, 9219))},
}

# Read from the top: the first pattern found decides. Names are compared without marks or case.
_PRJ_PATTERNS = (
    (re.compile(r"^PROJ(CS|CRS).*VN2000.*UTMZONE48N"), Crs.VN2000_ZONE_48),
    (re.compile(r"^PROJ(CS|CRS).*VN2000.*UTMZONE49N"), Crs.VN2000_ZONE_49),
    (re.compile(r"VN2000|VIETNAM2000"), Crs.VN2000_OTHER),
    (re.compile(r"^PROJ(CS|CRS).*(WEBMERCATOR|PSEUDOMERCATOR)"), Crs.WEB_MERCATOR),
    (re.compile(r"^(GEOGCS|GEOGCRS|GEODCRS|GEODETICCRS)(GCS)?WGS(19)?84"), Crs.WGS84),
)
_PRJ_LIMIT = 10_000
_CRS84 = re.compile(r"(^|[:/])CRS:?84$")
_EPSG = re.compile(r"EPSG(?:[:/][0-9.]*)?[:/]+([0-9]{4,6})$")


def recognise_prj(text: str) -> Crs:
    """The system of a shapefile's .prj (well-known text, ESRI or OGC, version 1 or 2)."""
    plain = re.sub(r"[^A-Z0-9]", "", text[:_PRJ_LIMIT].upper())
    return next((crs for pattern, crs in _PRJ_PATTERNS if pattern.search(plain)), Crs.UNKNOWN)


def recognise_geojson_crs(member: object) -> Crs:
    """The system of a GeoJSON ``crs`` member; none at all is WGS84 (RFC 7946, section 4)."""
    if member is None:
        return Crs.WGS84
    properties = member.get("properties") if isinstance(member, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str):
        return Crs.UNKNOWN
    name = name.strip().upper()
    if _CRS84.search(name):
        return Crs.WGS84
    epsg = _EPSG.search(name)
    return _BY_EPSG.get(int(epsg.group(1)), Crs.UNKNOWN) if epsg else Crs.UNKNOWN


def require_wgs84(crs: Crs) -> None:
    """Raises CrsError unless the system is WGS84."""
    if crs is not Crs.WGS84:
        raise CrsError(crs)
