"""The staff page of a case and the pages of its steps."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from webapp.audit.operations import find_step
from webapp.cases import permissions as may
from webapp.cases.clocks import subject_of
from webapp.cases.operations import claim_case
from webapp.cases.policy import Sight
from webapp.cases.presentation import deadline_words, staff_entries
from webapp.cases.queries import CaseFile, assignee_of, case_file, merged_with
from webapp.cases.step_pages import StepPage, offered_steps, step_page
from webapp.cases.workflow import CASE
from webapp.core import clock
from webapp.core.errors import (
    Conflict,
    Forbidden,
    Invalid,
    TooLarge,
    TransitionRefused,
    UnsupportedMedia,
)
from webapp.core.unit_of_work import write_unit
from webapp.media.operations import ReceivedPhoto, examine
from webapp.web.current_actor import current_actor
from webapp.web.forms import StepForm
from webapp.web.guards import requires
from webapp.web.locale import gettext, translated
from webapp.web.panels import render_panels
from webapp.web.redirects import see

bp = Blueprint("staff_cases", __name__, url_prefix="/can-bo/vu-viec")
# What a unit to which a case is proposed may do before the case is its own.
_OF_ANOTHER_UNIT = frozenset({"transfer", "return_transfer"})
_READERS = requires(may.READ, may.READ_AS_OFFICE, may.READ_TO_PUBLISH)


@bp.get("/<code>")
@_READERS
def show(code: str) -> str:
    """A case: what residents saw, what is known, what to do next, the timeline."""
    actor = current_actor()
    file = case_file(actor, code)
    survivor, merged = merged_with(actor, file)
    return render_template(
        "cases/staff_case.html",
        file=file,
        survivor=survivor,
        merged=merged,
        assignee=assignee_of(file),
        case=file.case,
        deadline=deadline_words(file.case.due_at, clock.now()),
        steps=offered_steps(actor, file.case),
        panels=render_panels("case.staff", actor, file),
        entries=staff_entries(file.lines, with_notes=file.shows_notes),
    )


@bp.route("/<code>/buoc/<step>", methods=["GET", "POST"])
@_READERS
def take(code: str, step: str) -> ResponseReturnValue:
    """One step as a page: its form, and the step itself when it is sent."""
    page = step_page(step)
    file = _file(code, step)
    if request.method == "GET":
        try:
            CASE.transition(step, file.case.state)
        except TransitionRefused as refused:  # said before anything is typed
            flash(translated(refused.detail), "warning")
            return see("staff_cases.show", code=code)
    form = _prepared(page, file, request.form if request.method == "POST" else None)
    if request.method == "GET":
        form.open_at(file.case.version)
        return _form(file, page, form)
    if not form.validate():
        return _form(file, page, form, 422)
    shown = page.before(current_actor(), file.case, form) if page.before is not None else None
    return redirect(shown, 303) if shown is not None else _apply(file, page, form)


def _apply(file: CaseFile, page: StepPage, form: Any) -> ResponseReturnValue:
    code = file.case.code
    try:
        photos = _received()
        with write_unit():
            if page.first is not None:
                page.first(current_actor(), code, form)
            case = claim_case(current_actor(), code, seen=form.seen)
            find_step(current_actor(), CASE, page.step, case.state, subject_of(case))
            page.apply(current_actor(), case, form, photos)
    except (Invalid, TooLarge, UnsupportedMedia) as error:
        form.tell(error)
        return _form(case_file(current_actor(), code), page, form, 422)
    except Conflict as error:
        form.tell(error)
        fresh = _file(code, page.step)
        form.reopen(fresh.case.version, _prepared(page, fresh))
        return _form(fresh, page, form, 409)
    if page.leaves:
        flash(gettext("Đã ghi: %(step)s.", step=translated(page.label)), "success")
        return see("desk.queue_page", tab="vu-viec")
    return see("staff_cases.show", code=code)


def _file(code: str, step: str) -> CaseFile:
    """The case for the form of a step. Raises NotFound, Forbidden."""
    file = case_file(current_actor(), code)
    # The form itself may name officers and group members: it opens for those whose step it is.
    current_actor().demand_any(CASE.permissions_for(step))
    # Forms are filled in with what is known: the place, the officers' words for it.
    if file.sight is Sight.PUBLISHER and step not in _OF_ANOTHER_UNIT:
        raise Forbidden
    return file


def _prepared(page: StepPage, file: CaseFile, formdata: Any = None) -> Any:
    form = page.form(formdata=formdata)
    if page.prepare is not None:
        page.prepare(current_actor(), file.case, form)
    return form


def _received() -> list[ReceivedPhoto]:
    """The photos of the request, examined and sealed before any transaction begins."""
    return [examine(upload.read()) for upload in request.files.getlist("photos") if upload.filename]


def _form(file: CaseFile, page: StepPage, form: StepForm, status: int = 200) -> ResponseReturnValue:
    words = render_template(
        "cases/staff_step.html",
        file=file,
        case=file.case,
        page=page,
        form=form,
        panels=render_panels(f"case.step.{page.step}", current_actor(), file),
    )
    return words, status
