"""What is hidden for good in a picture: boxes of black, and blocks too coarse to know anything by.

A mark lies in shares of the picture, so that the same one fits every size of it. The pixels under
it are replaced; nothing of them is covered or kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PIL import Image, ImageFilter

MarkKind = Literal["box", "blur"]

_BLACK = (16, 16, 16)
# A mosaic can be computed back where a block is smaller than a letter: across the longest side of
# a photo there are at most 40 blocks, as in the phone's own brush, and on a page of text 20.
PHOTO_BLOCKS = 40
PAGE_BLOCKS = 20
# However small a mark is, it keeps at most so many blocks along each side.
_BLOCKS_OF_A_MARK = 5


@dataclass(frozen=True, slots=True)
class Mark:
    """A rectangle in shares of width and height from the upper left; ``page`` counts from 0."""

    x: float
    y: float
    width: float
    height: float
    kind: MarkKind = "box"
    page: int = 0

    def covers(self, x: float, y: float) -> bool:
        """Whether a point, in shares, lies under it."""
        return self.x <= x <= self.x + self.width and self.y <= y <= self.y + self.height


def hide_marks(picture: Image.Image, marks: Sequence[Mark], *, blocks: int = PHOTO_BLOCKS) -> None:
    """Replace the pixels under the marks of an RGB picture, whatever page they name."""
    for mark in marks:
        area = _pixels(mark, picture.width, picture.height)
        if mark.kind == "box":
            picture.paste(_BLACK, area)
        else:
            picture.paste(_coarse(picture.crop(area), max(picture.size) / blocks), area)


def _pixels(mark: Mark, width: int, height: int) -> tuple[int, int, int, int]:
    """Whole pixels, rounded outward: what is touched is gone."""
    left, top = int(mark.x * width), int(mark.y * height)
    right = min(width, int((mark.x + mark.width) * width) + 1)
    bottom = min(height, int((mark.y + mark.height) * height) + 1)
    return left, top, max(right, left + 1), max(bottom, top + 1)


def _coarse(area: Image.Image, block: float) -> Image.Image:
    across = _count(area.width, block)
    down = _count(area.height, block)
    few = area.resize((across, down), Image.Resampling.BOX)
    grown = few.resize(area.size, Image.Resampling.NEAREST)
    return grown.filter(ImageFilter.GaussianBlur(max(area.size) / 20))


def _count(length: int, block: float) -> int:
    return max(1, min(_BLOCKS_OF_A_MARK, int(length / block)))
