"""Photos as residents send them: the only door to Pillow.

Three steps, each usable alone:

- `inspect_header` looks at the first bytes while the request is open and refuses what is no photo
  or is too large. It decodes nothing.
- `read_exif` gives place, time and orientation as the phone wrote them. It never raises.
- `make_renditions` decodes and writes four clean JPEGs from the pixels alone.

The last two parse what strangers wrote with code in C: call them in the process of
`webapp.media.decoding`, which has limits on memory and time, never in a request.
`page_picture` and the marks serve redaction: what is under a mark is replaced for good.
`certify_photo` gathers what an office needs to trust a photo whose original stays sealed.
"""

from geo.photos.certificate import PhotoCertificate, certify_photo
from geo.photos.exif import PhotoFacts, read_exif
from geo.photos.header import PhotoHeader, inspect_header
from geo.photos.marks import Mark, MarkKind
from geo.photos.pages import page_picture
from geo.photos.refusals import (
    MAX_BYTES,
    BrokenPhoto,
    PhotoRefused,
    PhotoTooLarge,
    PhotoTooManyPixels,
    UnsupportedPhoto,
)
from geo.photos.renditions import RENDITION_KINDS, Rendition, RenditionSet, make_renditions

__all__ = [
    "MAX_BYTES",
    "RENDITION_KINDS",
    "BrokenPhoto",
    "Mark",
    "MarkKind",
    "PhotoCertificate",
    "PhotoFacts",
    "PhotoHeader",
    "PhotoRefused",
    "PhotoTooLarge",
    "PhotoTooManyPixels",
    "Rendition",
    "RenditionSet",
    "UnsupportedPhoto",
    "certify_photo",
    "inspect_header",
    "make_renditions",
    "page_picture",
    "read_exif",
]
