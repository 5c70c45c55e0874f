"""A signed paper as it came from the scanner or the phone: checked and made one PDF.

A PDF is kept byte for byte when it holds pages and nothing that acts by itself; a library reads it
in a confined child process. Photos (JPEG) are put on A4 pages without their metadata: who took them
where is nobody's business.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from geo.photos import PhotoRefused, inspect_header, read_exif
from webapp.core.confined import ChildFailed, ask_child, child_command
from webapp.core.errors import DomainError, TooLarge, UnsupportedMedia
from webapp.core.picture_pdf import COLOURS, PagePicture, write_pdf
from webapp.core.text import _

MAX_SCAN_BYTES: Final = 15 * 1024 * 1024
MAX_PAGES: Final = 30
_PDF = re.compile(rb"%PDF-(1\.[4-7]|2\.0)")
_READER: Final = child_command("webapp.documents.pdf_reading")
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
    if not files:
        raise UnsupportedMedia(_("Xin chọn tệp bản quét."))
    if len(files) > MAX_PAGES:
        raise UnsupportedMedia(
            _(
                "Nhiều nhất %(most)s ảnh, mỗi trang một ảnh. Văn bản dài hơn xin quét thành một "
                "tệp PDF.",
                most=MAX_PAGES,
            )
        )
    return Scan(write_pdf([_page(content) for content in files]), len(files))


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


def _page(content: bytes) -> PagePicture:
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
    if colours not in COLOURS:
        raise _refused()
    return PagePicture(plain, header.width, header.height, colours, turn)


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


def _refused() -> DomainError:
    return UnsupportedMedia(_("Chỉ nhận một tệp PDF, hoặc ảnh chụp JPEG của từng trang."))
