"""The other system's numbers on the staff pages of a case and of a report."""

from sqlalchemy import exists, or_

from webapp.cases.holdings import register_holding
from webapp.cases.models import Case
from webapp.cases.policy import Sight
from webapp.cases.queries import CaseFile
from webapp.core.actor import Actor
from webapp.exchange.models import OutsideNumber
from webapp.exchange.queries import number_of, numbers_of
from webapp.reporting.models import Report
from webapp.web.panels import panel_markup

register_holding(
    "outside_number",
    or_(
        exists().where(OutsideNumber.case_id == Case.id),
        exists().where(OutsideNumber.report_id == Report.id, Report.case_id == Case.id),
    ),
)


def staff_panel(_actor: Actor, file: CaseFile) -> str | None:
    """The numbers of a case, for the Front and the office that answers."""
    if "outside_number" not in file.holds or file.sight is Sight.PUBLISHER:
        return None
    numbers = numbers_of([file.case.id])[file.case.id]
    return panel_markup("exchange/panel_numbers.html", numbers=numbers)


def report_panel(_actor: Actor, report: Report) -> str | None:
    """The number a report came with; only what somebody brought can have one."""
    found = number_of(report.id) if report.on_behalf else None
    if found is None:
        return None
    numbers = [(found.number, found.received_on)]
    return panel_markup("exchange/panel_numbers.html", numbers=numbers)
