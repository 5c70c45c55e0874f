"""Sounds are known by their content, and so is how long they say they are."""

import struct

import pytest

from webapp.media.audio import SOUNDS, sound_seconds, sound_type


def ogg(seconds: float) -> bytes:
    head = b"OggS\0\x02" + bytes(20) + b"OpusHead"
    last = b"OggS\0\x04" + struct.pack("<q", int(seconds * 48_000)) + bytes(12)
    return head + bytes(400) + last


def mp4(seconds: int, brand: bytes = b"M4A ", more: bytes = b"") -> bytes:
    mvhd = b"mvhd" + bytes(12) + struct.pack(">II", 1000, seconds * 1000)
    return b"\0\0\0\x18ftyp" + brand + bytes(12) + b"moov" + mvhd + bytes(80) + more


def amr(frames: int) -> bytes:
    return b"#!AMR\n" + (b"\x3c" + bytes(31)) * frames


WEBM = b"\x1a\x45\xdf\xa3" + b"\x42\x82\x84webm" + bytes(60) + b"A_OPUS"


@pytest.mark.parametrize(
    ("content", "kind", "seconds"),
    [
        (WEBM, "audio/webm", None),
        (ogg(12.5), "audio/ogg", 12.5),
        (mp4(61), "audio/mp4", 61.0),
        (mp4(7, b"3gp4"), "audio/3gpp", 7.0),
        (amr(500), "audio/amr", 10.0),
        (b"#!AMR-WB\n" + bytes(40), "audio/amr", None),
        (b"\xff\xf1\x50\x80\x01\x7f\xfc", "audio/aac", None),
        (b"ID3\x04" + bytes(10), "audio/mpeg", None),
        (b"\xff\xfb\x90\x00" + bytes(10), "audio/mpeg", None),
    ],
)
def test_what_phones_record(content: bytes, kind: str, seconds: float | None) -> None:
    assert sound_type(content) == kind and kind in SOUNDS
    assert sound_seconds(content, kind) == seconds


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html><script>alert(1)</script>",
        b"\xff\xd8\xff\xe0" + bytes(20),
        b"\x89PNG\r\n\x1a\n",
        WEBM + b"V_VP8",
        mp4(5, more=b"hdlr" + bytes(8) + b"vide"),
        b"OggS\0\x02" + bytes(20) + b"\x80theora",
        b"\x1a\x45\xdf\xa3" + b"matroska",
    ],
)
def test_films_pictures_and_pages_are_no_sounds(content: bytes) -> None:
    assert sound_type(content) is None


def test_broken_lengths_are_no_lengths() -> None:
    assert sound_seconds(b"OggS", "audio/ogg") is None
    assert sound_seconds(b"\0\0\0\x18ftypM4A mvhd", "audio/mp4") is None
    assert sound_seconds(b"\0\0\0\x18ftypM4A ", "audio/mp4") is None
