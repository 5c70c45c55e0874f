"""A voice note of a report: sealed like an identity, heard and written down by the Front only.

Hearing it is opening an identity: with a reason that the auditor reads, never after a message
about reprisal. It leaves for good when the sender withdraws the name or the report.
"""

import hashlib
import re
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from webapp.audit.operations import record
from webapp.core import clock, crypto, files
from webapp.core.actor import SYSTEM, Actor
from webapp.core.errors import Forbidden, Gone, Invalid, NotFound, TooLarge, UnsupportedMedia
from webapp.core.resealing import sealed_in
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.jobs.operations import enqueue
from webapp.media.audio import SOUNDS, sound_seconds, sound_type
from webapp.reporting.identity import REASON_LIMIT, log_opening
from webapp.reporting.models import IdentityOpening, Report, VoiceNote
from webapp.reporting.permissions import OPEN_IDENTITY
from webapp.reporting.photos import ACCEPTED_FOR
from webapp.reporting.policy import demand
from webapp.reporting.steps import subject_of
from webapp.reporting.submission import ListedVoice
from webapp.reporting.wording import invalid, required

MAX_SECONDS: Final = 60
MAX_BYTES: Final = 2 * 1024 * 1024
HEARD_FOR: Final = timedelta(minutes=30)
TRANSCRIPT_LIMIT: Final = 4000
_SLACK: Final = 2.0
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_TOO_LARGE = _("Ghi âm lớn quá 2 MB. Xin ghi ngắn hơn.")
_TOO_LONG = _("Ghi âm dài quá 60 giây. Xin ghi ngắn hơn.")
_WRONG_KIND = _("Tệp này không phải ghi âm đọc được. Xin ghi lại bằng điện thoại.")


@dataclass(frozen=True)
class ReceivedVoice:
    """A sound whose header is sound and whose sealed file is safe on disk; no row points to it."""

    uid: str
    sha256: str
    size: int
    mime: str
    file_key: str


def checked_voice(voice: ListedVoice | None) -> ListedVoice | None:
    """A voice note as listed at sending. Raises Invalid on ``voice``."""
    if voice is None:
        return None
    if not _SHA256.fullmatch(voice.sha256):
        raise invalid("voice", _("Mã băm của ghi âm phải là 64 chữ số hệ 16, viết thường."))
    if not 0 < voice.size <= MAX_BYTES:
        raise invalid("voice", _TOO_LARGE)
    if not 0 < voice.seconds <= MAX_SECONDS:
        raise invalid("voice", _TOO_LONG)
    if voice.type.partition(";")[0].strip() not in SOUNDS:
        raise invalid("voice", _WRONG_KIND)
    return voice


def list_voice(report: Report, voice: ListedVoice | None) -> None:
    """Note that the bytes of a voice note will come by their own request."""
    if voice is not None:
        report.voice = VoiceNote(
            report_id=report.id,
            uid=uuid.uuid4().hex,
            sha256=voice.sha256,
            size=voice.size,
            mime=voice.type.partition(";")[0].strip(),
            seconds=voice.seconds,
            state="wanted",
        )
        session().flush()


def examine_voice(content: bytes) -> ReceivedVoice:
    """Check a sound by its content, seal it and write it durably; outside any write unit.

    At most 2 MB and 60 s, one of ``media.audio.SOUNDS``. Raises TooLarge, UnsupportedMedia, Invalid
    or StorageFull; nothing is written then.
    """
    if len(content) > MAX_BYTES:
        raise TooLarge(_TOO_LARGE)
    mime = sound_type(content)
    if mime is None:
        raise UnsupportedMedia(_WRONG_KIND)
    seconds = sound_seconds(content, mime)
    if seconds is not None and seconds > MAX_SECONDS + _SLACK:
        raise Invalid(_TOO_LONG, fields={"voice": _TOO_LONG})
    uid = uuid.uuid4().hex
    return ReceivedVoice(
        uid=uid,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        mime=mime,
        file_key=files.store().put("sealed", crypto.seal(content, binding=_file_binding(uid))),
    )


def listed_voice(report: Report, sha256: str) -> VoiceNote:
    """The voice note that the report lists under this hash and that may still come.

    Raises NotFound for one it does not list, Gone after a withdrawal and after 30 days.
    """
    note = report.voice
    if note is None or note.sha256 != sha256:
        raise NotFound
    if report.state == "withdrawn" or note.state == "erased":
        raise Gone(_("Phản ánh hoặc ghi âm này đã rút, ghi âm không được nhận nữa."))
    if note.state == "wanted" and clock.now() > report.received_at + ACCEPTED_FOR:
        raise Gone(_("Đã quá 30 ngày, ghi âm này không được nhận nữa."))
    return note


def receive_voice(report: Report, received: ReceivedVoice) -> bool:
    """Take the bytes of the listed note; whether they were new.

    The received file is removed when the report does not take it. Raises as ``listed_voice``.
    """
    try:
        note = listed_voice(report, received.sha256)
    except (NotFound, Gone):
        files.store().remove(received.file_key)
        raise
    if note.state == "stored":
        files.store().remove(received.file_key)
        return False
    note.state, note.uid, note.file_key = "stored", received.uid, received.file_key
    note.size, note.mime, note.received_at = received.size, received.mime, clock.now()
    session().flush()
    return True


def erase_voice(report: Report) -> None:
    """Remove the sound and what was heard of it for good; the row stays as a tombstone."""
    note = report.voice
    if note is None or note.state == "erased":
        return
    if note.file_key is not None:
        enqueue("media.remove_file", key=note.file_key)
    note.state, note.file_key, note.transcript_sealed = "erased", None, None
    record(SYSTEM, "report.erase_voice", subject_of(report))


def open_voice(actor: Actor, report: Report, *, reason: str) -> None:
    """Let this officer hear the note for half an hour, for a reason that the auditor reads.

    Raises Forbidden outside the officer's unit, NotFound where nothing is to be heard and after a
    message about reprisal, Invalid without a reason.
    """
    words = required(reason, "reason", REASON_LIMIT)
    _demand(actor, report)
    log_opening(actor, report, "voice", words)


def voice_for_staff(actor: Actor, report: Report) -> VoiceNote:
    """The note, for an officer who may open it. Raises as ``open_voice``."""
    return _demand(actor, report)


def may_hear(actor: Actor, report: Report) -> bool:
    """Whether this officer opened the note within the last half hour and may still."""
    query = select(IdentityOpening.id).where(
        IdentityOpening.report_id == report.id,
        IdentityOpening.person_id == actor.person_id,
        IdentityOpening.what == "voice",
        IdentityOpening.at > clock.now() - HEARD_FOR,
    )
    return report.reprisal_at is None and session().scalar(query.limit(1)) is not None


def hear_voice(actor: Actor, report: Report) -> tuple[bytes, str]:
    """The sound and its kind. Raises Forbidden unless it was opened, NotFound when erased."""
    note = _demand(actor, report)
    if not may_hear(actor, report):
        raise Forbidden(_("Xin ghi lý do trước khi nghe."))
    sealed = files.store().get(note.file_key or "")
    return crypto.unseal(sealed, binding=_file_binding(note.uid)), note.mime


def transcribe(actor: Actor, report: Report, *, words: str) -> None:
    """Write down what was heard, for the Front's own eyes; a later writing takes its place.

    Raises as ``hear_voice``, Invalid on ``words``.
    """
    text = required(words, "words", TRANSCRIPT_LIMIT)
    note = _demand(actor, report)
    if not may_hear(actor, report):
        raise Forbidden(_("Xin ghi lý do trước khi nghe."))
    note.transcript_sealed = crypto.seal(text.encode(), binding=_transcript_binding(note.uid))
    note.transcribed_by_id = actor.person_id
    record(actor, "report.transcribe", subject_of(report), by=OPEN_IDENTITY)
    session().flush()


def transcript_of(report: Report) -> str | None:
    """What was written down; for officers who may read the report's words."""
    note = report.voice
    if note is None or note.transcript_sealed is None:
        return None
    sealed = note.transcript_sealed
    return crypto.unseal(sealed, binding=_transcript_binding(note.uid)).decode()


def _demand(actor: Actor, report: Report) -> VoiceNote:
    demand(actor, report, OPEN_IDENTITY)
    if report.reprisal_at is not None:
        raise NotFound  # as if there were none: a commune officer must not learn why
    note = report.voice
    if note is None or note.state != "stored":
        raise NotFound
    return note


def _file_binding(uid: str) -> str:
    return f"voice_note.file:{uid}"


def _transcript_binding(uid: str) -> str:
    return f"voice_note.transcript:{uid}"


sealed_in(VoiceNote.file_key, bound=VoiceNote.uid, binding=_file_binding)
sealed_in(VoiceNote.transcript_sealed, bound=VoiceNote.uid, binding=_transcript_binding)
