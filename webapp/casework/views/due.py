"""What is late and what waits for whom."""

from collections import defaultdict

from flask import Blueprint, render_template

from webapp.casework import permissions as may
from webapp.casework.suggestions import RAISE, URGE, Suggestion, loads, suggestions
from webapp.core.text import _
from webapp.web.current_actor import current_actor
from webapp.web.guards import requires

bp = Blueprint("due", __name__, url_prefix="/can-bo/thoi-han")
_HEADINGS = ((URGE, _("Nên đôn đốc")), (RAISE, _("Nên chuyển lên cấp tỉnh")))


@bp.get("")
@requires(may.DRAFT, may.SIGN)
def index() -> str:
    """Cases whose office is late with what to do, and the load of every owner."""
    actor = current_actor()
    by_step: dict[str, list[Suggestion]] = defaultdict(list)
    for each in suggestions(actor):
        by_step[each.step].append(each)
    shown = loads(actor)
    return render_template(
        "casework/due.html",
        headings=_HEADINGS,
        by_step=by_step,
        loads=shown,
        total=sum(each.load.running for each in shown),
    )
