"""What a letter or certificate says of the sealed originals of a case.

The place is the case's own, never where the phone stood (rings of sight).
"""

from datetime import UTC, datetime, timedelta, timezone

from webapp.cases.models import Case, CasePhoto
from webapp.cases.queries import photos_of
from webapp.core import clock
from webapp.documents.evidence import SealedOriginal
from webapp.media.models import Photo
from webapp.media.queries import copies_among, read_facts


def place_in_words(case: Case) -> str:
    """Where the matter is, as letters say it: without the unit, which they name themselves."""
    place = (case.place_note or "").removesuffix(case.handling_unit.name).rstrip(" ,")
    return place or "khu vực được phản ánh"


def sealed_originals(case: Case) -> list[SealedOriginal]:
    """The originals behind the photos of the matter itself, in the order they came."""
    return [
        SealedOriginal(
            sha256=photo.sha256,
            sealed_on=clock.local(photo.received_at or case.opened_at).date(),
            taken_at=_taken_at(photo),
            place=place_in_words(case),
        )
        for link, photo in _sent(case)
        if link.purpose == "before"
    ]


def _sent(case: Case) -> list[tuple[CasePhoto, Photo]]:
    """The photos of a case that somebody sent, without copies made of them."""
    every = photos_of(case.id)
    copies = copies_among(photo.id for _link, photo in every)
    return [(link, photo) for link, photo in every if photo.id not in copies]


def _taken_at(photo: Photo) -> datetime | None:
    facts = read_facts(photo)
    if facts is None or facts.taken_at is None:
        return None
    if facts.taken_at.tzinfo is not None:
        return facts.taken_at.astimezone(UTC)
    zone = (
        clock.LOCAL
        if facts.offset_minutes is None
        else timezone(timedelta(minutes=facts.offset_minutes))
    )
    return facts.taken_at.replace(tzinfo=zone)
