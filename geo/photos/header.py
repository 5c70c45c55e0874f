"""What a photo claims to be, read from its header while the request is open.

Pillow is not asked about JPEG, PNG and WebP here. Opening a file of 15 MB made of millions of
empty segments keeps its reader busy for 3 to 6 s, which a request may not cost; finding the size
by hand takes microseconds and looks at nothing that it does not need.
"""

from dataclasses import dataclass
from typing import BinaryIO

from geo.photos.opening import open_photo, strict_pillow
from geo.photos.refusals import (
    MAX_BYTES,
    BrokenPhoto,
    PhotoTooLarge,
    UnsupportedPhoto,
    check_size,
)
from geo.photos.signatures import MIME_TYPES, PhotoFormat, recognise

# Real photos have fewer than 300 segments, with the longest metadata that fits into 15 MB.
_MAX_JPEG_STEPS = 2_000
_JPEG_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JPEG_WITHOUT_LENGTH = {0x01, *range(0xD0, 0xD8)}
_JPEG_PICTURE_BEGINS = 0xDA
_JPEG_END = 0xD9


@dataclass(frozen=True, slots=True)
class PhotoHeader:
    """Format, media type, and size in pixels as stored, before any turning upright."""

    format: PhotoFormat
    mime: str
    width: int
    height: int


def inspect_header(source: bytes | BinaryIO) -> PhotoHeader:
    """Say what a photo is, by its content; its name and declared type count for nothing.

    Raises `PhotoTooLarge` over 15 MiB, `UnsupportedPhoto` for every other kind of file,
    `PhotoTooManyPixels` over 50 million pixels or 20,000 on a side, `BrokenPhoto` for the rest.
    A photo that passes may still prove unreadable when it is decoded.
    """
    data = source if isinstance(source, bytes) else source.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise PhotoTooLarge
    photo_format = recognise(data)
    if photo_format is None:
        raise UnsupportedPhoto
    try:
        width, height = _SIZE_READERS[photo_format](data)
    except IndexError as error:
        raise BrokenPhoto from error
    check_size(width, height)
    return PhotoHeader(photo_format, MIME_TYPES[photo_format], width, height)


def _jpeg_size(data: bytes) -> tuple[int, int]:
    position = 2
    for _ in range(_MAX_JPEG_STEPS):
        if data[position] == 0x00 or data[position + 1] == 0xFF:
            # Padding before a marker.
            position += 1
            continue
        marker = data[position + 1]
        if data[position] != 0xFF or marker in (_JPEG_PICTURE_BEGINS, _JPEG_END):
            break
        if marker in _JPEG_FRAMES:
            return _big(data, position + 7, 2), _big(data, position + 5, 2)
        length = 0 if marker in _JPEG_WITHOUT_LENGTH else _big(data, position + 2, 2)
        position += 2 + length
    raise BrokenPhoto


def _png_size(data: bytes) -> tuple[int, int]:
    if data[12:16] != b"IHDR":
        raise BrokenPhoto
    return _big(data, 16, 4), _big(data, 20, 4)


def _webp_size(data: bytes) -> tuple[int, int]:
    kind = data[12:16]
    if kind == b"VP8X":
        return _little(data, 24, 3) + 1, _little(data, 27, 3) + 1
    if kind == b"VP8L" and data[20] == 0x2F:
        both = _little(data, 21, 4)
        return (both & 0x3FFF) + 1, (both >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        return _little(data, 26, 2) & 0x3FFF, _little(data, 28, 2) & 0x3FFF
    raise BrokenPhoto


def _heic_size(data: bytes) -> tuple[int, int]:
    with strict_pillow(), open_photo(data) as image:
        return image.size


_SIZE_READERS = {
    "jpeg": _jpeg_size,
    "png": _png_size,
    "webp": _webp_size,
    "heic": _heic_size,
}


def _big(data: bytes, position: int, length: int) -> int:
    return int.from_bytes(_exactly(data, position, length), "big")


def _little(data: bytes, position: int, length: int) -> int:
    return int.from_bytes(_exactly(data, position, length), "little")


def _exactly(data: bytes, position: int, length: int) -> bytes:
    piece = data[position : position + length]
    if len(piece) < length:
        raise BrokenPhoto
    return piece
