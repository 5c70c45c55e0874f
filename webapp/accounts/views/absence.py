"""Away for some days: who acts meanwhile."""

from typing import Any

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from webapp.accounts.absence import (
    Absence,
    colleagues,
    delegate,
    delegations_of,
    end_delegation,
    own_organisations,
)
from webapp.accounts.forms import AbsenceForm
from webapp.core import clock
from webapp.core.errors import Invalid
from webapp.core.text import _
from webapp.core.unit_of_work import write_unit
from webapp.directory.names import name_in
from webapp.web.current_actor import current_actor
from webapp.web.guards import for_signed_in
from webapp.web.locale import choose
from webapp.web.paging import LAST_ID
from webapp.web.redirects import see

bp = Blueprint("absence", __name__, url_prefix="/can-bo/vang-mat")


@bp.route("/", methods=["GET", "POST"])
@for_signed_in
def absences() -> ResponseReturnValue:
    """Delegations given and received, and a new one."""
    form = _form()
    if request.method == "GET":
        return _page(form)
    if not form.validate():
        return _page(form, 422)
    try:
        organisation_id, acting_id = _chosen(form)
        with write_unit():
            made = delegate(
                current_actor(),
                organisation_id=organisation_id,
                acting_id=acting_id,
                absence=Absence(form.first.data, form.last.data),
            )
    except Invalid as error:
        form.tell(error)
        return _page(form, 422)
    told = gettext(
        "Đã ủy quyền cho %(name)s từ %(first)s đến hết %(last)s. Người ấy đã được báo.",
        name=made.acting.name,
        first=f"{made.valid_from:%d/%m/%Y}",
        last=f"{made.valid_to:%d/%m/%Y}",
    )
    flash(told, "success")
    return see("absence.absences")


@bp.post(f"/<int(max={LAST_ID}):delegation_id>/ket-thuc")
@for_signed_in
def end(delegation_id: int) -> ResponseReturnValue:
    """Back earlier than planned."""
    with write_unit():
        ended = end_delegation(current_actor(), delegation_id)
    name = ended.acting.name
    flash(gettext("Đã kết thúc ủy quyền cho %(name)s. Người ấy đã được báo.", name=name), "success")
    return see("absence.absences")


def _chosen(form: Any) -> tuple[int, int]:
    """Organisation and colleague. Raises Invalid on ``acting`` for what was not offered."""
    if form.acting.data not in {value for value, _label in form.acting.choices if value}:
        words = _("Xin chọn một người cùng cơ quan.")
        raise Invalid(words, fields={"acting": words})
    organisation_id, _dash, acting_id = form.acting.data.partition("-")
    return int(organisation_id), int(acting_id)


def _form() -> Any:
    actor = current_actor()
    form: Any = AbsenceForm(formdata=request.form if request.method == "POST" else None)
    offered = [
        (f"{each.id}-{person.id}", f"{person.name} ({name_in(choose(), each)})")
        for each in own_organisations(actor)
        for person in colleagues(actor, each.id)
    ]
    # Nobody stands in because they happened to be the first of the list.
    prompt = [("", gettext("Chọn một người"))] if len(offered) > 1 else []
    form.acting.choices = prompt + offered
    return form


def _page(form: AbsenceForm, status: int = 200) -> ResponseReturnValue:
    actor = current_actor()
    words = render_template(
        "accounts/absence.html",
        form=form,
        delegations=delegations_of(actor),
        own_id=actor.person_id,
        today=clock.today_local(),
    )
    return words, status
