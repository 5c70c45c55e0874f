"""Photos that come with a page: looked at and sealed before the report's transaction.

A refused form loses none of them: each sealed file is handed back as a signed token that only the
same idempotency key can use again.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.datastructures import FileStorage

from webapp.core.errors import Invalid, StorageFull, TooLarge, UnsupportedMedia
from webapp.core.text import Text, _
from webapp.media.operations import ReceivedPhoto, discard, examine
from webapp.reporting.checking import MAX_PHOTO_BYTES, MAX_PHOTOS
from webapp.reporting.models import Report
from webapp.reporting.operations import receive_photo
from webapp.reporting.submission import ListedPhoto

_KEPT_SECONDS = 12 * 3600


@dataclass(frozen=True)
class Uploads:
    """Photos received, what was wrong with others, and the bytes of those that are new."""

    received: tuple[ReceivedPhoto, ...]
    refusals: tuple[Text, ...]
    contents: tuple[bytes, ...]

    def listed(self) -> tuple[ListedPhoto, ...]:
        """The photos as a submission lists them."""
        return tuple(ListedPhoto(p.sha256, p.size, p.mime) for p in self.received)


def take_uploads(files: Iterable[FileStorage | str], tokens: Iterable[str], key: str) -> Uploads:
    """Examine the files of a form and take back those it was handed before."""
    kept = {photo.sha256: photo for photo in map(lambda t: _kept(t, key), tokens) if photo}
    refusals, contents = [], []
    for number, file in enumerate(_chosen(files), start=1):
        if len(kept) >= MAX_PHOTOS:
            refusals.append(_("Mỗi phản ánh nhận nhiều nhất %(n)s ảnh.", n=MAX_PHOTOS))
            break
        try:
            content = file.read(MAX_PHOTO_BYTES + 1)
            photo = examine(content)
        except (Invalid, TooLarge, UnsupportedMedia, StorageFull) as refused:
            words = _("Ảnh %(number)s: %(why)s", number=number, why=refused.detail)
            refusals.append(words)
            continue
        if photo.sha256 in kept:
            discard(photo)
            continue
        kept[photo.sha256] = photo
        contents.append(content)
    return Uploads(tuple(kept.values()), tuple(refusals), tuple(contents))


def store_uploads(report: Report, uploads: Uploads) -> None:
    """Give the report the photos it lists, inside its transaction."""
    for photo in uploads.received:
        receive_photo(report, photo, sha256=photo.sha256)


def token_of(photo: ReceivedPhoto, key: str) -> str:
    """What a refused form keeps of a received photo."""
    return _signer(key).dumps(asdict(photo))


def _kept(token: str, key: str) -> ReceivedPhoto | None:
    try:
        return ReceivedPhoto(**_signer(key).loads(token, max_age=_KEPT_SECONDS))
    except (BadData, TypeError):
        return None


def _signer(key: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt=f"kept-photo:{key}")


def _chosen(files: Iterable[FileStorage | str]) -> list[FileStorage]:
    # A browser sends one empty part when nothing was chosen.
    return [file for file in files if isinstance(file, FileStorage) and file.filename]
