"""Spoken help: the file for everybody, the page where an administrator attaches it."""

from dataclasses import dataclass

from flask import Blueprint, Flask, Response, flash, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from webapp.cases.categories import UnknownCategory, picture_of
from webapp.core.errors import Invalid
from webapp.core.unit_of_work import write_unit
from webapp.spoken_help import queries
from webapp.spoken_help.audio import MAX_BYTES
from webapp.spoken_help.forms import RecordingForm
from webapp.spoken_help.models import Recording
from webapp.spoken_help.operations import attach_recording, keep_sound, remove_recording
from webapp.spoken_help.permissions import MANAGE
from webapp.spoken_help.screens import languages, screens
from webapp.web.current_actor import current_actor
from webapp.web.guards import public, requires
from webapp.web.locale import choose
from webapp.web.paging import LAST_ID
from webapp.web.redirects import see

bp = Blueprint("spoken_help", __name__)

# Short, because a removed recording must leave caches too; its name changes with its content.
_CACHING = "public, max-age=3600"
_NO_PAGE = "default-src 'none'; media-src 'self'; sandbox"


@dataclass(frozen=True)
class Spoken:
    """A recording as a page offers it."""

    language: str
    label: str
    url: str


@bp.get("/am-thanh/<name>")
@public
def sound(name: str) -> Response:
    """A recording; the same bytes for everybody, in parts when asked so."""
    content, mime = queries.sound(name)
    answer = Response(content, content_type=mime)
    answer.headers["Cache-Control"] = _CACHING
    answer.headers["Content-Security-Policy"] = _NO_PAGE
    answer.headers["Content-Disposition"] = f"inline; filename={name}"
    answer.set_etag(name)
    answer.make_conditional(request, accept_ranges=True, complete_length=len(content))
    return answer


@bp.get("/can-bo/loi-huong-dan")
@requires(MANAGE)
def manage() -> str:
    """What is attached, and the form to attach more."""
    return _page(RecordingForm())


@bp.post("/can-bo/loi-huong-dan")
@requires(MANAGE)
def attach() -> ResponseReturnValue:
    """Attach a recording."""
    form = RecordingForm()
    if form.validate():
        try:
            kept = keep_sound(_content(form.sound.data))
            with write_unit():
                attach_recording(
                    current_actor(),
                    kept,
                    screen=form.screen.data,
                    category=form.category.data or "",
                    language=form.language.data,
                )
            flash(_("Đã gắn lời hướng dẫn."), "success")
            return see("spoken_help.manage")
        except Invalid as refused:
            form.tell(refused)
    return _page(form), 422


@bp.post(f"/can-bo/loi-huong-dan/<int(max={LAST_ID}):recording_id>/go")
@requires(MANAGE)
def remove(recording_id: int) -> ResponseReturnValue:
    """Remove a recording."""
    with write_unit():
        remove_recording(current_actor(), recording_id)
    flash(_("Đã gỡ lời hướng dẫn."), "success")
    return see("spoken_help.manage")


def spoken_help(screen: str, category: str = "") -> list[Spoken]:
    """The recordings of a screen, by the order of the languages; ``category`` of any depth."""
    picture = _picture(category)
    found = {
        each.language: each
        for each in _recordings()
        if (each.screen, each.category) == (screen, picture)
    }
    shown = [_spoken(found[code]) for code in languages() if code in found]
    g.spoken_help_shown = bool(shown) or spoken_help_shown()
    return shown


def spoken_help_shown() -> bool:
    """Whether this page offered a recording so far, and needs the script that plays it."""
    return bool(g.get("spoken_help_shown", False))


def init_spoken_help(app: Flask) -> None:
    """Offer recordings to the resident's pages."""
    app.jinja_env.globals.update(spoken_help=spoken_help, spoken_help_shown=spoken_help_shown)


def _recordings() -> list[Recording]:
    """Read once per page."""
    if "spoken_recordings" not in g:
        g.spoken_recordings = list(queries.recordings())
    recordings: list[Recording] = g.spoken_recordings
    return recordings


def _spoken(recording: Recording) -> Spoken:
    label = languages()[recording.language].in_language(choose())
    return Spoken(recording.language, label, f"/am-thanh/{queries.file_name(recording)}")


def _picture(category: str) -> str:
    try:
        return picture_of(category) if category else ""
    except UnknownCategory:
        return category


def _content(file: FileStorage | str | None) -> bytes:
    return file.read(MAX_BYTES + 1) if isinstance(file, FileStorage) else b""


def _page(form: RecordingForm) -> str:
    return render_template(
        "spoken_help/manage.html",
        form=form,
        screens=screens(),
        languages=languages(),
        recordings=queries.managed_recordings(current_actor()),
        file_name=queries.file_name,
    )
