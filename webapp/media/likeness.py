"""Photos that look alike, also after another program has made them smaller: a hint, never proof.

A likeness has 64 bits. Two photos with at most four differing ones share at least one of the five
parts of 13 bits, which an index finds. Measured on the reference photos: the same photo at 640 px
and quality 30 differs in 0 or 1 bits, two different scenes in 16 or more.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from sqlalchemy import delete, select

from webapp.core.unit_of_work import session
from webapp.media.models import Photo, PhotoBand

MOST_DIFFERING: Final = 4
_PARTS: Final = 5
_PART_BITS: Final = 13
# A night or a white wall: all such photos look alike and nothing follows from it.
_PLAIN: Final = 6
_BITS: Final = 64
Looks = Mapping[int, set[int]]
"""By the id of a photo the ids of those that look like it."""


def note_likeness(photo: Photo) -> None:
    """Write the parts of a photo's likeness, in place of those it had; none when it has none."""
    forget_likeness(photo)
    if photo.likeness is not None:
        for band in bands(photo.likeness):
            session().add(PhotoBand(band=band, photo_id=photo.id))


def forget_likeness(photo: Photo) -> None:
    """Remove the parts of an erased photo."""
    session().execute(delete(PhotoBand).where(PhotoBand.photo_id == photo.id))


def look_alikes(photos: Iterable[Photo]) -> Looks:
    """For each photo the ids of others that look like it, those without any left out."""
    known = {photo.id: photo.likeness for photo in photos if photo.likeness is not None}
    wanted = {band for likeness in known.values() for band in bands(likeness)}
    if not wanted:
        return {}
    query = (
        select(Photo.id, Photo.likeness)
        .join(PhotoBand, PhotoBand.photo_id == Photo.id)
        .where(PhotoBand.band.in_(sorted(wanted)))
        .distinct()
    )
    others = session().execute(query).all()
    found = {
        own: {other for other, theirs in others if other != own and _alike(likeness, theirs)}
        for own, likeness in known.items()
    }
    return {own: alike for own, alike in found.items() if alike}


def bands(likeness: str) -> Iterator[int]:
    """The parts by which a likeness is found; none for a plain one."""
    bits = int(likeness, 16)
    if not _PLAIN <= bits.bit_count() <= _BITS - _PLAIN:
        return
    for part in range(_PARTS):
        yield part << _PART_BITS | (bits >> _PART_BITS * part) & ((1 << _PART_BITS) - 1)


def _alike(one: str, other: str | None) -> bool:
    return other is not None and (int(one, 16) ^ int(other, 16)).bit_count() <= MOST_DIFFERING
