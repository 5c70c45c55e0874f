"""The worker's part: pixels out of a sealed original, renditions of them, or unreadable.

Every step may be repeated: files have the names of their content, and the row changes once.
"""

import logging
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from webapp.core import files
from webapp.core.unit_of_work import session, write_unit
from webapp.media.decoding import Decoded, RenditionFile, Undecodable, decode_photo
from webapp.media.facts import seal_facts
from webapp.media.likeness import note_likeness
from webapp.media.models import Photo, Rendition
from webapp.media.originals import open_original
from webapp.media.workflow import PHOTO

JPEG = "image/jpeg"
_FOLDER = "matxanh-photo-"
_LEFTOVER_SECONDS = 300
# The photo is not at fault for these: the machine may have been busy.
_WORTH_ANOTHER_TRY = {"timeout", "failed"}

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Made:
    """What the decoder found, with its files safe in the store."""

    decoded: Decoded
    renditions: list[Rendition]


def render_photo(photo_id: int) -> None:
    """Make the renditions of a stored photo, or mark it unreadable; may run twice.

    Decoding is outside any transaction; the row changes in one write unit at the end.
    """
    content = _stored_content(photo_id)
    if content is None:
        return
    made = _make(content)
    with write_unit():
        photo = session().get(Photo, photo_id, with_for_update=True, populate_existing=True)
        if photo is None or photo.state != "stored":
            return  # erased, or rendered by a twin meanwhile
        if made is None:
            photo.state = next_state(photo, "fail")
        else:
            _take_over(photo, made)


def remove_leftovers() -> None:
    """Remove what a worker that was killed while it rendered left in the temporary folder."""
    oldest = time.time() - _LEFTOVER_SECONDS
    for folder in Path(gettempdir()).glob(f"{_FOLDER}*"):
        if folder.lstat().st_mtime < oldest:
            shutil.rmtree(folder, ignore_errors=True)


def _stored_content(photo_id: int) -> bytes | None:
    # A unit of its own: no transaction may be open while the child works.
    with write_unit():
        photo = session().get(Photo, photo_id, populate_existing=True)
    if photo is None or photo.state != "stored":
        return None
    return open_original(photo)


def _make(content: bytes) -> _Made | None:
    with TemporaryDirectory(prefix=_FOLDER) as folder:
        decoded = _decode(content, Path(folder))
        if decoded is None:
            return None
        return _Made(decoded, [keep_file(file) for file in decoded.renditions])


def _decode(content: bytes, folder: Path) -> Decoded | None:
    for _attempt in range(2):
        try:
            return decode_photo(content, folder)
        except Undecodable as failure:
            log.warning("photo gave no renditions: %s", failure.reason)
            if failure.reason not in _WORTH_ANOTHER_TRY:
                break
    return None


def keep_file(made: RenditionFile) -> Rendition:
    """The row of a rendition whose file is safe in the store."""
    return Rendition(
        kind=made.kind,
        file_key=files.store().put("renditions", made.path.read_bytes()),
        mime=JPEG,
        width=made.width,
        height=made.height,
        size=made.size,
    )


def _take_over(photo: Photo, made: _Made) -> None:
    photo.state = next_state(photo, "render")
    photo.width, photo.height = made.decoded.header.width, made.decoded.header.height
    photo.likeness = made.decoded.likeness
    note_likeness(photo)
    photo.facts_sealed = seal_facts(made.decoded.facts, photo.uid)
    photo.renditions.extend(made.renditions)


def next_state(photo: Photo, name: str) -> str:
    """The state after a named transition. Raises TransitionRefused."""
    return PHOTO.transition(name, photo.state).target or photo.state
