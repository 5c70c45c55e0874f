"""A signed paper as it came from the scanner or the phone: checked and made one PDF.

A PDF is kept byte for byte when it holds pages and nothing that acts by itself; a library reads it
in a confined child process. Photos (JPEG) are put on A4 pages without their metadata: who took them
where is nobody's business.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from geo.photos import PhotoRefused, inspect_header, read_exif
from webapp.core.confined import ChildFailed, ask_child
from webapp.core.errors import DomainError, TooLarge, UnsupportedMedia
from webapp.core.text import _

MAX_SCAN_BYTES: Final = 15 * 1024 * 1024
MAX_PAGES: Final = 30
_PDF = re.compile(rb"%PDF-(1\.[4-7]|2\.0)")
_READER: Final = "webapp.documents.pdf_reading"
_A4_PT: Final = (595, 842)
_TURNS: Final = {3: 180, 6: 90, 8: 270}
_WITHOUT_LENGTH: Final = {0x01, *range(0xD0, 0xD8)}
_KEPT_SEGMENTS: Final = {0xE0, 0xEE}  # JFIF and Adobe, which say how colours are stored


@dataclass(frozen=True)
class Scan:
    """One PDF with its number of pages."""

    content: bytes
    pages: int


def read_scan(files: Sequence[bytes]) -> Scan:
    """One PDF, or photos of the pages in order, as the PDF to keep.

    Raises UnsupportedMedia for anything else, TooLarge over 15 MB together.
    """
    if sum(map(len, files)) > MAX_SCAN_BYTES:
        raise TooLarge(_("Bản quét lớn quá 15 MB. Xin quét ở độ phân giải 200 dpi."))
    if len(files) == 1 and files[0].startswith(b"%PDF-"):
        return _checked_pdf(files[0])
    if not files or len(files) > MAX_PAGES:
        raise _refused()
    return Scan(_write_pdf([_page(content) for content in files]), len(files))


def _checked_pdf(content: bytes) -> Scan:
    if not _PDF.match(content) or b"%%EOF" not in content[-2048:]:
        raise _broken()
    try:
        answer = json.loads(ask_child(_READER, content))
    except (ChildFailed, ValueError):
        raise _broken() from None
    if answer.get("reason") == "acts":
        raise UnsupportedMedia(
            _("Tệp PDF này có mã lệnh, tệp kèm hoặc mật khẩu. Xin quét lại từ bản giấy.")
        )
    if not answer.get("pages"):
        raise UnsupportedMedia(_("Tệp PDF này không có trang nào đọc được. Xin quét lại."))
    return Scan(content, int(answer["pages"]))


def _broken() -> DomainError:
    return UnsupportedMedia(_("Tệp PDF này hỏng hoặc quá cũ. Xin quét lại."))


@dataclass(frozen=True)
class _Picture:
    content: bytes
    width: int
    height: int
    colours: int
    turn: int


def _page(content: bytes) -> _Picture:
    try:
        header = inspect_header(content)
    except PhotoRefused as refused:
        raise _refused() from refused
    if header.mime != "image/jpeg":
        raise _refused()
    turn = _TURNS.get(read_exif(content).orientation, 0)
    try:
        plain, colours = _bare_jpeg(content)
    except IndexError:
        raise _refused() from None
    return _Picture(plain, header.width, header.height, colours, turn)


def _bare_jpeg(content: bytes) -> tuple[bytes, int]:
    """The picture without metadata, and its number of colours. Raises IndexError when cut off."""
    kept, at, colours = [content[:2]], 2, 3
    while True:
        marker = content[at + 1]
        if content[at] != 0xFF:
            raise IndexError
        if marker == 0xDA:
            end = content.rfind(b"\xff\xd9")
            kept.append(content[at : end + 2] if end > at else content[at:] + b"\xff\xd9")
            return b"".join(kept), colours
        length = 0 if marker in _WITHOUT_LENGTH else int.from_bytes(content[at + 2 : at + 4])
        segment = content[at : at + 2 + length]
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            colours = segment[9]
        if not (0xE0 <= marker <= 0xEF or marker == 0xFE) or marker in _KEPT_SEGMENTS:
            kept.append(segment)
        at += 2 + length


def _write_pdf(pictures: Sequence[_Picture]) -> bytes:
    """A PDF 1.4 with one picture a page, as large as A4 allows."""
    kids = b" ".join(b"%d 0 R" % (3 + 3 * number) for number in range(len(pictures)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(pictures)),
    ]
    for number, picture in enumerate(pictures):
        objects.extend(_page_objects(picture, 3 + 3 * number))
    return _assembled(objects)


def _page_objects(picture: _Picture, first: int) -> Iterator[bytes]:
    upright = _A4_PT if picture.height >= picture.width else _A4_PT[::-1]
    scale = min(upright[0] / picture.width, upright[1] / picture.height)
    width, height = picture.width * scale, picture.height * scale
    left, bottom = (upright[0] - width) / 2, (upright[1] - height) / 2
    space = {1: b"/DeviceGray", 3: b"/DeviceRGB"}.get(picture.colours)
    if space is None:
        raise _refused()
    yield (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Rotate %d /Contents %d 0 R "
        b"/Resources << /XObject << /P %d 0 R >> >> >>"
        % (*upright, picture.turn, first + 1, first + 2)
    )
    draw = b"q %.2f 0 0 %.2f %.2f %.2f cm /P Do Q" % (width, height, left, bottom)
    yield b"<< /Length %d >>\nstream\n%s\nendstream" % (len(draw), draw)
    yield (
        b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace %s "
        b"/BitsPerComponent 8 /Filter /DCTDecode /Length %d >>\nstream\n%s\nendstream"
        % (picture.width, picture.height, space, len(picture.content), picture.content)
    )


def _assembled(objects: Sequence[bytes]) -> bytes:
    out, places = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for place in places:
        out += b"%010d 00000 n \n" % place
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        table,
    )
    return bytes(out)


def _refused() -> DomainError:
    return UnsupportedMedia(_("Chỉ nhận một tệp PDF, hoặc ảnh chụp JPEG của từng trang."))
