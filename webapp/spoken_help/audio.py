"""What a sound file is, told from its first bytes, never from its name."""

from collections.abc import Callable
from typing import Final

# A minute of speech at 64 kbit/s has 480 KB; a weak phone waits a long time for more.
MAX_BYTES: Final = 1024 * 1024
_HEAD: Final = 12

SUFFIXES: Final = {
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/ogg": "ogg",
    "audio/webm": "webm",
}
_M4A_BRANDS: Final = (b"M4A ", b"M4B ", b"mp42", b"mp41", b"isom", b"iso2", b"dash")


def recognise(content: bytes) -> str | None:
    """The kind of a sound file: MP3, M4A, Ogg or WebM; None for everything else."""
    if len(content) <= _HEAD:
        return None
    return next((mime for mime, fits in _SIGNATURES.items() if fits(content[:_HEAD])), None)


def _is_mp3(head: bytes) -> bool:
    if head.startswith(b"ID3"):
        return True
    # Eleven ones, then a known version, layer III and a bit rate that exists.
    return (
        head[0] == 0xFF
        and head[1] & 0xE0 == 0xE0
        and head[1] & 0x18 != 0x08
        and head[1] & 0x06 == 0x02
        and head[2] & 0xF0 not in (0x00, 0xF0)
    )


_SIGNATURES: Final[dict[str, Callable[[bytes], bool]]] = {
    "audio/ogg": lambda head: head.startswith(b"OggS\0"),
    "audio/webm": lambda head: head.startswith(b"\x1a\x45\xdf\xa3"),
    "audio/mp4": lambda head: head[4:8] == b"ftyp" and head[8:12] in _M4A_BRANDS,
    "audio/mpeg": _is_mp3,
}
