"""Photos made for tests: a scene that differs in every corner, and EXIF written by hand."""

import io
import struct
import zlib
from typing import Any

from PIL import Image, ImageDraw, PngImagePlugin

Entry = tuple[int, int, int, bytes]

ASCII, SHORT, LONG, RATIONAL = 2, 3, 4, 5
# Mường Phăng, Điện Biên: swapping the two would put it into the Arctic Ocean.
LON, LAT = 103.14875, 21.4475


def scene(width: int = 240, height: int = 160) -> Image.Image:
    """Soft colours with another one in each corner, so that no turn maps it onto itself."""
    picture = Image.new("RGB", (width, height), (120, 150, 90))
    draw = ImageDraw.Draw(picture)
    half_width, half_height = width // 2, height // 2
    draw.rectangle((0, 0, half_width, half_height), fill=(200, 60, 50))
    draw.rectangle((half_width, 0, width, half_height), fill=(60, 90, 190))
    draw.rectangle((0, half_height, half_width // 2, height), fill=(230, 220, 80))
    return picture


def encoded(picture: Image.Image, file_format: str = "JPEG", **options: Any) -> bytes:
    """`picture` as a file of very good quality."""
    file = io.BytesIO()
    if file_format in ("JPEG", "WEBP"):
        options.setdefault("quality", 95)
    picture.save(file, file_format, **options)
    return file.getvalue()


def photo(exif: bytes = b"", **options: Any) -> bytes:
    """A JPEG of the scene."""
    return encoded(scene(), exif=exif, **options)


def exif_block(
    *,
    orientation: Entry | None = None,
    details: list[Entry] | None = None,
    gps: list[Entry] | None = None,
    texts: dict[int, str] | None = None,
) -> bytes:
    """EXIF as it stands in a file, written by hand: Pillow would not write what is wrong."""
    main = [orientation] if orientation else []
    main += [ascii_entry(tag, text) for tag, text in (texts or {}).items()]
    start = 8 + _directory_length([*main, _pointer(0x8769, 0), _pointer(0x8825, 0)])
    details_block = _directory(details or [], start)
    gps_start = start + len(details_block)
    main_block = _directory([*main, _pointer(0x8769, start), _pointer(0x8825, gps_start)], 8)
    gps_block = _directory(gps or [], gps_start)
    return b"Exif\0\0II*\0" + struct.pack("<I", 8) + main_block + details_block + gps_block


def ascii_entry(tag: int, text: str) -> Entry:
    data = text.encode() + b"\0"
    return tag, ASCII, len(data), data


def short_entry(tag: int, number: int) -> Entry:
    return tag, SHORT, 1, struct.pack("<H", number)


def rationals(tag: int, *pairs: tuple[int, int]) -> Entry:
    data = b"".join(struct.pack("<II", *pair) for pair in pairs)
    return tag, RATIONAL, len(pairs), data


def angle(tag: int, degrees: float) -> Entry:
    """Degrees, minutes and seconds to a thousandth."""
    thousandths = round(degrees * 3_600_000)
    minutes, seconds = divmod(thousandths, 60_000)
    return rationals(tag, (minutes // 60, 1), (minutes % 60, 1), (seconds, 1000))


def gps_entries(
    lat: Entry | None = None, lon: Entry | None = None, lat_ref: str = "N", lon_ref: str = "E"
) -> list[Entry]:
    return [
        ascii_entry(1, lat_ref),
        lat or angle(2, LAT),
        ascii_entry(3, lon_ref),
        lon or angle(4, LON),
    ]


def png_header(width: int, height: int, rest: bytes = b"") -> bytes:
    """A PNG of one bit per pixel that announces a size and brings almost nothing."""
    announced = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", announced) + rest


def png_chunk(name: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_text(**texts: str) -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    for key, text in texts.items():
        info.add_itxt(key, text)
    return info


def jpeg_header(width: int, height: int) -> bytes:
    return b"\xff\xd8\xff\xc0" + struct.pack(">HBHHB", 17, 8, height, width, 3) + bytes(9)


def webp_header(width: int, height: int) -> bytes:
    canvas = bytes(4) + struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    return b"RIFF" + struct.pack("<I", 22) + b"WEBPVP8X" + struct.pack("<I", 10) + canvas


def _pointer(tag: int, position: int) -> Entry:
    return tag, LONG, 1, struct.pack("<I", position)


def _directory_length(entries: list[Entry]) -> int:
    return 6 + 12 * len(entries) + sum(len(entry[3]) for entry in entries if len(entry[3]) > 4)


def _directory(entries: list[Entry], start: int) -> bytes:
    head = struct.pack("<H", len(entries))
    tail = b""
    data_start = start + 6 + 12 * len(entries)
    for tag, kind, count, data in entries:
        head += struct.pack("<HHI", tag, kind, count)
        if len(data) > 4:
            head += struct.pack("<I", data_start + len(tail))
            tail += data
        else:
            head += data.ljust(4, b"\0")
    return head + bytes(4) + tail
