"""What an officer's morning brings, counted from what the officer may see right now."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from webapp.cases import permissions as cases_may
from webapp.cases.models import Case, TimelineLine
from webapp.cases.policy import readable
from webapp.cases.workflow import OPEN
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.unit_of_work import session
from webapp.core.working_days import end_of_day
from webapp.reporting import permissions as reports_may
from webapp.reporting.models import Report, ReportLine
from webapp.reporting.policy import readable_reports
from webapp.reporting.workflow import WAITING

# Whoever handles reports or cases; a publisher or a group has no queue of its own.
READERS = (reports_may.READ, cases_may.READ, cases_may.READ_AS_OFFICE)
_ANSWERS = ("accept", "decline", "conclude", "report_remedied", "no_remedy")
_Handed = type[TimelineLine] | type[ReportLine]
_CHECKED = ("record_verification", "return_verification")


@dataclass(frozen=True)
class Morning:
    """New since the last mail, due by tonight or overdue, answered or back from the place since."""

    new_reports: int
    new_cases: int
    due_reports: int
    due_cases: int
    answered_reports: int
    answered_cases: int
    checked_cases: int

    def __bool__(self) -> bool:
        return any(vars(self).values())


def has_queue(actor: Actor) -> bool:
    """Whether the actor works for the Front, whose desk is the queue."""
    return actor.may(reports_may.READ) or actor.may(cases_may.READ)


def morning_of(actor: Actor, since: datetime) -> Morning:
    """The counts for an actor."""
    reports = and_(readable_reports(actor), Report.state.in_(sorted(WAITING)))
    cases = and_(readable(actor), Case.state.in_(sorted(OPEN)))
    tonight = end_of_day(clock.today_local())
    # Of whoever may have somebody go there: others have no such pile in today's work.
    asked = Case.owner_id.in_(sorted(actor.organisations_for(cases_may.REQUEST_VERIFICATION)))
    return Morning(
        new_reports=_reports(
            reports, or_(Report.received_at >= since, _forwarded(actor, since)), ~Report.unchecked
        ),
        new_cases=_cases(cases, _came(actor, since)),
        due_reports=_reports(reports, Report.due_at <= tonight),
        due_cases=_cases(cases, Case.due_at <= tonight),
        answered_reports=_reports(reports, _added_since(since)),
        # To an office its own answer is no news.
        answered_cases=_cases(cases, _since(since, _ANSWERS)) if has_queue(actor) else 0,
        checked_cases=_cases(cases, Case.state == "received", asked, _since(since, _CHECKED)),
    )


def _reports(*conditions: ColumnElement[bool]) -> int:
    return session().scalar(select(func.count(Report.id)).where(*conditions)) or 0


def _cases(*conditions: ColumnElement[bool]) -> int:
    return session().scalar(select(func.count(Case.id)).where(*conditions)) or 0


def _came(actor: Actor, since: datetime) -> ColumnElement[bool]:
    """Opened or handed over since, or for an office sent to it since."""
    came = [Case.opened_at >= since]
    if actor.may(cases_may.READ):
        own = actor.units_for(cases_may.READ)
        taken = and_(TimelineLine.transition == "transfer", _from_elsewhere(TimelineLine, own))
        came.append(_line(since, taken))
    if actor.may(cases_may.READ_AS_OFFICE):
        came.append(_line(since, TimelineLine.to_state == "escalated"))
    return or_(*came)


def _forwarded(actor: Actor, since: datetime) -> ColumnElement[bool]:
    return exists().where(
        ReportLine.report_id == Report.id,
        ReportLine.at >= since,
        ReportLine.transition == "forward",
        _from_elsewhere(ReportLine, actor.units_for(reports_may.READ)),
    )


def _from_elsewhere(line: _Handed, own: frozenset[int]) -> ColumnElement[bool]:
    """To whom both communes belong, what one handed to the other is not new."""
    giver: ColumnElement[int] = line.facts["from"].as_integer()
    return giver.not_in(sorted(own))


def _since(since: datetime, steps: tuple[str, ...]) -> ColumnElement[bool]:
    return _line(since, TimelineLine.transition.in_(steps))


def _line(since: datetime, which: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(TimelineLine.case_id == Case.id, TimelineLine.at >= since, which)


def _added_since(since: datetime) -> ColumnElement[bool]:
    return exists().where(
        ReportLine.report_id == Report.id,
        ReportLine.at >= since,
        ReportLine.transition == "add_info",
    )
