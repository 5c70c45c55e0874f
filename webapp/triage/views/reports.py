"""The staff page of a report, its steps, and its opened identity."""

from typing import Any

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from webapp.cases.presentation import deadline_words
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import (
    Conflict,
    DomainError,
    Forbidden,
    Invalid,
    NotFound,
    TransitionRefused,
)
from webapp.core.unit_of_work import write_unit
from webapp.reporting.asks import shown_asks
from webapp.reporting.models import Report
from webapp.reporting.operations import claim_report, open_identity
from webapp.reporting.permissions import DECIDE, OPEN_IDENTITY, READ
from webapp.reporting.policy import at_province, grant_for
from webapp.reporting.queries import report_for_staff
from webapp.reporting.workflow import REPORT
from webapp.triage.forms.reports import IdentityForm
from webapp.triage.operations.joining import lock_case_of
from webapp.triage.operations.reports import is_unopened, mark_opened
from webapp.triage.presentation import report_entries, shown_score
from webapp.triage.queries.report_file import report_file
from webapp.triage.report_pages import ReportPage, offered_pages, report_page
from webapp.triage.steps.wording import fill_in, offered_templates
from webapp.triage.suggested import suggested
from webapp.web.current_actor import current_actor
from webapp.web.forms import StepForm
from webapp.web.guards import requires
from webapp.web.locale import translated
from webapp.web.panels import render_panels
from webapp.web.redirects import see

bp = Blueprint("staff_reports", __name__, url_prefix="/can-bo/phan-anh")
_REFUSED: dict[type[DomainError], int] = {Invalid: 422, Forbidden: 403, NotFound: 404}


@bp.get("/<code>")
@requires(READ)
def show(code: str) -> str:
    """A report: words, photos, place, what is near, what to do next, history."""
    actor = current_actor()
    report = report_for_staff(actor, code)
    if is_unopened(report) and grant_for(actor, report, DECIDE):
        with write_unit():
            mark_opened(actor, claim_report(actor, code, seen=None))
        report = report_for_staff(actor, code)
    file = report_file(actor, report)
    return render_template(
        "triage/report.html",
        file=file,
        entries=report_entries(file),
        deadline=deadline_words(report.due_at, clock.now()),
        score=shown_score(report.priority_facts, clock.now()),
        report=report,
        pages=offered_pages(actor, report),
        may_open_identity=grant_for(actor, report, OPEN_IDENTITY) is not None,
        sees_reprisal=at_province(actor, report),
        asks=shown_asks(report.id),
        alike=suggested(actor, report, file.alike),
        panels=render_panels("report.staff", actor, report),
    )


@bp.route("/<code>/buoc/<step>", methods=["GET", "POST"])
@requires(DECIDE)
def take(code: str, step: str) -> ResponseReturnValue:
    """One step as a page: its form, and the step itself when it is sent."""
    actor, page = current_actor(), report_page(step)
    report = report_for_staff(actor, code)
    if request.method == "GET":
        try:
            REPORT.transition(step, report.state)
        except TransitionRefused as refused:  # said before anything is typed
            flash(translated(refused.detail), "warning")
            return see("staff_reports.show", code=code)
    form = _prepared(actor, report, page, request.form if request.method == "POST" else None)
    if request.method == "GET":
        form.open_at(report.version)
        return _form(report, page, form)
    if not form.validate():
        return _form(report, page, form, 422)
    return _apply(actor, code, page, form)


def _apply(actor: Actor, code: str, page: ReportPage, form: Any) -> ResponseReturnValue:
    try:
        with write_unit():
            if page.locks_case:
                lock_case_of(code)
            page.apply(actor, claim_report(actor, code, seen=form.seen), form)
    except (Invalid, Conflict) as error:
        return _refused(actor, code, page, form, error)
    if page.leaves:
        done = translated(REPORT.transition_label(page.step))
        flash(gettext("Đã ghi: %(step)s.", step=done), "success")
        return see("desk.queue_page")
    return see("staff_reports.show", code=code)


def _refused(
    actor: Actor, code: str, page: ReportPage, form: StepForm, error: DomainError
) -> ResponseReturnValue:
    form.tell(error)
    fresh = report_for_staff(actor, code)
    if isinstance(error, Invalid):
        return _form(fresh, page, form, 422)
    form.reopen(fresh.version, _prepared(actor, fresh, page))
    return _form(fresh, page, form, 409)


def _prepared(actor: Actor, report: Report, page: ReportPage, formdata: Any = None) -> Any:
    form = page.form(formdata=formdata)
    if page.prepare is not None:
        page.prepare(actor, report, form)
    fill_in(actor, form, page.step, report.category)
    return form


def _form(
    report: Report, page: ReportPage, form: StepForm, status: int = 200
) -> ResponseReturnValue:
    words = render_template(
        "triage/report_step.html",
        report=report,
        page=page,
        form=form,
        templates=offered_templates(current_actor(), page.step, report.category),
    )
    return words, status


@bp.route("/<code>/danh-tinh", methods=["GET", "POST"])
@requires(OPEN_IDENTITY)
def identity(code: str) -> ResponseReturnValue:
    """Open who sent it, for a reason; shown in this one answer and nowhere else."""
    actor = current_actor()
    report = report_for_staff(actor, code)
    form = IdentityForm(formdata=request.form if request.method == "POST" else None)
    if request.method == "GET" or not form.validate():
        status = 200 if request.method == "GET" else 422
        return render_template("triage/identity.html", report=report, form=form), status
    try:
        with write_unit():
            claimed = claim_report(actor, code, seen=None)
            opened = open_identity(actor, claimed, reason=form.reason.data)
    except (Invalid, Forbidden, NotFound) as error:
        form.tell(error)
        page = render_template(
            "triage/identity.html", report=report_for_staff(actor, code), form=form
        )
        return page, _REFUSED[type(error)]
    report = report_for_staff(actor, code)
    return render_template("triage/identity.html", report=report, form=None, identity=opened)
