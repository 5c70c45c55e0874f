"""Pictures of a journey for the documentation, drawn only when they are asked for."""

import io
import os
from pathlib import Path

from PIL import Image

from tests.journeys.visitor import Visitor

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
ASKED = os.environ.get("MATXANH_SCREENSHOTS") == "1"
MAX_BYTES = 100_000
_TO_THE_TOP = "place => scrollTo(0, place.getBoundingClientRect().top + scrollY - 8)"
_COLOURS = (256, 96, 48, 24)


class Album:
    """Keeps pictures in ``docs/images`` when MATXANH_SCREENSHOTS is 1, and else nothing."""

    def __init__(self, *, keep: bool = ASKED) -> None:
        self._keep = keep

    def keep(self, visitor: Visitor, name: str, *, at: str = "body") -> None:
        """Keep what the visitor sees when ``at`` is scrolled to the top."""
        if self._keep:
            visitor.page.locator(at).first.evaluate(_TO_THE_TOP)
            shot = visitor.page.screenshot(animations="disabled")
            shrunk(Image.open(io.BytesIO(shot)), name)


def shrunk(picture: Image.Image, name: str) -> None:
    """Keep a picture with as many colours as fit into MAX_BYTES."""
    for colours in _COLOURS:
        out = io.BytesIO()
        reduced = picture.convert("RGB").quantize(colours, dither=Image.Dither.NONE)
        reduced.save(out, "PNG", optimize=True)
        if out.tell() <= MAX_BYTES:
            break
    IMAGES.mkdir(exist_ok=True)
    (IMAGES / f"{name}.png").write_bytes(out.getvalue())
