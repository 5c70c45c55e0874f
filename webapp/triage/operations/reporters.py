"""Words to everybody who reported a case: they read them on their own page."""

from sqlalchemy import select

from webapp.cases.models import Case
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.unit_of_work import session
from webapp.reporting.alerts import tell_sender
from webapp.reporting.models import Report, ReportLine


def reports_of(case: Case) -> list[Report]:
    """The reports of a case, oldest first."""
    query = select(Report).where(Report.case_id == case.id).order_by(Report.id)
    return list(session().scalars(query))


def tell_reporters(actor: Actor, case: Case, step: str, words: str) -> None:
    """Write the words on every report's page and send each reporter a notice."""
    for report in reports_of(case):
        at = clock.now()
        session().add(
            ReportLine(
                report_id=report.id,
                at=at,
                transition=step,
                to_state=report.state,
                by_sender=False,
                person_id=actor.person_id,
                words=words,
                facts={"case": case.id},
                visible_from=at,
            )
        )
        tell_sender(report)
