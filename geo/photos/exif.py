"""What the phone wrote into the photo, believed only where it makes sense."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from PIL import ExifTags, Image

from geo.photos.opening import open_photo, strict_pillow
from geo.photos.refusals import PhotoRefused
from geo.points import Point

_MOMENT = re.compile(r"(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d):(\d\d)")
_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)")
# Line Islands keep the largest difference to UTC that any clock shows.
_MAX_OFFSET_MINUTES = 14 * 60

_Tags = Mapping[int, object]


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """What EXIF says. None where it says nothing believable. `place` is where the phone stood.

    `taken_at` is what the phone's clock showed, without a zone; `offset_minutes` is that clock's
    difference to UTC, where the phone wrote it down. `orientation` is 1 to 8 as EXIF counts,
    1 for HEIC, whose pixels come out upright.
    """

    place: Point | None = None
    taken_at: datetime | None = None
    offset_minutes: int | None = None
    orientation: int = 1


def read_exif(data: bytes) -> PhotoFacts:
    """Place, time and orientation of a photo. Never raises: what cannot be read is not said.

    A PNG may carry its EXIF behind the picture and is decoded for it.
    """
    try:
        with strict_pillow(), open_photo(data) as image:
            return facts_of(image)
    except PhotoRefused:
        return PhotoFacts()


def facts_of(image: Image.Image) -> PhotoFacts:
    """As `read_exif`, of an opened photo; call inside `strict_pillow`."""
    try:
        exif = image.getexif()
    except Exception:
        # Readers of EXIF raise whatever the bytes lead them to.
        return PhotoFacts()
    details = _directory(exif, ExifTags.IFD.Exif)
    return PhotoFacts(
        place=_place(_directory(exif, ExifTags.IFD.GPSInfo)),
        taken_at=_taken_at(details),
        offset_minutes=_offset_minutes(details.get(ExifTags.Base.OffsetTimeOriginal)),
        orientation=_orientation(exif.get(ExifTags.Base.Orientation)),
    )


def _directory(exif: Image.Exif, tag: ExifTags.IFD) -> _Tags:
    try:
        return dict(exif.get_ifd(tag))
    except Exception:
        # As above; one broken directory must not hide the others.
        return {}


def _orientation(value: object) -> int:
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _place(gps: _Tags) -> Point | None:
    lon = _degrees(gps, ExifTags.GPS.GPSLongitude, ExifTags.GPS.GPSLongitudeRef, "EW", 180)
    lat = _degrees(gps, ExifTags.GPS.GPSLatitude, ExifTags.GPS.GPSLatitudeRef, "NS", 90)
    if lon is None or lat is None or (lon == 0 and lat == 0):
        # Phones without a fix write zeros: a point in the Gulf of Guinea, where nobody reports.
        return None
    return Point(lon, lat)


def _degrees(gps: _Tags, tag: int, ref_tag: int, letters: str, limit: int) -> float | None:
    ref = _text(gps.get(ref_tag)).upper()[:1]
    parts = _numbers(gps.get(tag))
    if not ref or ref not in letters or len(parts) != 3:
        return None
    degrees, minutes, seconds = parts
    if min(parts) < 0 or minutes > 60 or seconds > 60:
        return None
    size = degrees + minutes / 60 + seconds / 3600
    if size > limit:
        return None
    return size if ref == letters[0] else -size


def _numbers(values: object) -> list[float]:
    """The values as finite numbers; empty when one of them is not (a denominator of zero)."""
    if not isinstance(values, tuple):
        return []
    try:
        numbers = [float(value) for value in values]
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return []
    return numbers if all(map(math.isfinite, numbers)) else []


def _taken_at(details: _Tags) -> datetime | None:
    for tag in (ExifTags.Base.DateTimeOriginal, ExifTags.Base.DateTimeDigitized):
        found = _MOMENT.match(_text(details.get(tag)))
        if found:
            try:
                return datetime.fromisoformat("{}-{}-{}T{}:{}:{}".format(*found.groups()))
            except ValueError:
                continue
    return None


def _offset_minutes(value: object) -> int | None:
    found = _OFFSET.match(_text(value))
    if not found:
        return None
    minutes = int(found[2]) * 60 + int(found[3])
    if minutes > _MAX_OFFSET_MINUTES:
        return None
    return minutes if found[1] == "+" else -minutes


def _text(value: object) -> str:
    text = value.decode("ascii", "ignore") if isinstance(value, bytes) else value
    return text.strip(" \0") if isinstance(text, str) else ""
