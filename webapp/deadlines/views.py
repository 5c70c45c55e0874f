"""The clock rules as dated versions: to read, and to add one."""

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from webapp.core import clock
from webapp.core.errors import Conflict, Invalid
from webapp.core.text import _
from webapp.core.unit_of_work import write_unit
from webapp.deadlines.forms import VersionForm
from webapp.deadlines.permissions import MANAGE_RULES
from webapp.deadlines.rules import RuleVersions, add_version, every_rule, rule_versions
from webapp.web.current_actor import current_actor
from webapp.web.guards import requires
from webapp.web.redirects import see

bp = Blueprint("rules", __name__, url_prefix="/can-bo/quy-tac-thoi-han")
UNITS = {
    "hours": _("giờ"),
    "working_days": _("ngày làm việc"),
    "calendar_days": _("ngày theo lịch"),
}


@bp.get("")
@requires(MANAGE_RULES)
def index() -> str:
    """Every rule with what is in force today."""
    return render_template(
        "deadlines/rules.html", rules=every_rule(), today=clock.today_local(), units=UNITS
    )


@bp.route("/<int:rule_id>", methods=["GET", "POST"])
@requires(MANAGE_RULES)
def version(rule_id: int) -> ResponseReturnValue:
    """The versions of one rule, and a new one."""
    rule = rule_versions(rule_id)
    form = VersionForm()
    if request.method == "GET":
        form.amount.data, form.due_soon.data = rule.newest.amount, rule.newest.due_soon
        return _page(rule, form)
    if not form.validate() or form.valid_from.data is None:
        return _page(rule, form, 422)
    try:
        with write_unit():
            add_version(
                current_actor(),
                rule_id,
                amount=form.amount.data or 0,
                due_soon=form.due_soon.data or 0,
                valid_from=form.valid_from.data,
                source=form.source.data or "",
            )
    except (Invalid, Conflict) as refused:
        form.tell(refused)
        return _page(rule_versions(rule_id), form, 409 if isinstance(refused, Conflict) else 422)
    flash(gettext("Đã ghi phiên bản mới. Việc đang chạy giữ thời hạn cũ."), "success")
    return see("rules.index")


def _page(rule: RuleVersions, form: VersionForm, status: int = 200) -> ResponseReturnValue:
    words = render_template(
        "deadlines/rule.html", rule=rule, form=form, units=UNITS, today=clock.today_local()
    )
    return words, status
