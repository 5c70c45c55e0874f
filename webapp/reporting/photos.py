"""The photos of a report: listed with it, each one's bytes received once."""

from collections.abc import Iterable
from datetime import timedelta

from webapp.core import clock
from webapp.core.errors import Gone, NotFound
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.media.models import Photo
from webapp.media.operations import ReceivedPhoto, discard, store_photo, want_photo
from webapp.reporting.models import Report, ReportPhoto
from webapp.reporting.submission import ListedPhoto

ACCEPTED_FOR = timedelta(days=30)
_SHOWN_AS_READY = {"approved", "hidden"}


def list_photos(report: Report, photos: Iterable[ListedPhoto], *, later: bool = False) -> None:
    """Add photos to the report's list; those already on it stay as they are.

    ``later`` marks what comes after sending: its 30 days begin now.
    """
    listed = {each.photo.sha256 for each in report.photos}
    for photo in photos:
        if photo.sha256 in listed:
            continue
        wanted = want_photo(sha256=photo.sha256, size=photo.size, mime=photo.type)
        report.photos.append(
            ReportPhoto(
                report_id=report.id,
                photo=wanted,
                position=len(report.photos),
                listed_at=clock.now() if later else None,
            )
        )
    session().flush()


def listed_photo(report: Report, sha256: str) -> Photo:
    """The photo that the report lists under this hash and that may still come.

    Raises NotFound for one it does not list, Gone after a withdrawal and after 30 days.
    """
    link = next((each for each in report.photos if each.photo.sha256 == sha256), None)
    if link is None:
        raise NotFound
    found, listed_at = link.photo, link.listed_at or report.received_at
    if report.state == "withdrawn" or found.state == "erased":
        raise Gone(_("Phản ánh hoặc ảnh này đã rút, ảnh không được nhận nữa."))
    if found.state == "wanted" and clock.now() > listed_at + ACCEPTED_FOR:
        raise Gone(_("Đã quá 30 ngày, ảnh này không được nhận nữa."))
    return found


def receive_photo(report: Report, received: ReceivedPhoto, *, sha256: str) -> bool:
    """Take the bytes of a listed photo; whether they were new.

    The received file is removed when the report does not take it. Raises NotFound and Gone as
    ``listed_photo``, Invalid (kind ``hash-mismatch``) for other bytes than listed.
    """
    try:
        photo = listed_photo(report, sha256)
    except (NotFound, Gone):
        discard(received)
        raise
    if photo.original_key == received.original_key:
        return False  # the very file that is kept: a form sent twice
    wanted = photo.state == "wanted"
    store_photo(photo, received)
    return wanted


def state_for_sender(photo: Photo) -> str:
    """The state as the sender reads it: whether it was shown to the public is not said."""
    return "ready" if photo.state in _SHOWN_AS_READY else photo.state
