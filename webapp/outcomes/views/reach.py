"""The result beyond the screen: the establishment's reply, the notice-board, the loudspeaker."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from webapp.cases.operations import claim_case
from webapp.core import clock
from webapp.core.errors import Invalid, NotFound, TransitionRefused
from webapp.core.unit_of_work import write_unit
from webapp.outcomes import permissions as may
from webapp.outcomes.forms import PostingEndForm, PostingForm, ReplyForm
from webapp.outcomes.policy import PAGE_PERMISSIONS
from webapp.outcomes.postings import (
    days_asked,
    end_posting,
    posting_of,
    postings_of,
    record_posting,
)
from webapp.outcomes.queries import outcome_of, page_file, shown
from webapp.outcomes.replies import newest_reply, record_reply
from webapp.outcomes.sheets import sheets_of
from webapp.outcomes.spoken import PACE, loudspeaker_script
from webapp.outcomes.workflow import POSTING_KINDS, PUBLIC
from webapp.web.current_actor import current_actor
from webapp.web.forms import PageForm
from webapp.web.guards import requires
from webapp.web.paging import LAST_ID
from webapp.web.redirects import see

bp = Blueprint("reach", __name__, url_prefix="/can-bo")


@bp.route("/giai-trinh/<code>", methods=["GET", "POST"])
@requires(may.DRAFT)
def reply(code: str) -> ResponseReturnValue:
    """Record what the establishment wrote."""
    case, form = page_file(current_actor(), code).case, ReplyForm()
    if request.method == "POST" and form.validate():
        try:
            with write_unit():
                locked = claim_case(current_actor(), code, seen=None)
                record_reply(
                    current_actor(),
                    locked,
                    words=form.words.data,
                    received_on=form.received_on.data,
                    document=form.document.data or "",
                )
            return see("staff_outcomes.show", code=code)
        except Invalid as error:
            form.tell(error)
    newest = newest_reply(case.id)
    page = render_template("outcomes/reply.html", case=case, form=form, newest=newest)
    return page, 200 if request.method == "GET" else 422


@bp.get("/niem-yet/<code>")
@requires(*PAGE_PERMISSIONS)
def board(code: str) -> ResponseReturnValue:
    """The sheet, the script, and where the result hangs or was read out."""
    return _board(code, PostingForm())


@bp.post("/niem-yet/<code>")
@requires(may.DRAFT)
def post(code: str) -> ResponseReturnValue:
    """Note that it was put up or read out."""
    form = PostingForm()
    if not form.validate():
        return _board(code, form, 422)
    try:
        with write_unit():
            case = claim_case(current_actor(), code, seen=None)
            outcome = outcome_of(case.id)
            if outcome is None:
                raise NotFound
            record_posting(
                current_actor(),
                outcome,
                kind=form.kind.data,
                place=form.place.data,
                done_by=form.done_by.data,
                posted_from=form.posted_from.data,
            )
    except (Invalid, TransitionRefused) as error:
        form.tell(error)
        return _board(code, form, 422)
    return see(".board", code=code)


@bp.route(f"/niem-yet/<code>/<int(max={LAST_ID}):posting_id>", methods=["GET", "POST"])
@requires(may.DRAFT)
def end(code: str, posting_id: int) -> ResponseReturnValue:
    """Note that it was taken down."""
    file, form = page_file(current_actor(), code), PostingEndForm()
    postings = {each.id: each for each in postings_of(file.outcome.id)} if file.outcome else {}
    if posting_id not in postings:
        raise NotFound
    if request.method == "POST" and form.validate():
        try:
            with write_unit():
                case = claim_case(current_actor(), code, seen=None)
                outcome = outcome_of(case.id)
                if outcome is None:
                    raise NotFound
                end_posting(
                    current_actor(),
                    outcome,
                    posting_of(outcome, posting_id),
                    ended_on=form.ended_on.data,
                    words=form.words.data or "",
                )
            return see(".board", code=code)
        except (Invalid, TransitionRefused) as error:
            form.tell(error)
    page = render_template(
        "outcomes/posting_end.html",
        case=file.case,
        posting=postings[posting_id],
        form=form,
        kinds=POSTING_KINDS,
    )
    return page, 200 if request.method == "GET" else 422


def _board(code: str, form: PageForm, status: int = 200) -> ResponseReturnValue:
    file = page_file(current_actor(), code)
    if file.outcome is None:
        raise NotFound
    version = shown(file.outcome) if file.outcome.state in PUBLIC else None
    today = clock.today_local()
    page = render_template(
        "outcomes/board.html",
        case=file.case,
        outcome=file.outcome,
        version=version,
        form=form,
        sheets=sheets_of(version.id) if version else {},
        script=loudspeaker_script(file.outcome, version) if version else None,
        pace=PACE,
        postings=postings_of(file.outcome.id),
        kinds=POSTING_KINDS,
        asked={kind: days_asked(kind, today) for kind in POSTING_KINDS},
        today=today,
        may_post=current_actor().may(may.DRAFT),
    )
    return page, status
