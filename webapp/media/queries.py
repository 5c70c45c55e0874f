"""Reading photos: renditions only, and only what the reader may see."""

from collections.abc import Iterable

from sqlalchemy import select

from geo.photos import PhotoCertificate, PhotoFacts
from webapp.core import files
from webapp.core.actor import Actor
from webapp.core.errors import NotFound
from webapp.core.unit_of_work import session
from webapp.media.facts import unseal_facts
from webapp.media.models import Photo, Redaction, Rendition
from webapp.media.policy import may_see
from webapp.media.workflow import SHOWABLE


def photo_by_uid(uid: str) -> Photo | None:
    """The photo of this uid; whoever asks checks who may see it."""
    return session().scalar(select(Photo).where(Photo.uid == uid))


def public_rendition(uid: str, kind: str) -> Rendition:
    """A rendition of an approved photo. Raises NotFound, equally for unknown and not approved."""
    return _rendition(_approved(photo_by_uid(uid)), kind)


def staff_rendition(actor: Actor, uid: str, kind: str) -> Rendition:
    """A rendition that some rule shows to the actor. Raises NotFound for all others equally."""
    photo = photo_by_uid(uid)
    if photo is None or photo.state not in SHOWABLE or not may_see(actor, photo):
        raise NotFound
    return _rendition(photo, kind)


def rendition_bytes(photo: Photo, kind: str) -> bytes:
    """The JPEG of a rendition, for a caller who checked sight. Raises NotFound."""
    if photo.state not in SHOWABLE:
        raise NotFound
    return content_of(_rendition(photo, kind))


def content_of(rendition: Rendition) -> bytes:
    """The JPEG of a rendition. Raises NotFound when it was erased meanwhile."""
    try:
        return files.store().get(rendition.file_key)
    except FileNotFoundError:
        raise NotFound from None


def read_facts(photo: Photo) -> PhotoFacts | None:
    """Place and time as EXIF has them; None before the photo was read. The caller authorises."""
    if photo.facts_sealed is None:
        return None
    return unseal_facts(photo.facts_sealed, photo.uid)


def certificate_of(photo: Photo) -> PhotoCertificate:
    """Hash, size, time and place of the sealed original, for the handling office.

    The hash is that of the received bytes, checked at receipt. The caller authorises.
    """
    facts = read_facts(photo) or PhotoFacts()
    return PhotoCertificate(
        sha256=photo.sha256,
        size_bytes=photo.size,
        taken_at=facts.taken_at,
        offset_minutes=facts.offset_minutes,
        place=facts.place,
    )


def copies_among(photo_ids: Iterable[int]) -> frozenset[int]:
    """Those of these photos that a redaction made: nobody sent them."""
    made = select(Redaction.result_id).where(Redaction.result_id.in_(list(photo_ids)))
    return frozenset(each for each in session().scalars(made) if each is not None)


def with_copies(photo_ids: Iterable[int]) -> list[int]:
    """These photos and what was redacted out of them."""
    own = list(photo_ids)
    made = select(Redaction.result_id).where(
        Redaction.photo_id.in_(own), Redaction.result_id.is_not(None)
    )
    return own + [each for each in session().scalars(made) if each is not None]


def _approved(photo: Photo | None) -> Photo:
    if photo is None or photo.state != "approved":
        raise NotFound
    return photo


def _rendition(photo: Photo, kind: str) -> Rendition:
    for rendition in photo.renditions:
        if rendition.kind == kind:
            return rendition
    raise NotFound
