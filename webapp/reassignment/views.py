"""The administrator's pages of unit mergers: what would move, the batch, the way back."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from webapp.cases.presentation import unit_name
from webapp.core.actor import Actor
from webapp.core.clock import today_local
from webapp.core.errors import Invalid
from webapp.core.unit_of_work import write_unit
from webapp.directory.models import Unit
from webapp.directory.permissions import MANAGE
from webapp.directory.queries import province_of, served_communes
from webapp.reassignment.forms import MergerForm
from webapp.reassignment.operations import (
    cancel_reassignment,
    retry_refused,
    start_reassignment,
    undo_reassignment,
)
from webapp.reassignment.planning import make_plan, preview
from webapp.reassignment.queries import batch_file, batches, changed_since, later_batch
from webapp.reassignment.workflow import ACTIVE, ROW_KINDS, ROW_STATES, batch_words
from webapp.web.current_actor import current_actor
from webapp.web.guards import requires
from webapp.web.redirects import see

bp = Blueprint("reassignment", __name__, url_prefix="/can-bo/sap-xep-don-vi")


@bp.get("")
@requires(MANAGE)
def index() -> str:
    """The batches there were, and the form of a new one."""
    return _index(_form(MultiDict()))


@bp.get("/xem-truoc")
@requires(MANAGE)
def look_ahead() -> ResponseReturnValue:
    """Everything that would move; nothing is written."""
    form = _form(request.args)
    if not form.validate():
        return _index(form), 422
    try:
        plan = make_plan(current_actor(), **form.plan)
    except Invalid as refused:
        form.tell(refused)
        return _index(form), 422
    return render_template("reassignment/preview.html", preview=preview(plan), today=today_local())


@bp.post("")
@requires(MANAGE)
def start() -> ResponseReturnValue:
    """Record the merger that was previewed."""
    actor, form = current_actor(), _form(request.form, csrf=True)
    if not form.validate():
        return _index(form), 422
    try:
        with write_unit():
            batch = start_reassignment(actor, make_plan(actor, **form.plan))
            uid = batch.uid
    except Invalid as refused:
        form.tell(refused)
        return _index(form), 422
    return see("reassignment.show", uid=uid)


@bp.get("/<uid>")
@requires(MANAGE)
def show(uid: str) -> str:
    """How far it is, what came of each row, and what an undo could not put back."""
    file = batch_file(current_actor(), uid)
    return render_template(
        "reassignment/batch.html",
        file=file,
        under_way=file.batch.state in ACTIVE and file.batch.effective <= today_local(),
        changed=changed_since(file) if file.batch.state == "done" else [],
        later=later_batch(file.batch) if file.batch.state == "done" else None,
        batch_words=batch_words,
        today=today_local(),
        kinds=ROW_KINDS,
        row_states=ROW_STATES,
    )


@bp.post("/<uid>/hoan-tac")
@requires(MANAGE)
def undo(uid: str) -> ResponseReturnValue:
    """Put everything back that nothing changed since."""
    with write_unit():
        undo_reassignment(current_actor(), uid)
    return see("reassignment.show", uid=uid)


@bp.post("/<uid>/chuyen-lai")
@requires(MANAGE)
def retry(uid: str) -> ResponseReturnValue:
    """Try once more what could not be moved."""
    with write_unit():
        retry_refused(current_actor(), uid)
    return see("reassignment.show", uid=uid)


@bp.post("/<uid>/thoi")
@requires(MANAGE)
def cancel(uid: str) -> ResponseReturnValue:
    """Give it up before its day."""
    with write_unit():
        cancel_reassignment(current_actor(), uid)
    return see("reassignment.show", uid=uid)


def _form(values: MultiDict[str, str], *, csrf: bool = False) -> MergerForm:
    form = MergerForm(formdata=values or None, meta={"csrf": csrf})
    communes = _communes(current_actor())
    form.predecessors.choices = [(str(unit.id), unit_name(unit)) for unit in communes]
    form.successor.choices = [("", "–"), *((str(unit.id), _full(unit)) for unit in communes)]
    return form


def _communes(actor: Actor) -> list[Unit]:
    held = actor.units_for(MANAGE)
    return [unit for unit in served_communes(today_local()) if unit.id in held]


def _full(unit: Unit) -> str:
    return f"{unit_name(unit)}, {unit_name(province_of(unit))}"


def _index(form: MergerForm) -> str:
    return render_template(
        "reassignment/index.html",
        form=form,
        batches=batches(current_actor()),
        batch_words=batch_words,
        today=today_local(),
    )
