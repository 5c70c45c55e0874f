"""The giấy tiếp nhận of a report for who holds its tracking code; drawn anew, never stored."""

from webapp.cases.categories import category
from webapp.core import clock
from webapp.core.codes import grouped, normalise
from webapp.core.errors import NotFound
from webapp.directory.queries import front_of, province_of
from webapp.documents.issuers import issuer_of
from webapp.documents.letters import Letter, Registration
from webapp.documents.slips import ReceivedReport, receipt
from webapp.reporting.models import Report
from webapp.reporting.workflow import CHANNELS


def receipt_letter(report: Report, code: str, *, follow_address: str) -> Letter:
    """The slip with the code as it was typed, by which its holder follows the report.

    It names nobody: who holds the code is who sent. Raises NotFound without a committee.
    """
    received = clock.local(report.received_at)
    unit = report.handling_unit
    place = province_of(unit) if report.to_province and not report.released else unit
    front = front_of(place.id, clock.today_local())
    if front is None:
        raise NotFound
    return receipt(
        issuer_of(front, received.date()),
        ReceivedReport(
            code=report.code,
            category=category(report.category).label.vi,
            place=unit.name,
            channel=CHANNELS[report.channel].source,
            received_at=report.received_at,
            files=len(report.photos),
            tracking_code=grouped(normalise(code)),
            follow_address=follow_address,
        ),
        Registration(drafted_on=received.date(), issued_on=received.date()),
        received_by=None,
    )
