"""The pictures that are shown: written from pixels alone, so that nothing else can leak.

JPEG for all of them. WebP at equal error was 10 to 30 % smaller, and is not read by Word, by older
mail programs and by iPhones before iOS 14.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from PIL import Image, ImageCms

from geo.photos.exif import facts_of
from geo.photos.marks import Mark, hide_marks
from geo.photos.opening import open_photo, strict_pillow
from geo.photos.refusals import BrokenPhoto, check_size
from geo.photos.signatures import is_cut_off, recognise


@dataclass(frozen=True, slots=True)
class _Measure:
    kind: str
    longest_side: int | None
    quality: int
    progressive: bool


# From large to small: each is reduced from the one before. The full size is not progressive,
# because that encoder holds the whole picture a second time.
_MEASURES = (
    _Measure("full", None, 85, progressive=False),
    _Measure("large", 1600, 80, progressive=True),
    _Measure("card", 640, 75, progressive=True),
    _Measure("thumb", 160, 75, progressive=True),
)

RENDITION_KINDS = tuple(measure.kind for measure in _MEASURES)

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True)
class Rendition:
    """One JPEG in sRGB, upright, without metadata; size in pixels."""

    kind: str
    width: int
    height: int
    jpeg: bytes


@dataclass(frozen=True, slots=True)
class RenditionSet:
    """All renditions of a photo, from large to small.

    `likeness` is a difference hash, 64 bits in 16 hexadecimal digits: photos that look alike
    differ in few bits, also after another program has reduced them. A hint, never proof.
    """

    renditions: tuple[Rendition, ...]
    likeness: str


def make_renditions(data: bytes, marks: Sequence[Mark] = ()) -> RenditionSet:
    """Decode a photo and write one rendition of each of `RENDITION_KINDS`.

    What is under the marks is replaced first, in the upright picture of full size.

    Raises `UnsupportedPhoto`, `PhotoTooManyPixels` or `BrokenPhoto`; MemoryError when the process
    has too little. Costs up to 9 bytes of memory per pixel.
    """
    with strict_pillow():
        picture = _decode(data)
        hide_marks(picture, marks)
        made = []
        for measure in _MEASURES:
            if measure.longest_side is not None:
                picture.thumbnail((measure.longest_side, measure.longest_side), reducing_gap=3.0)
            made.append(_encode(picture, measure))
        return RenditionSet(tuple(made), _likeness(picture))


def _decode(data: bytes) -> Image.Image:
    """The pixels of a photo: upright, sRGB, opaque, and nothing else of it."""
    image = open_photo(data)
    if recognise(data) == "heic" and is_cut_off(data):
        raise BrokenPhoto
    try:
        orientation = facts_of(image).orientation
        image.load()
        check_size(*image.size)
        picture = _as_srgb(image)
    except MemoryError:
        raise
    except Exception as error:
        # Decoders raise whatever the bytes lead them to.
        raise BrokenPhoto from error
    if orientation in _UPRIGHT:
        picture = picture.transpose(_UPRIGHT[orientation])
    # Pillow writes a comment that it finds here into the next file by itself.
    picture.info.clear()
    return picture


def _as_srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I"):
        # 16 bits of grey: convert() would cut them off at 255 and leave a white picture.
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.has_transparency_data:
        image = _on_white(image)
    if image.mode not in ("RGB", "L", "CMYK"):
        image = image.convert("RGB")
    if isinstance(profile, bytes):
        image = _without_profile(image, profile)
    return image if image.mode == "RGB" else image.convert("RGB")


def _on_white(image: Image.Image) -> Image.Image:
    layer = image if image.mode == "RGBA" else image.convert("RGBA")
    paper = Image.new("RGB", layer.size, "white")
    paper.paste(layer, mask=layer.getchannel("A"))
    return paper


def _without_profile(image: Image.Image, profile: bytes) -> Image.Image:
    """The same colours in sRGB; unchanged when the profile is broken or of another kind."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if image.mode != "RGB":
            return ImageCms.profileToProfile(image, source, _srgb(), outputMode="RGB") or image
        ImageCms.profileToProfile(image, source, _srgb(), inPlace=True)
    except (ImageCms.PyCMSError, OSError):
        return image
    return image


@cache
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def _encode(picture: Image.Image, measure: _Measure) -> Rendition:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=measure.quality, progressive=measure.progressive)
    return Rendition(measure.kind, picture.width, picture.height, file.getvalue())


def _likeness(picture: Image.Image) -> str:
    """Whether it gets darker from each point to the next, on a grid of 8 rows and 9 columns."""
    grey = picture.convert("L").resize((9, 8), Image.Resampling.BOX).tobytes()
    bits = "".join(
        "1" if grey[at] > grey[at + 1] else "0"
        for row in range(0, 72, 9)
        for at in range(row, row + 8)
    )
    return f"{int(bits, 2):016x}"
