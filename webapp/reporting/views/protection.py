"""Protecting senders: messages about reprisal, and who opened whose identity."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from webapp.audit.permissions import READ_IDENTITY_LOG
from webapp.core.errors import Invalid
from webapp.core.unit_of_work import write_unit
from webapp.reporting.forms import ReprisalAnswerForm
from webapp.reporting.permissions import DECIDE, READ_REPRISAL
from webapp.reporting.queries import identity_log
from webapp.reporting.reprisal import (
    answer_reprisal,
    answers_of,
    may_answer,
    open_reprisal,
    reprisals,
)
from webapp.web.current_actor import current_actor
from webapp.web.guards import requires
from webapp.web.redirects import see

bp = Blueprint("protection", __name__, url_prefix="/can-bo")


@bp.get("/bao-ve")
@requires(READ_REPRISAL)
def messages() -> str:
    """Every message, without its words."""
    return render_template("reporting/staff/reprisals.html", rows=reprisals(current_actor()))


@bp.get("/bao-ve/<uid>")
@requires(READ_REPRISAL)
def message(uid: str) -> ResponseReturnValue:
    """One message in its words; each reading is kept."""
    return _page(uid, ReprisalAnswerForm(formdata=None))


@bp.post("/bao-ve/<uid>")
@requires(DECIDE)
def answer(uid: str) -> ResponseReturnValue:
    """Write to the sender, on their own page only."""
    form = ReprisalAnswerForm()
    if not form.validate():
        return _page(uid, form, 422)
    try:
        with write_unit():
            answer_reprisal(current_actor(), uid, words=form.words.data)
    except Invalid as refused:
        form.tell(refused)
        return _page(uid, form, 422)
    return see(".messages")


@bp.get("/nhat-ky-danh-tinh")
@requires(READ_IDENTITY_LOG)
def log() -> str:
    """Who opened which identity, original or voice note, and why, page by page."""
    cursor = request.args.get("cursor")
    page = identity_log(current_actor(), cursor)
    return render_template("reporting/staff/identity_log.html", page=page, later=cursor is not None)


def _page(uid: str, form: ReprisalAnswerForm, status: int = 200) -> ResponseReturnValue:
    actor = current_actor()
    with write_unit():
        told, report, words = open_reprisal(actor, uid)
    page = render_template(
        "reporting/staff/reprisal.html",
        message=told,
        report=report,
        words=words,
        answers=answers_of(told),
        form=form if may_answer(actor, report) else None,
    )
    return page, status
