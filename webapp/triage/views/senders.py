"""What senders want of the Front: what they ask, how they rate, what they said aloud."""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from webapp.core.errors import Conflict, DomainError, Forbidden, Invalid
from webapp.core.unit_of_work import write_unit
from webapp.reporting.operations import claim_report
from webapp.reporting.permissions import DECIDE, OPEN_IDENTITY
from webapp.reporting.queries import report_for_staff
from webapp.reporting.voice import (
    hear_voice,
    may_hear,
    open_voice,
    transcribe,
    transcript_of,
    voice_for_staff,
)
from webapp.reporting.workflow import MARKS
from webapp.triage.forms.senders import HearForm, RefuseAskForm, TranscriptForm
from webapp.triage.operations.asks import may_answer, refuse
from webapp.triage.queries.asks import ask_for_staff, sender_news
from webapp.web.current_actor import current_actor
from webapp.web.forms import PageForm
from webapp.web.guards import requires
from webapp.web.paging import LAST_ID
from webapp.web.redirects import see

bp = Blueprint("senders", __name__, url_prefix="/can-bo")

# The file is the sender's own, not made by an encoder of ours: nothing else may run from it.
_NO_PAGE = "default-src 'none'; sandbox"


@bp.get("/de-nghi")
@requires(DECIDE)
def news() -> str:
    """What waits for an answer."""
    return render_template("triage/senders.html", news=sender_news(current_actor()), marks=MARKS)


@bp.route(f"/de-nghi/<int(max={LAST_ID}):ask_id>", methods=["GET", "POST"])
@requires(DECIDE)
def ask(ask_id: int) -> ResponseReturnValue:
    """One ask: grant it by the step, or refuse it in words."""
    form = RefuseAskForm(formdata=request.form if request.method == "POST" else None)
    if request.method == "GET":
        return _ask_page(ask_id, form)
    if not form.validate():
        return _ask_page(ask_id, form, 422)
    try:
        with write_unit():
            refuse(current_actor(), ask_id, words=form.words.data)
    except (Invalid, Conflict, Forbidden) as refused:
        form.tell(refused)
        return _ask_page(ask_id, form, _STATUS.get(type(refused), 409))
    return see(".news")


@bp.get("/phan-anh/<code>/ghi-am")
@requires(OPEN_IDENTITY)
def voice(code: str) -> ResponseReturnValue:
    """Ask for the reason, or play the note and take its words down."""
    return _voice_page(code, HearForm(formdata=None), _transcript_form(code))


@bp.post("/phan-anh/<code>/ghi-am")
@requires(OPEN_IDENTITY)
def hear(code: str) -> ResponseReturnValue:
    """Open the note, for a reason that is kept."""
    form, actor = HearForm(), current_actor()
    report_for_staff(actor, code)
    if not form.validate():
        return _voice_page(code, form, _transcript_form(code), 422)
    try:
        with write_unit():
            report = claim_report(actor, code, seen=None)
            open_voice(actor, report, reason=form.reason.data)
    except Invalid as refused:
        form.tell(refused)
        return _voice_page(code, form, _transcript_form(code), 422)
    return see(".voice", code=code)


@bp.post("/phan-anh/<code>/ghi-am/chep")
@requires(OPEN_IDENTITY)
def write_down(code: str) -> ResponseReturnValue:
    """Keep what was heard, in words."""
    form, actor = TranscriptForm(), current_actor()
    report_for_staff(actor, code)
    if not form.validate():
        return _voice_page(code, HearForm(formdata=None), form, 422)
    try:
        with write_unit():
            transcribe(actor, claim_report(actor, code, seen=None), words=form.words.data)
    except Forbidden as refused:
        form.tell(refused)
        return _voice_page(code, HearForm(formdata=None), form, 403)
    return see("staff_reports.show", code=code)


@bp.get("/phan-anh/<code>/ghi-am/tep")
@requires(OPEN_IDENTITY)
def sound(code: str) -> Response:
    """The sound itself, for half an hour after it was opened."""
    actor = current_actor()
    content, mime = hear_voice(actor, report_for_staff(actor, code))
    answer = Response(content, content_type=mime)
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Content-Security-Policy"] = _NO_PAGE
    answer.headers["Content-Disposition"] = "inline"
    return answer


def _transcript_form(code: str) -> TranscriptForm:
    report = report_for_staff(current_actor(), code)
    return TranscriptForm(formdata=None, words=transcript_of(report))


def _voice_page(
    code: str, form: HearForm, transcript: TranscriptForm, status: int = 200
) -> ResponseReturnValue:
    actor = current_actor()
    report = report_for_staff(actor, code)
    words = render_template(
        "triage/voice.html",
        report=report,
        note=voice_for_staff(actor, report),
        form=form,
        transcript=transcript,
        heard=may_hear(actor, report),
    )
    return words, status


def _ask_page(ask_id: int, form: PageForm, status: int = 200) -> ResponseReturnValue:
    actor = current_actor()
    found, report = ask_for_staff(actor, ask_id)
    words = render_template(
        "triage/ask.html",
        ask=found,
        report=report,
        form=form,
        mine=found.granted is None and may_answer(actor, report, found),
    )
    return words, status


_STATUS: dict[type[DomainError], int] = {Invalid: 422, Forbidden: 403}
