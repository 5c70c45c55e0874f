"""The tracking code: the only key of a guest, looked up by its digest."""

from datetime import timedelta
from typing import Final

from sqlalchemy import Select, select, union_all

from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.codes import digest, normalise
from webapp.core.errors import NotFound
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.reporting.models import ReissuedCode, Report

NEW_CODES_FOR: Final = timedelta(days=7)

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


def own_report(actor: Actor, report_code: str) -> Report:
    """The report that this signed-in person sent. Raises NotFound for everybody else's."""
    return _found(_by_person(actor, report_code), None)


def claim_own_report(actor: Actor, report_code: str) -> Report:
    """The same, locked for a step of its sender."""
    return _found(_by_person(actor, report_code).with_for_update(of=Report), None)


def _by_code(code: str | None) -> Select[Report]:
    """By the code in force, or by a newer one on its way: one statement for all of them."""
    wanted = tracking_digest(code or "")
    in_force = select(Report.id).where(Report.tracking_digest == wanted)
    on_its_way = select(ReissuedCode.report_id).where(
        ReissuedCode.digest == wanted, ReissuedCode.issued_at > clock.now() - NEW_CODES_FOR
    )
    query = select(Report).where(Report.id.in_(union_all(in_force, on_its_way)))
    return query.execution_options(populate_existing=True)


def _by_person(actor: Actor, report_code: str) -> Select[Report]:
    query = select(Report).where(
        Report.code == normalise(report_code),
        Report.person_id == actor.person_id,
        Report.person_id.is_not(None),
    )
    return query.execution_options(populate_existing=True)


def _found(query: Select[Report], report_code: str | None) -> Report:
    report = session().scalar(query)
    if report is None or (report_code is not None and report.code != normalise(report_code)):
        raise NotFound(_WRONG)
    return report
