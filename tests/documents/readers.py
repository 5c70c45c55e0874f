"""The text of a docx and of an HTML twin, read back in reading order."""

import re
import zlib
from html.parser import HTMLParser
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from docx import Document
from docx.oxml.ns import qn
from lxml import etree

_PDF_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)


def docx_lines(packed: bytes) -> list[str]:
    """Every paragraph that has text, tables read row by row."""
    body = Document(BytesIO(packed)).element.body
    texts = ("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in body.iter(qn("w:p")))
    return [text for text in texts if text]


def docx_part(packed: bytes, name: str) -> Any:
    """One XML part of the package, parsed."""
    with ZipFile(BytesIO(packed)) as package:
        return etree.fromstring(package.read(name))


class _Lines(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in {"p", "td", "th"}:
            self._open = True
            self.lines.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"p", "td", "th"}:
            self._open = False

    def handle_data(self, data: str) -> None:
        if self._open:
            self.lines[-1] += data


def html_lines(page: str) -> list[str]:
    """Every paragraph and cell that has text."""
    parser = _Lines()
    parser.feed(page)
    return [line for line in parser.lines if line]


def pdf_objects(pdf: bytes) -> bytes:
    """The file with its compressed streams opened, enough to count pages and fonts."""
    opened = [pdf]
    for match in _PDF_STREAM.finditer(pdf):
        try:
            opened.append(zlib.decompress(match[1]))
        except zlib.error:
            continue
    return b"\n".join(opened)
