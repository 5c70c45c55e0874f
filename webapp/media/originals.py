"""Received files: checked and sealed before a row points to them, opened like an identity."""

import hashlib
import uuid
from dataclasses import dataclass

from geo.photos import (
    PhotoHeader,
    PhotoRefused,
    PhotoTooLarge,
    PhotoTooManyPixels,
    UnsupportedPhoto,
    inspect_header,
)
from webapp.core import crypto, files
from webapp.core.errors import DomainError, Invalid, NotFound, TooLarge, UnsupportedMedia
from webapp.core.resealing import sealed_in
from webapp.core.text import Text, _
from webapp.media.models import Photo

TOO_LARGE = _("Ảnh lớn quá 15 MB. Xin gửi ảnh nhỏ hơn.")
_REFUSALS: dict[type[PhotoRefused], tuple[type[DomainError], Text]] = {
    PhotoTooLarge: (TooLarge, TOO_LARGE),
    PhotoTooManyPixels: (TooLarge, _("Ảnh có quá nhiều điểm ảnh. Xin gửi ảnh nhỏ hơn.")),
    UnsupportedPhoto: (
        UnsupportedMedia,
        _("Tệp này không phải ảnh JPEG, PNG, WebP hoặc HEIC. Xin chọn ảnh khác."),
    ),
}
_BROKEN = _("Ảnh bị hỏng, không đọc được. Xin chọn ảnh khác hoặc chụp lại.")


@dataclass(frozen=True)
class ReceivedPhoto:
    """A photo whose header is sound and whose sealed file is safe on disk; it has no row yet."""

    uid: str
    sha256: str
    size: int
    mime: str
    width: int
    height: int
    original_key: str


def examine(content: bytes) -> ReceivedPhoto:
    """Check a photo by its content, seal it and write it durably; outside any write unit.

    At most 15 MB, 50 million pixels; JPEG, PNG, WebP or HEIC. Raises TooLarge, UnsupportedMedia,
    Invalid (kind ``photo-broken``) or StorageFull; nothing is written then.
    """
    header = _header(content)
    uid = uuid.uuid4().hex
    sealed = crypto.seal(content, binding=binding_of(uid))
    return ReceivedPhoto(
        uid=uid,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        mime=header.mime,
        width=header.width,
        height=header.height,
        original_key=files.store().put("sealed", sealed),
    )


def discard(received: ReceivedPhoto) -> None:
    """Remove the file of a photo that gets no row; no other row can point to it."""
    files.store().remove(received.original_key)


def open_original(photo: Photo) -> bytes:
    """The received bytes. The caller authorises and logs; nothing of it may be served to a page.

    Raises NotFound when there is none, SealBroken when it is not this photo's.
    """
    if photo.original_key is None:
        raise NotFound
    sealed = files.store().get(photo.original_key)
    return crypto.unseal(sealed, binding=binding_of(photo.uid))


def binding_of(uid: str) -> str:
    """What the seal of a photo's received file is bound to."""
    return f"photo.original:{uid}"


sealed_in(Photo.original_key, bound=Photo.uid, binding=binding_of)


def _header(content: bytes) -> PhotoHeader:
    try:
        return inspect_header(content)
    except PhotoRefused as refusal:
        kind, words = _REFUSALS.get(type(refusal), (Invalid, _BROKEN))
        raise kind(words, kind="photo-broken" if kind is Invalid else None) from refusal
