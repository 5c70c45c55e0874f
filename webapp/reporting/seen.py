"""What the sender can already see of a report, and which windows are open to them.

A step that may still be undone (30 s) has not happened for the sender.
"""

from datetime import datetime

from sqlalchemy import select

from webapp.audit.operations import Subject
from webapp.cases.models import Case, TimelineLine
from webapp.cases.workflow import ENDED
from webapp.core import clock
from webapp.core.unit_of_work import session
from webapp.deadlines.models import Deadline
from webapp.deadlines.queries import clocks_of
from webapp.reporting.models import Report, ReportLine

RECONSIDER_WINDOW, REOPEN_WINDOW = "reconsider_window", "reopen_window"
REOPENABLE = frozenset({"closed", "dismissed"})
_ENDINGS = ("close", "dismiss")


def visible_lines(report: Report) -> list[ReportLine]:
    """The steps that the sender may read now, oldest first."""
    query = select(ReportLine).where(
        ReportLine.report_id == report.id, ReportLine.visible_from <= clock.now()
    )
    return list(session().scalars(query.order_by(ReportLine.id)))


def seen_state(report: Report, lines: list[ReportLine]) -> str:
    """The state as these visible lines leave it."""
    return lines[-1].to_state if lines else report.state


def seen_case(report: Report, state: str) -> Case | None:
    """The case that an attached report follows; of merged ones the survivor."""
    case = report.case if state == "attached" else None
    while case is not None and case.merged_into is not None:
        case = case.merged_into
    return case


def open_window(subject: Subject, rule_key: str) -> Deadline | None:
    """The running clock inside which the sender may ask; None when there is none any more."""
    at = clock.now()
    running = (
        each
        for each in clocks_of(subject)
        if each.rule.key == rule_key and each.stopped_at is None and each.due_at >= at
    )
    return next(running, None)


def reopen_window(case: Case) -> Deadline | None:
    """The window inside which a reporter asks to open an ended case again."""
    if case.state not in REOPENABLE:
        return None
    return open_window(Subject("case", case.id), REOPEN_WINDOW)


def ended_at(case: Case) -> datetime | None:
    """When the case ended; None while it is open or when it was handed over."""
    if case.state not in ENDED:
        return None
    query = select(TimelineLine.at).where(
        TimelineLine.case_id == case.id, TimelineLine.transition.in_(_ENDINGS)
    )
    return session().scalar(query.order_by(TimelineLine.id.desc()).limit(1))
