"""The reports of a signed-in person, for their own list."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from webapp.cases.workflow import CASE_STATES
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.text import Text
from webapp.core.unit_of_work import session
from webapp.reporting.models import Report, ReportLine
from webapp.reporting.seen import seen_case
from webapp.reporting.workflow import REPORT_STATES

MOST = 100


@dataclass(frozen=True)
class OwnReport:
    """One row: the report, its state as the sender sees it, whether the Front asks something."""

    report: Report
    label: Text
    asks: bool


def own_reports(actor: Actor) -> list[OwnReport]:
    """The newest reports that this person sent; what was sent for others is not theirs."""
    if actor.person_id is None:
        return []
    query = (
        select(Report)
        .where(Report.person_id == actor.person_id)
        .options(joinedload(Report.handling_unit), joinedload(Report.case))
        .order_by(Report.id.desc())
        .limit(MOST)
    )
    reports = list(session().scalars(query))
    states = _seen_states([report.id for report in reports])
    return [_row(report, states.get(report.id, report.state)) for report in reports]


def _row(report: Report, state: str) -> OwnReport:
    case = seen_case(report, state)
    label = CASE_STATES[case.state] if case else REPORT_STATES[state]
    return OwnReport(report, label, asks=state == "needs_info")


def _seen_states(report_ids: list[int]) -> dict[int, str]:
    """The state that each report's last visible step led to, in one query."""
    last = (
        select(func.max(ReportLine.id))
        .where(ReportLine.report_id.in_(report_ids), ReportLine.visible_from <= clock.now())
        .group_by(ReportLine.report_id)
    )
    query = select(ReportLine.report_id, ReportLine.to_state).where(ReportLine.id.in_(last))
    return {report_id: state for report_id, state in session().execute(query)}
