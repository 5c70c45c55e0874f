"""What follows from news of clocks and cases, in the same transaction; only rows are written."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, select

from webapp.cases.events import CaseMoved, OutcomePublished
from webapp.core.actor import SYSTEM
from webapp.core.events import subscribe
from webapp.core.unit_of_work import session
from webapp.deadlines.events import DeadlineMoved, DeadlinePassed, RecordWanted
from webapp.deadlines.queries import clocks_of
from webapp.notifications.subscriptions import forget_subject
from webapp.reporting import messages
from webapp.reporting.alerts import (
    tell_front,
    tell_province,
    tell_sender,
    tell_unchecked_urgent,
)
from webapp.reporting.asks import grant_asks
from webapp.reporting.events import ReportMoved
from webapp.reporting.models import Report
from webapp.reporting.reach import reachable
from webapp.reporting.steps import (
    FIRST_LOOK,
    first_look_due,
    lock_report,
    subject_of,
    take_report_step,
)
from webapp.reporting.workflow import REPORT

_TOLD_TO_SENDER = {"request_info", "attach", "reject", "redirect", "reconsider", "forward"}


@subscribe(RecordWanted)
def lock_first(event: RecordWanted) -> None:
    """The report before its clocks, as every step does."""
    if event.subject_kind == "report":
        lock_report(event.subject_id)


@subscribe(DeadlinePassed)
def follow_clock(event: DeadlinePassed) -> None:
    """Resume an unanswered question, let an unopened urgent report climb, mark a late one."""
    after = _AFTER.get(event.rule_key)
    if event.subject_kind == "report" and after is not None:
        after(lock_report(event.subject_id))


@subscribe(DeadlineMoved)
def follow_calendar(event: DeadlineMoved) -> None:
    """Keep when the first look is due, by which the queue is ordered."""
    if event.subject_kind == "report" and event.rule_key in FIRST_LOOK:
        report = lock_report(event.subject_id)
        report.due_at = first_look_due(clocks_of(subject_of(report)))


@subscribe(ReportMoved)
def tell_sender_of_report(event: ReportMoved) -> None:
    """Tell who sent it of the Front's steps; after withdrawing report or name nobody is told."""
    if event.step in {"withdraw", "withdraw_identity"}:
        forget_subject("report", [event.report_id])
    if event.step in _TOLD_TO_SENDER:
        _tell(Report.id == event.report_id, event.held_for)
    if event.step == "reconsider":
        grant_asks(event.person_id, lock_report(event.report_id), "reconsider")


@subscribe(CaseMoved)
def tell_senders_of_case(event: CaseMoved) -> None:
    """Every sender follows the case: tell them when it reaches another state."""
    if event.from_state != event.to_state:
        _tell(Report.case_id == event.case_id, event.held_for)
    if event.step == "reopen":
        for report in session().scalars(select(Report).where(Report.case_id == event.case_id)):
            grant_asks(event.person_id, report, "reopen")


@subscribe(OutcomePublished)
def tell_senders_of_outcome(event: OutcomePublished) -> None:
    """What became of it can be read by everybody: those who sent it hear of it first."""
    _tell(Report.case_id == event.case_id, None)


def _tell(which: ColumnElement[bool], held_for: str | None) -> None:
    query = select(Report).where(which, reachable())
    for report in session().scalars(query.order_by(Report.id)).all():
        tell_sender(report, held_for=held_for)


def _resume(report: Report) -> None:
    # Silence alone is no reason to reject (workflow.md: resume).
    if REPORT.allows("resume", report.state):
        with take_report_step(SYSTEM, report, "resume"):
            pass


def _climb(report: Report) -> None:
    if report.unchecked:
        tell_unchecked_urgent(report)
    else:
        tell_province(report, messages.UNOPENED)


def _mark_late(report: Report) -> None:
    """Late: counted so, and listed for the Front; the morning's mail tells how many there are."""
    report.overdue = True
    if not report.unchecked:
        tell_front(report, messages.OVERDUE)


_AFTER: dict[str, Callable[[Report], None]] = {
    "needs_info_answer": _resume,
    "urgent_unopened": _climb,
    **dict.fromkeys(FIRST_LOOK, _mark_late),
}
