"""The tracking code: the only key of a guest, looked up by its digest."""

from sqlalchemy import Select, select

from webapp.core.codes import digest, normalise
from webapp.core.errors import NotFound
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.reporting.models import Report

_WRONG = _("Không có phản ánh nào khớp với mã này. Xin xem lại từng ký tự trên giấy hẹn.")


def tracking_digest(code: str) -> str:
    """What is stored of a tracking code."""
    return digest("tracking", normalise(code))


def report_by_tracking_code(code: str | None, *, report_code: str | None = None) -> Report:
    """The report that this code opens; one statement and one answer for every wrong code.

    Raises NotFound, also when ``report_code`` is of another report.
    """
    return _found(_by_code(code), report_code)


def claim_by_tracking_code(code: str | None, *, report_code: str | None = None) -> Report:
    """The same, locked for a step of its sender."""
    return _found(_by_code(code).with_for_update(of=Report), report_code)


def _by_code(code: str | None) -> Select[Report]:
    query = select(Report).where(Report.tracking_digest == tracking_digest(code or ""))
    return query.execution_options(populate_existing=True)


def _found(query: Select[Report], report_code: str | None) -> Report:
    report = session().scalar(query)
    if report is None or (report_code is not None and report.code != normalise(report_code)):
        raise NotFound(_WRONG)
    return report
