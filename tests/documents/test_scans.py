"""A signed paper: a PDF that only shows pages, or photos made into one without their metadata."""

import zlib

import pytest

from tests.documents import samples
from tests.factories.media import a_photo_file
from webapp.core.errors import TooLarge, UnsupportedMedia
from webapp.documents.pdf import render_pdf
from webapp.documents.scans import MAX_SCAN_BYTES, read_scan

PDF = b"%PDF-1.5\n1 0 obj\n<< /Type /Page >>\nendobj\n" + b"%%EOF\n"


def packed(objects: bytes) -> bytes:
    """A PDF whose objects lie compressed in an object stream."""
    stream = zlib.compress(objects)
    head = b"2 0 obj\n<< /Type /ObjStm /Length %d >>\nstream\n" % len(stream)
    return b"%PDF-1.5\n" + head + stream + b"\nendstream\nendobj\n%%EOF\n"


def test_a_pdf_is_kept_byte_for_byte_with_its_pages_counted() -> None:
    pdf = render_pdf(samples.recommendation())
    scan = read_scan([pdf])
    assert (scan.content, scan.pages) == (pdf, 3)
    assert read_scan([packed(b"<< /Type /Page >> << /Type /Pages >> << /Type /Page >>")]).pages == 2


@pytest.mark.parametrize(
    "acting",
    [
        b"<< /S /JavaScript /JS (app.alert(1)) >>",
        b"<< /S /Java#53cript >>",
        b"<< /S /Launch >>",
        b"<< /Type /EmbeddedFile >>",
        b"<< /Encrypt 3 0 R >>",
    ],
)
@pytest.mark.parametrize("hide", [lambda part: PDF.replace(b"%%EOF", part + b"\n%%EOF"), packed])
def test_a_pdf_that_acts_is_refused(acting: bytes, hide) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(UnsupportedMedia, match="mã lệnh"):
        read_scan([hide(b"<< /Type /Page >>" + acting)])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-0.9 %%EOF",
        PDF.replace(b"%%EOF", b""),
        b"%PDF-1.4\n%%EOF",
        b"<html>%PDF-1.4",
        b"\xff\xd8\xff\xe0",
        b"GIF89a",
        b"PK\x03\x04",
    ],
)
def test_what_is_no_paper_is_refused(content: bytes) -> None:
    with pytest.raises(UnsupportedMedia):
        read_scan([content])


def test_an_object_stream_that_swells_is_refused() -> None:
    with pytest.raises(UnsupportedMedia):
        read_scan([packed(b"\x00" * (40 * 1024 * 1024))])


def test_photos_become_pages_without_their_metadata() -> None:
    photo = a_photo_file()
    marked = photo[:2] + b"\xff\xe1\x00\x11Exif\x00\x00GPSchimcu" + photo[2:]
    scan = read_scan([marked, photo])
    assert scan.pages == 2
    assert scan.content.startswith(b"%PDF-1.4")
    assert b"GPSchimcu" not in scan.content
    assert b"Exif" not in scan.content
    assert read_scan([scan.content]).pages == 2


def test_too_many_bytes_or_pages_are_refused() -> None:
    with pytest.raises(TooLarge):
        read_scan([b"%PDF-1.4" + b"x" * MAX_SCAN_BYTES])
    with pytest.raises(UnsupportedMedia):
        read_scan([a_photo_file(40, 30)] * 31)
