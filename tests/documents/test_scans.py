"""A signed paper: a PDF that only shows pages, or photos made into one without their metadata."""

import zlib
from io import BytesIO

import pikepdf
import pytest
from pikepdf import Object, ObjectStreamMode, Pdf

from tests.documents import samples
from tests.factories.media import a_photo_file
from webapp.core.errors import TooLarge, UnsupportedMedia
from webapp.documents.pdf import render_pdf
from webapp.documents.pdf_reading import inspect
from webapp.documents.scans import MAX_SCAN_BYTES, read_scan

PACKED, PLAIN = ObjectStreamMode.generate, ObjectStreamMode.disable
PDF = b"%PDF-1.5\n1 0 obj\n<< /Type /Page >>\nendobj\n" + b"%%EOF\n"


def saved(pdf: Pdf, mode: ObjectStreamMode = PLAIN) -> bytes:
    stream = BytesIO()
    pdf.save(stream, object_stream_mode=mode, min_version="1.5")
    return stream.getvalue()


def paper(held: bytes = b"<< >>") -> Pdf:
    """One page, and whatever else the file holds."""
    pdf = Pdf.new()
    pdf.add_blank_page()
    pdf.pages[0].Held = pdf.make_indirect(Object.parse(held))
    return pdf


def test_a_pdf_is_kept_byte_for_byte_with_its_pages_counted() -> None:
    pdf = render_pdf(samples.recommendation())
    scan = read_scan([pdf])
    assert (scan.content, scan.pages) == (pdf, 3)
    two = paper()
    two.add_blank_page()
    assert read_scan([saved(two, PACKED)]).pages == 2


@pytest.mark.parametrize(
    "acting",
    [
        b"<< /S /JavaScript >>",
        b"<< /JS (app.alert(1)) >>",
        b"<< /A [<< /S /Launch >>] >>",
        b"<< /Type /EmbeddedFile >>",
        b"<< /A << /S /SubmitForm >> >>",
        b"<< /XFA [] >>",
    ],
)
@pytest.mark.parametrize("mode", [PLAIN, PACKED])
def test_a_pdf_that_acts_is_refused(acting: bytes, mode: ObjectStreamMode) -> None:
    assert inspect(saved(paper(acting), mode)) == {"reason": "acts"}


def test_an_escaped_name_means_what_it_spells() -> None:
    hidden = saved(paper(b"<< /S /JavaScript >>")).replace(b"/JavaScript", b"/Java#53cript")
    with pytest.raises(UnsupportedMedia, match="mã lệnh"):
        read_scan([hidden])


def test_an_object_stream_under_an_escaped_name_is_opened() -> None:
    packed = saved(paper(b"<< /S /Launch >>"), PACKED)
    hidden = packed.replace(b"/ObjStm", b"/Obj#53tm")
    assert hidden != packed
    with pytest.raises(UnsupportedMedia, match="mã lệnh"):
        read_scan([hidden])


def test_a_pdf_with_a_password_is_refused() -> None:
    stream = BytesIO()
    paper().save(stream, min_version="1.5", encryption=pikepdf.Encryption(owner="chu", user=""))
    with pytest.raises(UnsupportedMedia, match="mật khẩu"):
        read_scan([stream.getvalue()])


def test_a_pdf_without_pages_is_refused() -> None:
    with pytest.raises(UnsupportedMedia, match="không có trang"):
        read_scan([saved(Pdf.new())])


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


def swelling(megabytes: int) -> bytes:
    """An object stream with one page that opens to so many megabytes, from a thousandth of it."""
    packer = zlib.compressobj(9)
    first, block = (
        packer.compress(words.ljust(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
        for words in (b"4 0 << /Type /Page /Parent 3 0 R >>", b"")
    )
    stream = first + block * (megabytes - 1) + packer.flush()
    head = b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>" % len(stream)
    return b"%b\nstream\n%b\nendstream" % (head, stream)


def test_an_object_stream_that_swells_to_four_gigabytes_is_refused() -> None:
    assert read_scan([around(swelling(2))]).pages == 1
    with pytest.raises(UnsupportedMedia):
        read_scan([around(swelling(4096))])


def around(packed: bytes) -> bytes:
    """A file whose table says that object 4 is the first of those packed in object 2."""
    pages = b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>"
    out, places = bytearray(b"%PDF-1.5\n"), []
    for number, part in enumerate((b"<< /Type /Catalog /Pages 3 0 R >>", packed, pages), start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, part)
    rows = b"".join(b"\x01" + at.to_bytes(4) + b"\x00" for at in places)
    rows = b"\x00" * 6 + rows + b"\x02" + (2).to_bytes(4) + b"\x00"
    table = len(out)
    out += b"5 0 obj\n<< /Type /XRef /Size 5 /W [1 4 1] /Root 1 0 R /Length %d >>\n" % len(rows)
    return bytes(
        out + b"stream\n" + rows + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % table
    )


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
    with pytest.raises(UnsupportedMedia, match="Nhiều nhất 30 ảnh"):
        read_scan([a_photo_file(40, 30)] * 31)
    with pytest.raises(UnsupportedMedia, match="Xin chọn tệp bản quét"):
        read_scan([])
