"""The child that turns a paper (PDF) into pictures of its pages: PDF on standard input.

The words of its command: a folder to write `<number>.jpg` into, and marks. It answers with JSON:
for each page its size in pixels and the text that no mark covers, or the reason why not. The only
door to PDFium; nobody imports it, it is run with the limits of `webapp.core.confined`.
"""

import json
import sys
from pathlib import Path
from typing import Any, Final

import pypdfium2
import pypdfium2.raw as pdfium

from geo.photos import Mark, page_picture
from webapp.core.confined import restrain
from webapp.media.decoding import LARGEST_PICTURE, read_marks

MAX_PAGES: Final = 30
# 150 dots an inch on A4: small letters stay readable, and thirty pages stay below 10 MB.
LONGEST_SIDE: Final = 1754
# A sheet of 5 m: more is no paper, and would be a strip of pixels.
_LONGEST_PT: Final = 14_400
_SHORTEST_PT: Final = 36
_MOST_LETTERS: Final = 20_000


class Unsafe(Exception):
    """A paper that cannot be redacted safely; the code says why."""


def main() -> None:
    """Write the pages, answer with their sizes and texts or with a reason."""
    restrain(largest_file=LARGEST_PICTURE)
    data = sys.stdin.buffer.read()
    try:
        folder, *more = sys.argv[1:]
        answer: dict[str, Any] = {"pages": _pages(data, Path(folder), read_marks(more))}
    except Unsafe as refusal:
        answer = {"reason": str(refusal)}
    except MemoryError:
        answer = {"reason": "memory"}
    except pypdfium2.PdfiumError:
        answer = {"reason": "broken"}
    json.dump(answer, sys.stdout)


def _pages(data: bytes, folder: Path, marks: list[Mark]) -> list[dict[str, Any]]:
    document = _open(data)
    return [
        _page(document[number], folder, number, [mark for mark in marks if mark.page == number])
        for number in range(len(document))
    ]


def _open(data: bytes) -> pypdfium2.PdfDocument:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = pdfium.FPDF_GetLastError() == pdfium.FPDF_ERR_PASSWORD
        raise Unsafe("encrypted" if locked else "broken") from error
    if pdfium.FPDF_GetSecurityHandlerRevision(document) != -1:
        raise Unsafe("encrypted")
    if not len(document):
        raise Unsafe("broken")
    if len(document) > MAX_PAGES:
        raise Unsafe("too_many_pages")
    return document


def _page(page: pypdfium2.PdfPage, folder: Path, number: int, marks: list[Mark]) -> dict[str, Any]:
    width, height = page.get_size()
    if min(width, height) < _SHORTEST_PT or max(width, height) > _LONGEST_PT:
        raise Unsafe("too_large")
    bitmap = page.render(scale=LONGEST_SIDE / max(width, height), rev_byteorder=False)
    pixels = bytes(bitmap.buffer)
    jpeg = page_picture(pixels, bitmap.width, bitmap.height, bitmap.stride, marks)
    (folder / f"{number}.jpg").write_bytes(jpeg)
    told = {
        "width": bitmap.width,
        "height": bitmap.height,
        "text": _text_left(page, bitmap, marks),
    }
    bitmap.close()
    return told


def _text_left(page: pypdfium2.PdfPage, bitmap: pypdfium2.PdfBitmap, marks: list[Mark]) -> str:
    """The letters that no mark covers; a covered one is a space."""
    letters = page.get_textpage()
    count = min(letters.count_chars(), _MOST_LETTERS)
    text = letters.get_text_range(0, count) if count else ""
    if not marks or len(text) != count:
        return str(text)
    return "".join(
        " " if _is_covered(page, bitmap, letters.get_charbox(at), marks) else text[at]
        for at in range(count)
    )


def _is_covered(
    page: pypdfium2.PdfPage,
    bitmap: pypdfium2.PdfBitmap,
    box: tuple[float, float, float, float],
    marks: list[Mark],
) -> bool:
    left, bottom, right, top = box
    place = bitmap.get_posconv(page).to_bitmap((left + right) / 2, (bottom + top) / 2)
    x, y = place[0] / bitmap.width, place[1] / bitmap.height
    return any(mark.covers(x, y) for mark in marks)


if __name__ == "__main__":
    main()
