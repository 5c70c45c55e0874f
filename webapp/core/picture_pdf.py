"""A PDF of pictures, one a page: no text, no metadata, nothing but the pictures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

COLOURS: Final = {1: b"/DeviceGray", 3: b"/DeviceRGB"}
_A4_PT: Final = (595, 842)


@dataclass(frozen=True)
class PagePicture:
    """A JPEG, its size in pixels, how many colours it has (1 or 3), and its turn in degrees."""

    content: bytes
    width: int
    height: int
    colours: int = 3
    turn: int = 0


def write_pdf(pictures: Sequence[PagePicture]) -> bytes:
    """A PDF 1.4 with one picture a page, as large as A4 allows."""
    kids = b" ".join(b"%d 0 R" % (3 + 3 * number) for number in range(len(pictures)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(pictures)),
    ]
    for number, picture in enumerate(pictures):
        objects.extend(_page_objects(picture, 3 + 3 * number))
    return _assembled(objects)


def _page_objects(picture: PagePicture, first: int) -> Iterator[bytes]:
    upright = _A4_PT if picture.height >= picture.width else _A4_PT[::-1]
    scale = min(upright[0] / picture.width, upright[1] / picture.height)
    width, height = picture.width * scale, picture.height * scale
    left, bottom = (upright[0] - width) / 2, (upright[1] - height) / 2
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
        % (
            picture.width,
            picture.height,
            COLOURS[picture.colours],
            len(picture.content),
            picture.content,
        )
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
