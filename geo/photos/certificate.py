"""What can be said about an original that stays sealed."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from geo.photos.exif import PhotoFacts
from geo.points import Point


@dataclass(frozen=True, slots=True)
class PhotoCertificate:
    """Hash, size in bytes, time and place of one original, as received.

    Time and place are what the phone wrote, not what anybody checked. The place is where the
    photographer stood: a reader who may not know that gets the certificate without it.
    """

    sha256: str
    size_bytes: int
    taken_at: datetime | None
    offset_minutes: int | None
    place: Point | None


def certify_photo(data: bytes, facts: PhotoFacts) -> PhotoCertificate:
    """The facts of an original for the handling office (rings of sight: it never sees the file)."""
    return PhotoCertificate(
        sha256=hashlib.sha256(data).hexdigest(),
        size_bytes=len(data),
        taken_at=facts.taken_at,
        offset_minutes=facts.offset_minutes,
        place=facts.place,
    )
