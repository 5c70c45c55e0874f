"""What the Front decides on a report; what the reporter reads of it is said in each step."""

from datetime import UTC, datetime

from sqlalchemy import select

from webapp.accounts.absence import can_sign_in, not_stepped_aside
from webapp.accounts.models import Assignment, RolePermission
from webapp.cases.models import Case
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import Forbidden, TransitionRefused
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.deadlines.operations import apply_event, hand_clocks
from webapp.deadlines.queries import clocks_of
from webapp.directory.models import Person
from webapp.directory.queries import front_of, unit
from webapp.directory.validity import valid_on
from webapp.jobs.operations import cancel_held
from webapp.notifications.operations import notify
from webapp.reporting.alerts import tell_sender
from webapp.reporting.models import Report, ReportLine
from webapp.reporting.operations import subject_of, take_report_step
from webapp.reporting.permissions import DECIDE
from webapp.reporting.steps import FIRST_LOOK
from webapp.reporting.workflow import DOORS, REJECTIONS
from webapp.triage import messages
from webapp.triage.operations.evidence import MISSING, invalid
from webapp.triage.operations.joining import leave, take_back_opening

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
# How the clock of the first look is set going again, by the step that is undone.
_RESTARTS = {
    "request_info": "report.resume",
    "reject": "report.reconsider",
    "attach": "report.detach",
}


def hold_of(report: Report) -> str:
    """The name of the hold on what the last decision sends out."""
    return f"report:{report.id}"


def request_info(actor: Actor, report: Report, *, question: str) -> None:
    """Ask the reporter; the clock of the first look stops until the answer.

    Held 30 s. Raises Forbidden, TransitionRefused, Invalid on ``question``.
    """
    hold = hold_of(report)
    with take_report_step(
        actor, report, "request_info", given={"question": question}, held_for=hold
    ) as line:
        line.words, line.facts = question, first_look(report)
        report.decided_by_id = actor.person_id
    tell_sender(report, held_for=hold)


def reject_report(actor: Actor, report: Report, *, reason: str, words: str) -> None:
    """Not take a report on, with words its sender reads. Held 30 s.

    Raises Forbidden, TransitionRefused, Invalid by field.
    """
    if reason not in REJECTIONS:
        raise invalid("reason", MISSING)
    hold = hold_of(report)
    with take_report_step(
        actor, report, "reject", given={"reason": reason, "words": words}, held_for=hold
    ) as line:
        line.words, line.facts = words, first_look(report) | {"reason": reason}
        report.rejection, report.decided_by_id = reason, actor.person_id
    tell_sender(report, held_for=hold)


def redirect_report(actor: Actor, report: Report, *, door: str, words: str) -> None:
    """Show the right door. What was sent is never public.

    Raises Forbidden, TransitionRefused, Invalid by field.
    """
    if door not in DOORS:
        raise invalid("door", MISSING)
    with take_report_step(actor, report, "redirect", given={"door": door, "words": words}) as line:
        line.words, line.facts = words, {"door": door}
        report.door, report.decided_by_id = door, actor.person_id
    tell_sender(report)


def forward_report(actor: Actor, report: Report, *, unit_id: int, reason: str) -> None:
    """Hand a report to the unit it belongs to; the reporter reads where and why.

    Raises Forbidden, TransitionRefused, Invalid by field.
    """
    target = unit(unit_id)
    front = front_of(target.id, clock.today_local())
    if front is None or target.kind != "commune" or target.id == report.handling_unit_id:
        raise invalid("unit", _("Xin chọn một xã, phường khác."))
    given = {"unit": target, "reason": reason}
    with take_report_step(actor, report, "forward", given=given) as line:
        line.words = f"Chuyển đến {target.name}. {reason}"
        line.facts = {"from": report.handling_unit_id, "to": target.id}
        report.handling_unit, report.handling_unit_id = target, target.id
        report.unit_doubtful = False
    if not report.to_province:
        hand_clocks(subject_of(report), lambda _key: front.id)
    notify(messages.REPORT_RECEIVED, subject_of(report), organisation_id=front.id)
    tell_sender(report)


def reconsider_report(actor: Actor, report: Report, *, reason: str) -> None:
    """Look at a refused report anew, by somebody else where there is somebody else.

    Raises Forbidden, TransitionRefused, Invalid on ``reason``.
    """
    if report.decided_by_id == actor.person_id and others_decide(actor, report):
        raise Forbidden(
            _("Người đã quyết định không xem xét lại. Xin để cán bộ khác làm bước này.")
        )
    with take_report_step(actor, report, "reconsider", given={"reason": reason}) as line:
        line.note = reason
        line.words = "Mặt trận xem xét lại phản ánh này."
        report.rejection = report.door = report.decided_by_id = None
    tell_sender(report)


def undo_decision(actor: Actor, report: Report) -> None:
    """Take the last decision back while what it sends out is still held (30 s).

    Its words never reach the reporter; a case it opened is dismissed as "mở nhầm", telling no one.
    Raises Forbidden for another officer, TransitionRefused when the hold has ended.
    """
    decision = undoable(report)
    if decision is None:
        raise TransitionRefused(_("Đã quá 30 giây, không hoàn tác được nữa."))
    if report.decided_by_id != actor.person_id:
        raise Forbidden(_("Chỉ người vừa quyết định hoàn tác được."))
    cancel_held(hold_of(report))
    case = session().get(Case, report.case_id) if report.case_id else None
    with take_report_step(actor, report, "undo") as line:
        decision.visible_from = line.visible_from = NEVER
        report.rejection = report.case_id = report.decided_by_id = None
    _restart(report, decision)
    if case is not None:
        leave(case, report)
        if decision.facts.get("opened"):
            take_back_opening(actor, case)


def undoable(report: Report) -> ReportLine | None:
    """The decision that may still be taken back."""
    query = select(ReportLine).where(ReportLine.report_id == report.id, ~ReportLine.by_sender)
    last = session().scalar(query.order_by(ReportLine.id.desc()).limit(1))
    if last is None or last.transition not in _RESTARTS or last.visible_from <= clock.now():
        return None
    return last if last.to_state == report.state else None


def mark_opened(actor: Actor, report: Report) -> None:
    """An officer has an urgent report before them: it need not climb."""
    apply_event("report.opened", subject_of(report), urgent=report.urgent)


def is_unopened(report: Report) -> bool:
    """Whether an urgent report still waits for somebody to open it."""
    return report.urgent and any(
        each.stopped_at is None and each.rule.key == "urgent_unopened"
        for each in clocks_of(subject_of(report))
    )


def first_look(report: Report) -> dict[str, str]:
    """When the first look was due, kept for an undo."""
    return {"due_at": report.due_at.isoformat()} if report.due_at else {}


def _restart(report: Report, decision: ReportLine) -> None:
    """Set the first look going again, due as it was, for who had to take it."""
    due = decision.facts.get("due_at")
    due_at = datetime.fromisoformat(due) if due else None
    looks = [each for each in clocks_of(subject_of(report)) if each.rule.key in FIRST_LOOK]
    apply_event(
        _RESTARTS[decision.transition],
        subject_of(report),
        category=report.category,
        level="province" if report.to_province else "commune",
        urgent=report.urgent,
        owner_id=looks[-1].owner_id if looks else None,
        due_at=due_at,
    )
    report.due_at = due_at


def others_decide(actor: Actor, report: Report) -> bool:
    """Whether somebody else of the same committee may decide on this report.

    Who cannot sign in or has stepped aside from it is nobody to wait for.
    """
    others = (
        select(Assignment.id)
        .join(RolePermission, RolePermission.role_id == Assignment.role_id)
        .join(Person, Person.id == Assignment.person_id)
        .where(
            RolePermission.permission == DECIDE,
            Assignment.organisation_id.in_(sorted(actor.organisations_for(DECIDE))),
            Assignment.person_id != actor.person_id,
            valid_on(Assignment, clock.today_local()),
            can_sign_in(),
            not_stepped_aside(subject_of(report)),
        )
    )
    return session().scalar(others.limit(1)) is not None
