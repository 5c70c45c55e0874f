"""Papers as offices write them: with letters that can be copied, or locked."""

from webapp.cases.models import Case
from webapp.core.actor import Actor
from webapp.core.picture_pdf import PagePicture, write_pdf
from webapp.core.unit_of_work import write_unit
from webapp.media import papers
from webapp.media.models import Paper
from webapp.outcomes.hiding import bring_paper
from webapp.outcomes.models import CasePaper

_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def a_pdf(*pages: str, size: tuple[int, int] = (595, 842), author: str = "Van Thu") -> bytes:
    """A PDF with one line of (ASCII) letters at (72, 770) on each page, and an author."""
    kids = b" ".join(b"%d 0 R" % (5 + 2 * number) for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(pages)),
        b"<< /Author (%s) /Producer (May soan) >>" % author.encode(),
        _FONT,
    ]
    for number, text in enumerate(pages):
        draw = b"BT /F 14 Tf 72 770 Td (%s) Tj ET" % text.encode("ascii")
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents %d 0 R "
            b"/Resources << /Font << /F 4 0 R >> >> >>" % (*size, 6 + 2 * number)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(draw), draw))
    return assembled(objects)


def assembled(objects: list[bytes], trailer: bytes = b"/Info 3 0 R") -> bytes:
    """These objects as a file with its table."""
    out, places = bytearray(b"%PDF-1.5\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    out += b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (
        size,
        trailer,
        table,
    )
    return bytes(out)


def a_scanned_pdf(jpeg: bytes, width: int, height: int) -> bytes:
    """A PDF of one picture, as a scanner makes it."""
    return write_pdf([PagePicture(jpeg, width, height)])


def a_stored_paper(content: bytes) -> Paper:
    """A received paper, read by the worker as the application does it."""
    received = papers.receive_paper(content)
    with write_unit():
        paper = papers.store_paper(received)
    papers.read_paper(paper.id)
    return paper


def a_case_paper(actor: Actor, case: Case, content: bytes) -> CasePaper:
    """A paper brought for the page of a case and read by the worker."""
    received = papers.receive_paper(content)
    with write_unit():
        brought = bring_paper(actor, case, received, title="Kết luận kiểm tra", number="15/KL-UBND")
    papers.read_paper(brought.paper_id)
    return brought
