"""What happens to a photo: listed, stored, rendered, approved or hidden, erased.

Rights are those of the record that the photo belongs to: the caller has authorised.
"""

import uuid
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from geo.photos import MAX_BYTES
from webapp.audit.operations import Subject, record
from webapp.core import clock, files
from webapp.core.actor import SYSTEM, Actor
from webapp.core.errors import Gone, Invalid, TooLarge
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.jobs.operations import enqueue
from webapp.media.likeness import forget_likeness
from webapp.media.models import PaperPage, Photo, Redaction, Rendition
from webapp.media.originals import TOO_LARGE, ReceivedPhoto, discard, examine, open_original
from webapp.media.rendering import next_state, remove_leftovers, render_photo

__all__ = [
    "ReceivedPhoto",
    "approve_photo",
    "discard",
    "erase_photo",
    "examine",
    "hide_photo",
    "open_original",
    "remove_file",
    "remove_leftovers",
    "render_photo",
    "store_photo",
    "want_photo",
]

_MIME_LENGTH = 32


def want_photo(*, sha256: str, size: int, mime: str) -> Photo:
    """List a photo whose bytes will come by their own request; size in bytes.

    Stored by the next flush, so that several go together. ``mime`` is what the sender says, until
    the content is seen. Raises TooLarge over 15 MB.
    """
    if size > MAX_BYTES:
        raise TooLarge(TOO_LARGE)
    photo = Photo(
        uid=uuid.uuid4().hex,
        sha256=sha256.lower(),
        size=size,
        mime=mime[:_MIME_LENGTH],
        state="wanted",
    )
    session().add(photo)
    return photo


def store_photo(photo: Photo, received: ReceivedPhoto) -> Photo:
    """Point the row to the sealed file and have the renditions made; a second time is no change.

    Raises Invalid (kind ``hash-mismatch``) when these are not the bytes that were listed, Gone
    after an erasure. The received file is removed when the row does not take it.
    """
    session().flush()  # it may be listed in this very unit
    photo = _locked(photo)
    if received.sha256 != photo.sha256:
        discard(received)
        raise Invalid(_("Ảnh gửi lên không khớp với ảnh đã khai."), kind="hash-mismatch")
    if photo.state != "wanted":
        discard(received)
        if photo.state == "erased":
            raise Gone(_("Ảnh này đã được gỡ bỏ."))
        return photo
    photo.state = next_state(photo, "store")
    photo.uid, photo.original_key = received.uid, received.original_key
    photo.size, photo.mime = received.size, received.mime
    photo.width, photo.height = received.width, received.height
    photo.received_at = clock.now()
    enqueue("media.render", photo_id=photo.id)
    return photo


def approve_photo(actor: Actor, photo: Photo) -> Photo:
    """Let everybody see the renditions. Raises TransitionRefused."""
    return _decide(actor, photo, "approve")


def hide_photo(actor: Actor, photo: Photo) -> Photo:
    """Take the renditions away from the public, or never show them. Raises TransitionRefused."""
    return _decide(actor, photo, "hide")


def erase_photo(photo: Photo) -> None:
    """Remove original, renditions and facts for good; the row stays as a tombstone.

    What was redacted out of it goes too.
    Nothing is served from this transaction's end on; the files go by the outbox. A second time
    is no change.
    """
    photo = _locked(photo)
    if photo.state == "erased":
        return
    keys = [rendition.file_key for rendition in photo.renditions]
    photo.state = next_state(photo, "erase")
    photo.renditions.clear()
    for key in filter(None, (photo.original_key, *keys)):
        enqueue("media.remove_file", key=key)
    photo.original_key = photo.facts_sealed = photo.likeness = None
    forget_likeness(photo)
    record(SYSTEM, "media.erase", Subject("photo", photo.id))
    for redaction in session().scalars(select(Redaction).where(Redaction.photo_id == photo.id)):
        redaction.state = "failed" if redaction.state == "drawn" else redaction.state
        if redaction.result is not None:
            erase_photo(redaction.result)


def remove_file(key: str) -> None:
    """Remove a file that no photo points to any more; may run twice.

    Equal photos have equal renditions, so that another photo may still need the file.
    """
    if not any(_is_used(column, key) for column in _SHOWN_FILES):
        files.store().remove(key)


_SHOWN_FILES = (Rendition.file_key, PaperPage.file_key, Redaction.file_key)


def _is_used(column: InstrumentedAttribute[Any], key: str) -> bool:
    return session().scalar(select(column).where(column == key).limit(1)) is not None


def _decide(actor: Actor, photo: Photo, name: str) -> Photo:
    photo = _locked(photo)
    photo.state = next_state(photo, name)
    photo.decided_by_id = actor.person_id
    record(actor, f"media.{name}", Subject("photo", photo.id))
    return photo


def _locked(photo: Photo) -> Photo:
    return session().get_one(Photo, photo.id, with_for_update=True, populate_existing=True)
