"""What kind of sound a file is, by its content, and how long it says it is. Nothing is decoded.

Phones record WebM or Ogg with Opus, MP4 or 3GP with AAC or AMR, bare AAC, AMR and MP3.
"""

import struct
from typing import Final

SOUNDS: Final = (
    "audio/webm",
    "audio/ogg",
    "audio/mp4",
    "audio/3gpp",
    "audio/aac",
    "audio/amr",
    "audio/mpeg",
)
_HEAD: Final = 4096
_OGG_RATE: Final = 48_000
_AMR_FRAME_BYTES: Final = (12, 13, 15, 17, 19, 20, 26, 31, 5)
_AMR_FRAMES_PER_SECOND: Final = 50


def sound_type(content: bytes) -> str | None:
    """The kind of a sound file, one of SOUNDS; None for anything else, films included."""
    head = content[:_HEAD]
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        film = b"V_VP" in head or b"V_MPEG" in head or b"V_AV1" in head
        return "audio/webm" if b"webm" in head[:64] and not film else None
    if head.startswith(b"OggS"):
        return "audio/ogg" if b"OpusHead" in head or b"\x01vorbis" in head else None
    if head[4:8] == b"ftyp":
        return _of_boxes(content)
    if head.startswith((b"#!AMR\n", b"#!AMR-WB\n")):
        return "audio/amr"
    return _of_frames(head)


def sound_seconds(content: bytes, kind: str) -> float | None:
    """How long the file says it is, where its kind writes that down; None where it does not."""
    try:
        return _SECONDS[kind](content) if kind in _SECONDS else None
    except (struct.error, ZeroDivisionError, IndexError):
        return None


def _of_boxes(content: bytes) -> str | None:
    if b"vide" in content and b"hdlr" in content:
        return None
    return "audio/3gpp" if content[8:11] == b"3gp" else "audio/mp4"


def _of_frames(head: bytes) -> str | None:
    if head.startswith(b"ID3"):
        return "audio/mpeg"
    if len(head) < 7 or head[0] != 0xFF:
        return None
    if head[1] & 0xF6 == 0xF0:
        return "audio/aac"
    return "audio/mpeg" if head[1] & 0xE0 == 0xE0 and head[1] & 0x06 else None


def _ogg_seconds(content: bytes) -> float | None:
    last = content.rfind(b"OggS")
    granule: int = struct.unpack_from("<q", content, last + 6)[0]
    return granule / _OGG_RATE if granule > 0 and b"OpusHead" in content[:_HEAD] else None


def _box_seconds(content: bytes) -> float | None:
    at = content.find(b"mvhd")
    if at < 0:
        return None
    long = content[at + 4] == 1
    scale, length = struct.unpack_from(">IQ" if long else ">II", content, at + (24 if long else 16))
    return float(length / scale) or None


def _amr_seconds(content: bytes) -> float | None:
    if not content.startswith(b"#!AMR\n"):
        return None
    at, frames = 6, 0
    while at < len(content):
        mode = content[at] >> 3 & 0x0F
        at += 1 + (_AMR_FRAME_BYTES[mode] if mode < len(_AMR_FRAME_BYTES) else 0)
        frames += 1
    return frames / _AMR_FRAMES_PER_SECOND


_SECONDS: Final = {
    "audio/ogg": _ogg_seconds,
    "audio/mp4": _box_seconds,
    "audio/3gpp": _box_seconds,
    "audio/amr": _amr_seconds,
}
