"""Photos with rows, received and rendered as the application does it."""

import hashlib

from tests.geo.photo_factory import (
    ascii_entry,
    encoded,
    exif_block,
    gps_entries,
    scene,
    short_entry,
)
from webapp.core.unit_of_work import write_unit
from webapp.media import operations
from webapp.media.models import Photo


def a_photo_file(
    width: int = 320, height: int = 240, *, taken: str = "2026:02:27 16:05:00"
) -> bytes:
    """A JPEG of a phone, with place (lon 103.0…, lat 21.4…) and time in its EXIF."""
    exif = exif_block(
        orientation=short_entry(0x112, 1),
        details=[ascii_entry(0x9003, taken), ascii_entry(0x9011, "+07:00")],
        gps=gps_entries(),
    )
    return encoded(scene(width, height), exif=exif)


def a_wanted_photo(content: bytes) -> Photo:
    """The row of a photo whose bytes have not come, in a write unit of its own."""
    with write_unit():
        return operations.want_photo(
            sha256=hashlib.sha256(content).hexdigest(), size=len(content), mime="image/jpeg"
        )


def a_stored_photo(content: bytes | None = None) -> Photo:
    """A received photo, not rendered yet."""
    content = content or a_photo_file()
    received = operations.examine(content)
    photo = a_wanted_photo(content)
    with write_unit():
        return operations.store_photo(photo, received)


def a_ready_photo(content: bytes | None = None) -> Photo:
    """A photo with renditions."""
    photo = a_stored_photo(content)
    operations.render_photo(photo.id)
    return photo
