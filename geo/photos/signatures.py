"""Which kind of file this is, told from its first bytes alone."""

from typing import Literal

PhotoFormat = Literal["jpeg", "png", "webp", "heic"]

MIME_TYPES: dict[PhotoFormat, str] = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "heic": "image/heic",
}

_HEVC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
# These say only "HEIF": what is inside stands among the compatible brands, and may be AVIF.
_OPEN_BRANDS = {b"mif1", b"msf1"}


def recognise(data: bytes) -> PhotoFormat | None:
    """The format of `data`, or None when it is not one we take.

    An Ultra-HDR or multi-picture JPEG of a phone begins like any JPEG and counts as one.
    """
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "webp"
    if data[4:8] == b"ftyp" and _holds_hevc(data):
        return "heic"
    return None


def _holds_hevc(data: bytes) -> bool:
    major = data[8:12]
    if major in _HEVC_BRANDS:
        return True
    end = min(int.from_bytes(data[:4]), 256)
    compatible = {data[at : at + 4] for at in range(16, end, 4)}
    return major in _OPEN_BRANDS and bool(compatible & _HEVC_BRANDS)


def is_cut_off(data: bytes) -> bool:
    """Whether a HEIC ends within its picture data.

    Its decoder leaves the missing tiles black, and a half black photo is no evidence of anything.
    Strange boxes behind the picture are let be: makers of phones put their own there.
    """
    position = 0
    while position + 16 <= len(data):
        size = int.from_bytes(data[position : position + 4])
        if size == 1:
            size = int.from_bytes(data[position + 8 : position + 16])
        if data[position + 4 : position + 8] == b"mdat" and position + size > len(data):
            return True
        if size < 8:
            return False
        position += size
    return False
