"""Opening a photo with Pillow: four formats, no others, and warnings that mean something."""

import io
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

# Image.open knows a format once its module is loaded: with these three, and never Image.init(),
# the forty other decoders (EPS with its Ghostscript among them) are not even in the process.
from PIL import Image, ImageFile, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from geo.photos.refusals import (
    MAX_PIXELS,
    BrokenPhoto,
    PhotoTooManyPixels,
    UnsupportedPhoto,
    check_size,
)
from geo.photos.signatures import PhotoFormat, recognise

_PILLOW_NAMES: dict[PhotoFormat, str] = {
    "jpeg": JpegImagePlugin.JpegImageFile.format,
    "png": PngImagePlugin.PngImageFile.format,
    "webp": WebPImagePlugin.WebPImageFile.format,
    "heic": "HEIF",
}

Image.MAX_IMAGE_PIXELS = MAX_PIXELS

# The list of warning filters belongs to the process, so two threads must not swap it at once.
_warnings_lock = threading.RLock()


@contextmanager
def strict_pillow() -> Iterator[None]:
    """Inside, a suspected decompression bomb is an error and Pillow's grumbling is not heard.

    Phones write slightly wrong metadata all the time; that is no reason to refuse a photo.
    """
    with _warnings_lock, warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=UserWarning, module=r"(PIL|pi_heif)\.")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        # A library of the same process may ask Pillow to accept cut files; WeasyPrint does.
        tolerant, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
        try:
            yield
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = tolerant


def open_photo(data: bytes) -> Image.Image:
    """A photo whose header is read and whose pixels are not; call inside `strict_pillow`.

    Raises `UnsupportedPhoto`, `BrokenPhoto` or `PhotoTooManyPixels`.
    """
    photo_format = recognise(data)
    if photo_format is None:
        raise UnsupportedPhoto
    if photo_format == "heic":
        _register_heic()
    try:
        image = Image.open(io.BytesIO(data), formats=[_PILLOW_NAMES[photo_format]])
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise PhotoTooManyPixels from error
    except MemoryError:
        raise
    except Exception as error:
        # Decoders raise whatever the bytes lead them to: struct.error, KeyError, OverflowError…
        raise BrokenPhoto from error
    check_size(*image.size)
    return image


@cache
def _register_heic() -> None:
    # Loaded on the first HEIC: its library costs 6 MB that a server of JPEGs never needs.
    import pi_heif

    # One thread: each further one reserves 150 MB of address space and saves 15 % of the time.
    # What is left out here are second pictures inside the file, which nobody may see.
    pi_heif.register_heif_opener(
        decode_threads=1, thumbnails=False, depth_images=False, aux_images=False
    )
