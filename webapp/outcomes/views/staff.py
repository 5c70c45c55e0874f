"""The desk of those who write, approve and publish outcomes, and who answer votes."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from webapp.cases import permissions as cases_may
from webapp.cases.models import Case
from webapp.cases.operations import claim_case
from webapp.cases.queries import CaseFile, case_file
from webapp.cases.votes import votes_since_result
from webapp.core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from webapp.core.unit_of_work import write_unit
from webapp.outcomes import permissions as may
from webapp.outcomes.actions import Action, action_of, offered_actions
from webapp.outcomes.closing import answer_vote
from webapp.outcomes.facts import demand_publishable
from webapp.outcomes.forms import DraftForm, RevisionForm, VoteAnswerForm
from webapp.outcomes.models import Outcome
from webapp.outcomes.operations import claim_outcome
from webapp.outcomes.policy import PAGE_PERMISSIONS
from webapp.outcomes.queries import (
    PageFile,
    choosable_photos,
    desk,
    newest,
    page_file,
    shown_to_staff,
)
from webapp.outcomes.redactions import choosable_papers, chosen_papers
from webapp.outcomes.replies import newest_reply
from webapp.outcomes.writing import NONE_YET, begin, can_write, is_revision, save
from webapp.web.current_actor import current_actor
from webapp.web.forms import StepForm
from webapp.web.guards import requires
from webapp.web.redirects import see

bp = Blueprint("staff_outcomes", __name__, url_prefix="/can-bo")
_WRITERS = requires(*PAGE_PERMISSIONS)


@bp.get("/ket-qua")
@_WRITERS
def index() -> str:
    """What waits to be written, approved, published; what is public."""
    return render_template("outcomes/desk.html", desk=desk(current_actor()))


@bp.get("/ket-qua/<code>")
@_WRITERS
def show(code: str) -> ResponseReturnValue:
    """A page as readers will see it, who wrote and approved it, what can be done."""
    file = page_file(current_actor(), code)
    if file.outcome is None:
        return see(".write", code=code)
    return render_template("outcomes/staff_outcome.html", **_page(file, file.outcome))


@bp.route("/ket-qua/<code>/soan", methods=["GET", "POST"])
@_WRITERS
def write(code: str) -> ResponseReturnValue:
    """Write the draft, or the next version of a public or retracted page."""
    file = page_file(current_actor(), code)
    if not can_write(current_actor(), file):
        raise Forbidden
    if request.method == "GET":
        demand_publishable(file.case)
        return _draft(file, _begun(file))
    form = _writing_form(file, request.form)
    if not form.validate():
        return _draft(file, form, 422)
    try:
        with write_unit():
            _save(code, form)
    except DomainError as error:
        fresh = page_file(current_actor(), code)
        return _draft(fresh, form, _refused(form, error, fresh, _begun))
    return see(".show", code=code)


@bp.route("/ket-qua/<code>/<slug>", methods=["GET", "POST"])
@_WRITERS
def act(code: str, slug: str) -> ResponseReturnValue:
    """One action on a page: what it means, its questions, its button."""
    action = action_of(slug)
    file = page_file(current_actor(), code)
    if file.outcome is None:
        raise NotFound
    current_actor().demand(action.permission)
    if request.method == "GET":
        return _action(file, action, _prepared(action, file))
    form = _prepared(action, file, request.form)
    if not form.validate():
        return _action(file, action, form, 422)
    try:
        with write_unit():
            outcome = claim_outcome(current_actor(), code, seen=form.seen)
            action.apply(current_actor(), outcome, form)
    except DomainError as error:
        fresh = page_file(current_actor(), code)
        anew = partial(_prepared, action)
        return _action(fresh, action, form, _refused(form, error, fresh, anew))
    return see(".show", code=code)


@bp.route("/vu-viec/<code>/loi-xac-nhan/<int:vote_id>", methods=["GET", "POST"])
@requires(cases_may.CLOSE)
def vote(code: str, vote_id: int) -> ResponseReturnValue:
    """Answer one who says that it is not fixed."""
    file = case_file(current_actor(), code)
    form = VoteAnswerForm(formdata=request.form if request.method == "POST" else None)
    if request.method == "GET":
        form.open_at(file.case.version)
        return _vote(file, vote_id, form)
    if not form.validate():
        return _vote(file, vote_id, form, 422)
    try:
        with write_unit():
            case = claim_case(current_actor(), code, seen=None)
            answer_vote(current_actor(), case, vote_id, words=form.words.data)
    except (Invalid, Conflict) as error:
        form.tell(error)
        status = 409 if isinstance(error, Conflict) else 422
        return _vote(case_file(current_actor(), code), vote_id, form, status)
    return see("staff_cases.show", code=code)


def _writing_form(file: PageFile, formdata: Any = None) -> DraftForm:
    return (RevisionForm if is_revision(file) else DraftForm)(formdata=formdata)


def _begun(file: PageFile) -> DraftForm:
    form = _writing_form(file)
    begin(file, form)
    return form


def _prepared(action: Action, file: PageFile, formdata: Any = None) -> StepForm:
    form: StepForm = action.form(formdata=formdata)
    if action.prepare is not None and file.outcome is not None:
        action.prepare(file.outcome, form)
    if formdata is None and file.outcome is not None:
        form.open_at(file.outcome.version)
    return form


def _save(code: str, form: DraftForm) -> None:
    actor = current_actor()
    case: Case = claim_case(actor, code, seen=None)
    save(actor, case, form)


def _refused(
    form: StepForm, error: DomainError, fresh: PageFile, anew: Callable[[PageFile], StepForm]
) -> int:
    """Put the refusal into the form; a stale version becomes the present one, words stay."""
    if not isinstance(error, Invalid | Conflict):
        raise error
    form.tell(error)
    if isinstance(error, Invalid):
        return 422
    form.reopen(fresh.outcome.version if fresh.outcome else NONE_YET, anew(fresh))
    return 409


def _draft(file: PageFile, form: DraftForm, status: int = 200) -> ResponseReturnValue:
    photos = choosable_photos(current_actor(), file.case)
    words = render_template(
        "outcomes/write.html",
        case=file.case,
        outcome=file.outcome,
        form=form,
        photos=photos,
        papers=choosable_papers(file.case.id),
        has_reply=newest_reply(file.case.id) is not None,
    )
    return words, status


def _action(
    file: PageFile, action: Action, form: StepForm, status: int = 200
) -> ResponseReturnValue:
    if file.outcome is None:
        raise NotFound
    page = _page(file, file.outcome)
    return render_template("outcomes/action.html", action=action, form=form, **page), status


def _page(file: PageFile, outcome: Outcome) -> dict[str, Any]:
    actor = current_actor()
    return {
        "case": file.case,
        "outcome": outcome,
        "shown": shown_to_staff(outcome),
        "actions": offered_actions(actor, outcome),
        "can_write": can_write(actor, file),
        "papers": chosen_papers(file.case.id, newest(outcome).paper_ids),
        "may_write": actor.may(may.DRAFT),
    }


def _vote(
    file: CaseFile, vote_id: int, form: VoteAnswerForm, status: int = 200
) -> ResponseReturnValue:
    votes = {each.id: each for each in votes_since_result(file.case.id) if not each.fixed}
    if vote_id not in votes or not file.shows_notes:
        raise NotFound
    words = render_template(
        "outcomes/answer_vote.html", case=file.case, vote=votes[vote_id], form=form
    )
    return words, status
