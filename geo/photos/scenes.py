"""Drawn scenes for demonstrations and tests: hills, a road or stream, and what is wrong there.

Nobody's real photo is used. A scene is a function of its kind, seed and whether it is cleaned up.
"""

import io
import math
import random
from collections.abc import Callable
from datetime import datetime

from PIL import Image, ImageDraw, ImageFilter

from geo.points import Point

SIZE = (1280, 960)
_HORIZON = 430
_HAZE = (196, 208, 214)
_GPS_IFD, _EXIF_IFD = 0x8825, 0x8769
_DATE_TAKEN, _MODEL = 0x9003, 0x0110

Pen = ImageDraw.ImageDraw
Colour = tuple[int, int, int]


def draw_scene(
    kind: str,
    seed: int,
    *,
    cleaned: bool = False,
    place: Point | None = None,
    taken_at: datetime | None = None,
) -> bytes:
    """A JPEG of 1280 x 960 with the place and local time in its EXIF, as a phone writes them.

    ``kind`` is one of the nine pictures of the first screen. Raises KeyError for another word.
    """
    rng = random.Random(f"{kind}-{seed}")  # noqa: S311 - pictures, not secrets
    image = _landscape(rng)
    if kind in _ON_WATER:
        _stream(image, rng, dirty=not cleaned)
    else:
        _road(image, rng)
    if not cleaned:
        _TROUBLES[kind](image, rng)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=84, exif=_exif(place, taken_at))
    return out.getvalue()


def kinds() -> tuple[str, ...]:
    """Every kind of trouble that can be drawn."""
    return tuple(_TROUBLES)


def _exif(place: Point | None, taken_at: datetime | None) -> Image.Exif:
    exif = Image.Exif()
    exif[_MODEL] = "Mat Xanh scene"
    if taken_at is not None:
        exif.get_ifd(_EXIF_IFD)[_DATE_TAKEN] = f"{taken_at:%Y:%m:%d %H:%M:%S}"
    if place is not None:
        exif.get_ifd(_GPS_IFD).update(
            {1: "N", 2: _degrees(place.lat), 3: "E", 4: _degrees(place.lon)}
        )
    return exif


def _degrees(value: float) -> tuple[float, float, float]:
    whole = math.floor(value)
    minutes = math.floor((value - whole) * 60)
    return float(whole), float(minutes), round(((value - whole) * 60 - minutes) * 60, 4)


def _landscape(rng: random.Random) -> Image.Image:
    image = Image.linear_gradient("L").resize(SIZE).convert("L")
    sky = Image.composite(
        Image.new("RGB", SIZE, _HAZE), Image.new("RGB", SIZE, (120, 168, 214)), image
    )
    pen = ImageDraw.Draw(sky)
    for ridge, shade in enumerate(((138, 160, 168), (104, 138, 120), (70, 112, 76))):
        _ridge(pen, rng, _HORIZON - 150 + ridge * 75, shade)
    ground = (112 + rng.randint(-12, 12), 138 + rng.randint(-10, 10), 78)
    pen.rectangle((0, _HORIZON + 40, *SIZE), fill=ground)
    _tufts(pen, rng, ground)
    return sky


def _ridge(pen: Pen, rng: random.Random, base: int, shade: Colour) -> None:
    phase, height = rng.uniform(0, 6.3), rng.randint(40, 95)
    line = [
        (x, base + height * (math.sin(x / 210 + phase) + 0.4 * math.sin(x / 61 + 2 * phase)) / 1.4)
        for x in range(0, SIZE[0] + 20, 20)
    ]
    pen.polygon([*line, (SIZE[0], SIZE[1]), (0, SIZE[1])], fill=shade)


def _tufts(pen: Pen, rng: random.Random, ground: Colour) -> None:
    for _ in range(420):
        x, y = rng.randint(0, SIZE[0]), rng.randint(_HORIZON + 50, SIZE[1])
        tall, light = 4 + (y - _HORIZON) // 45, rng.randint(-26, 22)
        shade = (ground[0] + light, ground[1] + light, ground[2] + light)
        pen.line((x, y, x + rng.randint(-4, 4), y - tall), fill=shade, width=2)


def _road(image: Image.Image, rng: random.Random) -> None:
    pen, lean = ImageDraw.Draw(image), rng.randint(-160, 160)
    top = SIZE[0] // 2 + lean
    pen.polygon(
        [
            (top - 26, _HORIZON + 42),
            (top + 26, _HORIZON + 42),
            (900 + lean, SIZE[1]),
            (360, SIZE[1]),
        ],
        fill=(158, 148, 132),
    )
    pen.line((top, _HORIZON + 60, 630 + lean // 2, SIZE[1]), fill=(182, 172, 154), width=5)


def _stream(image: Image.Image, rng: random.Random, *, dirty: bool) -> None:
    pen = ImageDraw.Draw(image)
    water: Colour = (110, 96, 62) if dirty else (96, 140, 168)
    left, right = rng.randint(240, 380), rng.randint(860, 1010)
    pen.polygon(
        [(600, _HORIZON + 42), (690, _HORIZON + 42), (right, SIZE[1]), (left, SIZE[1])], fill=water
    )
    for _ in range(70):
        x, y = rng.randint(left, right), rng.randint(_HORIZON + 120, SIZE[1])
        glint = 26 if not dirty else 14
        shade = (water[0] + glint, water[1] + glint, water[2] + glint)
        pen.line((x, y, x + rng.randint(20, 80), y + 2), fill=shade, width=3)


def _heap(image: Image.Image, rng: random.Random, colours: tuple[Colour, ...], pieces: int) -> None:
    pen = ImageDraw.Draw(image)
    middle, base = rng.randint(420, 820), rng.randint(760, 860)
    for _ in range(pieces):
        spread = rng.gauss(0, 150)
        x = middle + spread
        y = base - max(0.0, 130 - abs(spread) * 0.7) * rng.random()
        size = rng.randint(14, 46)
        corners = [
            (x + size * math.cos(turn) * rng.uniform(0.6, 1), y + size * 0.7 * math.sin(turn))
            for turn in sorted(rng.uniform(0, 6.3) for _ in range(6))
        ]
        pen.polygon(corners, fill=rng.choice(colours), outline=(70, 66, 60))


def _plume(image: Image.Image, rng: random.Random, x: int, y: int, shade: Colour) -> None:
    cloud = Image.new("RGBA", SIZE, (0, 0, 0, 0))
    pen = ImageDraw.Draw(cloud)
    for step in range(26):
        size = 24 + step * 7
        drift = x + step * rng.randint(4, 15)
        top = y - step * 20
        pen.ellipse((drift - size, top - size, drift + size, top + size), fill=(*shade, 95))
    soft = cloud.filter(ImageFilter.GaussianBlur(16))
    image.paste(soft, (0, 0), soft)


def _waste(image: Image.Image, rng: random.Random) -> None:
    bags: tuple[Colour, ...] = ((236, 236, 230), (58, 110, 190), (200, 60, 52), (40, 44, 48))
    _heap(image, rng, (*bags, (226, 190, 70), (90, 150, 92)), 190)


def _smoke(image: Image.Image, rng: random.Random) -> None:
    _heap(image, rng, ((64, 56, 48), (96, 70, 44), (214, 108, 34)), 90)
    _plume(image, rng, 600, 760, (120, 118, 116))


def _foam(image: Image.Image, rng: random.Random) -> None:
    pen = ImageDraw.Draw(image)
    for _ in range(140):
        x, y, size = rng.randint(420, 860), rng.randint(620, 930), rng.randint(6, 26)
        pen.ellipse((x, y, x + size * 2, y + size), fill=(232, 226, 206))
    pen.rectangle((250, 640, 470, 690), fill=(120, 122, 124))
    pen.ellipse((446, 636, 494, 694), fill=(52, 46, 38))


def _hut(pen: Pen, x: int, y: int, wall: Colour) -> None:
    pen.rectangle((x, y - 120, x + 330, y), fill=wall)
    pen.polygon([(x - 30, y - 118), (x + 165, y - 210), (x + 360, y - 118)], fill=(120, 72, 54))


def _barn(image: Image.Image, rng: random.Random) -> None:
    pen = ImageDraw.Draw(image)
    _hut(pen, rng.randint(160, 640), 720, (176, 150, 116))
    for _ in range(60):
        x, y = rng.randint(260, 960), rng.randint(760, 900)
        pen.ellipse((x, y, x + rng.randint(30, 120), y + 18), fill=(86, 66, 40))


def _bottles(image: Image.Image, rng: random.Random) -> None:
    pen = ImageDraw.Draw(image)
    colours: tuple[Colour, ...] = ((240, 240, 236), (70, 150, 90), (214, 60, 48), (236, 200, 70))
    for _ in range(34):
        x, y = rng.randint(300, 940), rng.randint(720, 900)
        pen.rounded_rectangle((x, y, x + 30, y + 62), 6, fill=rng.choice(colours))
        pen.rectangle((x + 9, y - 12, x + 21, y), fill=(50, 50, 56))


def _plant(image: Image.Image, rng: random.Random) -> None:
    pen = ImageDraw.Draw(image)
    x = rng.randint(220, 640)
    pen.rectangle((x, 560, x + 380, 740), fill=(150, 154, 158))
    for window in range(5):
        pen.rectangle((x + 24 + window * 72, 620, x + 64 + window * 72, 660), fill=(90, 110, 126))
    pen.rectangle((x + 300, 360, x + 340, 560), fill=(128, 112, 104))
    _plume(image, rng, x + 320, 350, (98, 96, 98))


def _digging(image: Image.Image, rng: random.Random) -> None:
    pen = ImageDraw.Draw(image)
    x = rng.randint(240, 560)
    pen.polygon(
        [(x - 120, 900), (x + 120, 700), (x + 520, 720), (x + 640, 900)], fill=(170, 122, 74)
    )
    pen.rectangle((x + 150, 620, x + 300, 700), fill=(232, 178, 40))
    pen.rectangle((x + 130, 700, x + 320, 734), fill=(56, 56, 58))
    pen.line((x + 290, 640, x + 400, 560, x + 480, 690), fill=(214, 160, 34), width=20)


def _speaker(image: Image.Image, rng: random.Random) -> None:
    pen = ImageDraw.Draw(image)
    x = rng.randint(420, 700)
    pen.rounded_rectangle((x, 560, x + 190, 880), 14, fill=(44, 46, 52))
    for top, size in ((590, 90), (710, 140)):
        left = x + 95 - size // 2
        pen.ellipse((left, top, left + size, top + size), fill=(88, 92, 100))


_ON_WATER = frozenset({"p_water"})
_TROUBLES: dict[str, Callable[[Image.Image, random.Random], None]] = {
    "p_waste": _waste,
    "p_smoke": _smoke,
    "p_water": _foam,
    "p_barn": _barn,
    "p_chemical": _bottles,
    "p_plant": _plant,
    "p_land": _digging,
    "p_noise": _speaker,
    "unsure": _waste,
}
