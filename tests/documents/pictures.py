"""Letters as pictures and as words with places, by poppler's programs.

``python -m tests.documents.pictures`` draws docs/images/letters anew.
"""

import re
import subprocess
import tempfile
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from PIL import Image

from tests.documents import samples
from webapp.documents.pdf import render_pdf

DPI = 100
_SMALL_DPI = 72
FOLDER = Path(__file__).resolve().parents[2] / "docs" / "images" / "letters"
_WORD = re.compile(r'<word xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*?)</word>')
# Liberation Serif, like Times New Roman, goes 0.891 em up and 0.216 em down.
_EM = 0.891 + 0.216
_MM_PER_PT = 25.4 / 72


@dataclass(frozen=True)
class Word:
    """A word with its page (from 1), its box in millimetres and the size of its letters in pt."""

    page: int
    text: str
    left: float
    right: float
    top: float
    size: float


def pages(pdf: bytes, dpi: int = DPI) -> list[Image.Image]:
    """Every page as a grey picture."""
    with tempfile.TemporaryDirectory() as folder:
        stem = Path(folder) / "page"
        _run(["pdftoppm", "-r", str(dpi), "-gray", "-png", "-", str(stem)], pdf)
        found = sorted(Path(folder).glob("page*.png"))
        return [Image.open(each).copy() for each in found]


def words(pdf: bytes) -> list[Word]:
    """Every word in reading order."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "a.pdf", Path(folder) / "a.html"
        source.write_bytes(pdf)
        _run(["pdftotext", "-bbox", str(source), str(target)], b"")
        marked = target.read_text(encoding="utf-8").split("<page ")[1:]
    return [
        _word(number, *match.groups())
        for number, page in enumerate(marked, start=1)
        for match in _WORD.finditer(page)
    ]


def ink(page: Image.Image) -> tuple[float, float, float, float]:
    """Left, top, right and bottom edge of what is printed, in millimetres."""
    box = page.point(lambda grey: 255 if grey < 160 else 0).getbbox()
    assert box is not None
    left, top, right, bottom = (edge * 25.4 / DPI for edge in box)
    return left, top, right, bottom


def _word(page: int, left: str, top: str, right: str, bottom: str, text: str) -> Word:
    height = float(bottom) - float(top)
    places = (float(edge) * _MM_PER_PT for edge in (left, right, top))
    return Word(page, unescape(text), *places, height / _EM)


def _run(command: list[str], given: bytes) -> None:
    subprocess.run(command, input=given, check=True, capture_output=True, timeout=60)


def draw() -> None:
    """One small picture of the first page of every kind."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for kind, letter in samples.ALL_KINDS.items():
        first = pages(render_pdf(letter()), _SMALL_DPI)[0]
        first.quantize(8).save(FOLDER / f"{kind}.png", optimize=True)


if __name__ == "__main__":
    draw()
