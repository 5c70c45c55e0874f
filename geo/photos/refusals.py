"""Why a photo is refused, and the limits that refuse it."""

MAX_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 50_000_000
MAX_SIDE = 20_000


class PhotoRefused(Exception):
    """A photo that is not taken: `code` is stable, `suggested_status` is a fitting HTTP answer."""

    code = "refused"
    suggested_status = 422


class UnsupportedPhoto(PhotoRefused):
    """The content is not JPEG, PNG, WebP or HEIC, whatever its name says."""

    code = "unsupported_type"
    suggested_status = 415


class PhotoTooLarge(PhotoRefused):
    """More than `MAX_BYTES`."""

    code = "too_many_bytes"
    suggested_status = 413


class PhotoTooManyPixels(PhotoRefused):
    """More than `MAX_PIXELS`, or a side longer than `MAX_SIDE` pixels."""

    code = "too_many_pixels"


class BrokenPhoto(PhotoRefused):
    """Begins like a photo and cannot be read as one."""

    code = "broken"


def check_size(width: int, height: int) -> None:
    """Raise `PhotoTooManyPixels` beyond the limits, `BrokenPhoto` for an empty picture."""
    if width < 1 or height < 1:
        raise BrokenPhoto
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise PhotoTooManyPixels
