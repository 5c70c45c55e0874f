"""An officer's own word on what comes first, with a reason; the parts stay readable beside it."""

from webapp.cases.models import Case
from webapp.cases.operations import take_step
from webapp.cases.priority import CHOSEN
from webapp.core.actor import Actor
from webapp.core.text import _
from webapp.reporting.models import Report
from webapp.reporting.operations import take_report_step
from webapp.triage.operations.evidence import MISSING, invalid
from webapp.triage.operations.reports import NEVER


def prioritise_case(actor: Actor, case: Case, *, chosen: str, reason: str) -> None:
    """Set a case's place in the queue by hand; "" gives it back to the table.

    Raises Forbidden, TransitionRefused, Invalid by field.
    """
    with take_step(actor, case, "prioritise", voice="front", given={"reason": reason}) as line:
        _check(chosen, case.priority_chosen)
        line.note = reason
        line.facts = {"was": case.priority_chosen, "is": chosen or None}
        case.priority_chosen = chosen or None


def prioritise_report(actor: Actor, report: Report, *, chosen: str, reason: str) -> None:
    """The same for a report; its sender reads nothing of it.

    Raises Forbidden, TransitionRefused, Invalid by field.
    """
    with take_report_step(actor, report, "prioritise", given={"reason": reason}) as line:
        _check(chosen, report.priority_chosen)
        line.note, line.visible_from = reason, NEVER
        line.facts = {"was": report.priority_chosen, "is": chosen or None}
        report.priority_chosen = chosen or None


def _check(chosen: str, present: str | None) -> None:
    if chosen and chosen not in CHOSEN:
        raise invalid("chosen", MISSING)
    if (chosen or None) == present:
        raise invalid("chosen", _("Mức ưu tiên này đang được dùng. Xin chọn mức khác."))
