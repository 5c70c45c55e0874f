"""The tasks of groups, area committees and operators, on a phone. The case stays closed to them."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from webapp.cases import permissions as may
from webapp.core.errors import Conflict, Invalid, TooLarge, UnsupportedMedia
from webapp.core.unit_of_work import write_unit
from webapp.media.operations import ReceivedPhoto, examine
from webapp.triage.forms.cases import ResultForm, VisitForm
from webapp.triage.forms.choices import labelled
from webapp.triage.operations.local_action import answer_action
from webapp.triage.operations.verification import answer_check
from webapp.triage.queries.tasks import action_task, check_task, open_actions, open_checks
from webapp.triage.steps.acting import result_of
from webapp.triage.steps.checking import visit_of
from webapp.triage.workflow import FINDINGS
from webapp.web.current_actor import current_actor
from webapp.web.guards import requires
from webapp.web.redirects import see

bp = Blueprint("tasks", __name__, url_prefix="/can-bo/nhiem-vu")
_DOERS = requires(may.RECORD_VERIFICATION, may.REPORT_LOCAL_RESULT)
Answer = Callable[[list[ReceivedPhoto]], object]


@bp.get("")
@_DOERS
def tasks() -> str:
    """What waits for me, the nearest day first."""
    actor = current_actor()
    return render_template(
        "community/tasks.html",
        checks=open_checks(actor),
        actions=open_actions(actor),
        may_check=actor.may(may.RECORD_VERIFICATION),
        findings=FINDINGS,
    )


@bp.route("/xem/<int:check_id>", methods=["GET", "POST"])
@requires(may.RECORD_VERIFICATION)
def check(check_id: int) -> ResponseReturnValue:
    """One site check and its answer."""
    actor = current_actor()
    task = check_task(actor, check_id)
    form = VisitForm(formdata=request.form if request.method == "POST" else None)
    form.finding.choices = labelled(FINDINGS)
    if request.method == "GET":
        form.visited_at.set_now()
    return _page(
        "community/check.html",
        task,
        form,
        lambda photos: answer_check(actor, check_id, visit=visit_of(form, photos)),
    )


@bp.route("/lam/<int:action_id>", methods=["GET", "POST"])
@requires(may.REPORT_LOCAL_RESULT)
def action(action_id: int) -> ResponseReturnValue:
    """One local task and its answer."""
    actor = current_actor()
    task = action_task(actor, action_id)
    form = ResultForm(formdata=request.form if request.method == "POST" else None)
    return _page(
        "community/action.html",
        task,
        form,
        lambda photos: answer_action(actor, action_id, result=result_of(form, photos)),
    )


def _page(template: str, task: Any, form: Any, answer: Answer) -> ResponseReturnValue:
    if request.method == "GET":
        return render_template(template, task=task, form=form)
    if not form.validate():
        return render_template(template, task=task, form=form), 422
    try:
        photos = [examine(each.read()) for each in request.files.getlist("photos") if each.filename]
        with write_unit():
            answer(photos)
    except (Invalid, TooLarge, UnsupportedMedia) as error:
        form.tell(error)
        return render_template(template, task=task, form=form), 422
    except Conflict as error:
        form.tell(error)
        return render_template(template, task=task, form=form), 409
    flash(gettext("Đã gửi kết quả. Cảm ơn ông/bà."), "success")
    return see("tasks.tasks")
