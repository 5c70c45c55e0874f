"""A page of paper, from the pixels of another program to a JPEG without metadata."""

import io
from collections.abc import Sequence

from PIL import Image

from geo.photos.marks import PAGE_BLOCKS, Mark, hide_marks

_QUALITY = 72


def page_picture(
    pixels: bytes, width: int, height: int, stride: int, marks: Sequence[Mark] = ()
) -> bytes:
    """The JPEG of a page of BGR pixels, ``stride`` bytes a line, what is under the marks gone."""
    picture = Image.frombytes("RGB", (width, height), pixels, "raw", "BGR", stride, 1)
    hide_marks(picture, marks, blocks=PAGE_BLOCKS)
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=_QUALITY, progressive=True)
    return file.getvalue()
