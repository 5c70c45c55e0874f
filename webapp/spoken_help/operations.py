"""Attaching and removing recordings, on the record."""

from dataclasses import dataclass

from sqlalchemy import select

from webapp.audit.operations import Subject, record
from webapp.cases.categories import pictures
from webapp.core import clock, files
from webapp.core.actor import Actor
from webapp.core.errors import Invalid, NotFound
from webapp.core.text import Text, _
from webapp.core.unit_of_work import session
from webapp.jobs.operations import enqueue
from webapp.spoken_help.audio import MAX_BYTES, recognise
from webapp.spoken_help.models import Recording
from webapp.spoken_help.permissions import MANAGE
from webapp.spoken_help.queries import AREA
from webapp.spoken_help.screens import languages, screens

_CHOICE = _("Lựa chọn này không có. Xin chọn trong danh sách.")


@dataclass(frozen=True)
class Sound:
    """A sound file, looked at and safe in the store; size in bytes."""

    file_key: str
    mime: str
    size: int


def keep_sound(content: bytes) -> Sound:
    """Examine a file and store it; outside any write unit. Raises Invalid, StorageFull."""
    if not content:
        raise _invalid("sound", _("Xin chọn một tệp ghi âm."))
    if len(content) > MAX_BYTES:
        raise _invalid("sound", _("Tệp ghi âm lớn nhất 1 MB, chừng một phút."))
    mime = recognise(content)
    if mime is None:
        raise _invalid("sound", _("Tệp phải là ghi âm MP3, M4A, OGG hoặc WebM."))
    return Sound(files.store().put(AREA, content), mime, len(content))


def attach_recording(
    actor: Actor, sound: Sound, *, screen: str, category: str, language: str
) -> Recording:
    """Attach a sound to a screen, in place of the one it had. Raises Forbidden, Invalid."""
    actor.demand(MANAGE)
    category = _checked(screen, category, language)
    known = select(Recording).where(
        Recording.screen == screen,
        Recording.category == category,
        Recording.language == language,
    )
    row = session().scalar(known.with_for_update())
    if row is None:
        row = Recording(screen=screen, category=category, language=language)
        session().add(row)
    elif row.file_key != sound.file_key:
        enqueue("spoken_help.remove_file", key=row.file_key)
    row.file_key, row.mime, row.size = sound.file_key, sound.mime, sound.size
    row.added_by_id, row.added_at = actor.person_id, clock.now()
    session().flush()
    record(actor, "spoken_help.attach", Subject("recording", row.id), by=MANAGE, screen=screen)
    return row


def remove_recording(actor: Actor, recording_id: int) -> None:
    """Take a recording away. Raises Forbidden, NotFound."""
    actor.demand(MANAGE)
    row = session().get(Recording, recording_id, with_for_update=True)
    if row is None:
        raise NotFound
    session().delete(row)
    enqueue("spoken_help.remove_file", key=row.file_key)
    record(actor, "spoken_help.remove", Subject("recording", row.id), by=MANAGE, screen=row.screen)


def remove_sound(key: str) -> None:
    """Remove a file that no recording points to any more; may run twice (task)."""
    used = select(Recording.id).where(Recording.file_key == key).limit(1)
    if session().scalar(used) is None:
        files.store().remove(key)


def _checked(screen: str, category: str, language: str) -> str:
    """The category to keep. Raises Invalid by field."""
    known = screens().get(screen)
    if known is None:
        raise _invalid("screen", _CHOICE)
    if language not in languages():
        raise _invalid("language", _CHOICE)
    if not known.by_category:
        return ""
    if category not in {each.code for each in pictures()}:
        raise _invalid("category", _("Màn hình này cần chọn một hình."))
    return category


def _invalid(field: str, words: Text) -> Invalid:
    return Invalid(words, fields={field: words})
