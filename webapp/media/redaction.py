"""Redaction: drawn by one person, made by the worker, approved by another; the original stays.

Rights are those of the record that the photo or paper belongs to: the caller has authorised.
"""

import hashlib
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from geo.photos import Mark
from webapp.audit.operations import Subject, find_step, record
from webapp.core import clock, crypto, files
from webapp.core.actor import Actor
from webapp.core.errors import Forbidden, Invalid, TransitionRefused
from webapp.core.picture_pdf import PagePicture, write_pdf
from webapp.core.text import _
from webapp.core.unit_of_work import session, write_unit
from webapp.core.workflow import Transition
from webapp.jobs.operations import enqueue
from webapp.media.decoding import RenditionFile, Undecodable, decode_photo
from webapp.media.marks import demand_marks, kept_marks
from webapp.media.models import Paper, Photo, Redaction
from webapp.media.originals import binding_of, open_original
from webapp.media.papers import Unredactable, make_pages
from webapp.media.rendering import JPEG, keep_file
from webapp.media.workflow import REDACTION, SHOWABLE

# What a rule finds in the text of one page of a redacted paper: codes of rules.
Finder = Callable[[Redaction, str], Iterable[str]]

_finders: list[Finder] = []


@dataclass(frozen=True)
class _Made:
    """What the child made, with its files safe in the store."""

    photo: Photo | None = None
    file_key: str | None = None
    pages: int | None = None
    size: int | None = None
    texts: tuple[str, ...] = ()


def register_finder(finder: Finder) -> Finder:
    """Add a rule that is held to the text which a redacted paper still shows."""
    if finder not in _finders:
        _finders.append(finder)
    return finder


def draw_on_photo(actor: Actor, photo: Photo, marks: Sequence[Mark]) -> Redaction:
    """Hide parts of a photo for good in a copy. Raises Invalid without any mark."""
    demand_marks(marks)
    if photo.state not in SHOWABLE:
        raise TransitionRefused(_("Ảnh này không dùng được nữa."))
    return _drawn(actor, marks, photo_id=photo.id)


def draw_on_paper(actor: Actor, paper: Paper, marks: Sequence[Mark]) -> Redaction:
    """Hide parts of a paper for good in a copy; without marks the copy shows all of it."""
    if paper.state != "ready":
        raise TransitionRefused(_("Văn bản này chưa sẵn sàng để che."))
    return _drawn(actor, marks, paper_id=paper.id)


def approve_redaction(actor: Actor, redaction: Redaction) -> None:
    """Let the result be chosen for a public page. Raises Forbidden for the one who drew it,
    Invalid while a rule of the public page finds something in its text.
    """
    redaction = _locked(redaction)
    row = _find_step(actor, redaction, "approve")
    if actor.person_id is None or actor.person_id == redaction.drawn_by_id:
        raise Forbidden(_("Người che không tự duyệt; cần một người khác xem lại."))
    if redaction.found:
        raise Invalid(_("Văn bản còn chỗ chưa che. Xin trả lại để che thêm."))
    _decide(actor, redaction, "approve", row.target)


def return_redaction(actor: Actor, redaction: Redaction, *, reason: str) -> None:
    """Give it back to be drawn anew; its result is for no page. Raises Invalid on ``reason``."""
    redaction = _locked(redaction)
    row = _find_step(actor, redaction, "return_redaction")
    if not reason.strip():
        asked = _("Xin ghi chỗ nào cần che thêm.")
        raise Invalid(asked, fields={"reason": asked})
    redaction.reason = reason.strip()[:400]
    _decide(actor, redaction, "return_redaction", row.target)


def make_redaction(redaction_id: int) -> None:
    """The worker's part: the copy without what lies under the marks; may run twice."""
    with write_unit():
        redaction = session().get(Redaction, redaction_id, populate_existing=True)
        subject = (redaction.photo or redaction.paper) if redaction else None
    if redaction is None or redaction.state != "drawn" or subject is None:
        return
    marks = [Mark(**mark) for mark in redaction.marks]
    made = _photo(subject, marks) if isinstance(subject, Photo) else _paper(subject, marks)
    with write_unit():
        redaction = session().get_one(
            Redaction, redaction_id, with_for_update=True, populate_existing=True
        )
        # Made by a twin, or the photo was erased meanwhile and nothing of it may come back.
        if redaction.state == "drawn":
            _take_over(redaction, made)


def _drawn(actor: Actor, marks: Sequence[Mark], **subject: int) -> Redaction:
    if actor.person_id is None:
        raise Forbidden
    redaction = Redaction(
        uid=uuid.uuid4().hex,
        state=REDACTION.transition("draw", None).target or "drawn",
        marks=kept_marks(marks),
        drawn_by_id=actor.person_id,
        drawn_at=clock.now(),
        found=[],
        **subject,
    )
    session().add(redaction)
    session().flush()
    enqueue("media.redact", redaction_id=redaction.id)
    record(actor, "media.draw_redaction", _subject(redaction), marks=len(marks))
    return redaction


def _find_step(actor: Actor, redaction: Redaction, step: str) -> Transition:
    return find_step(actor, REDACTION, step, redaction.state, _subject(redaction))


def _decide(actor: Actor, redaction: Redaction, name: str, target: str | None) -> None:
    redaction.state = target or redaction.state
    redaction.decided_by_id, redaction.decided_at = actor.person_id, clock.now()
    session().flush()
    record(actor, f"media.{name}", _subject(redaction))


def _photo(photo: Photo, marks: Sequence[Mark]) -> _Made | None:
    if photo.state not in SHOWABLE:
        return None
    with TemporaryDirectory(prefix="matxanh-photo-") as folder:
        try:
            decoded = decode_photo(open_original(photo), Path(folder), marks)
        except Undecodable:
            return None
        return _Made(photo=_copy(decoded.renditions))


def _copy(made: Sequence[RenditionFile]) -> Photo:
    """A photo of its own: its sealed original is the redacted picture, it has no facts."""
    full = made[0]
    content, uid = full.path.read_bytes(), uuid.uuid4().hex
    sealed = crypto.seal(content, binding=binding_of(uid))
    return Photo(
        uid=uid,
        sha256=hashlib.sha256(content).hexdigest(),
        size=full.size,
        mime=JPEG,
        width=full.width,
        height=full.height,
        state="ready",
        original_key=files.store().put("sealed", sealed),
        received_at=clock.now(),
        renditions=[keep_file(each) for each in made],
    )


def _paper(paper: Paper, marks: Sequence[Mark]) -> _Made | None:
    try:
        pages = make_pages(paper, marks)
    except Unredactable:
        return None
    pdf = write_pdf([PagePicture(page.jpeg, page.width, page.height) for page in pages])
    key = files.store().put("renditions", pdf)
    return _Made(
        file_key=key, pages=len(pages), size=len(pdf), texts=tuple(page.text for page in pages)
    )


def _found(redaction: Redaction, texts: Sequence[str]) -> list[dict[str, Any]]:
    return [
        {"page": number, "rule": rule}
        for number, text in enumerate(texts, start=1)
        for rule in sorted({rule for finder in _finders for rule in finder(redaction, text)})
    ]


def _take_over(redaction: Redaction, made: _Made | None) -> None:
    row = REDACTION.transition("render" if made else "fail", redaction.state)
    redaction.state = row.target or redaction.state
    if made is None:
        return
    if made.photo is not None:
        session().add(made.photo)
        redaction.result = made.photo
    redaction.file_key, redaction.pages, redaction.size = made.file_key, made.pages, made.size
    redaction.found = _found(redaction, made.texts)


def _locked(redaction: Redaction) -> Redaction:
    return session().get_one(Redaction, redaction.id, with_for_update=True, populate_existing=True)


def _subject(redaction: Redaction) -> Subject:
    return Subject("redaction", redaction.id)
