"""Who is told at once, inside the transaction of the report (workflow.md: Urgent)."""

from datetime import timedelta
from typing import Final

from sqlalchemy import select

from webapp.accounts.queries import persons_with
from webapp.core import clock
from webapp.core.unit_of_work import session
from webapp.directory.models import Organisation, Unit
from webapp.directory.queries import env_office_of, front_of, province_of
from webapp.notifications.models import Notice
from webapp.notifications.operations import listed_notice, notify
from webapp.reporting import messages
from webapp.reporting.models import Report
from webapp.reporting.permissions import DUTY
from webapp.reporting.standing import first_looker
from webapp.reporting.steps import subject_of

UNCHECKED_APART: Final = timedelta(minutes=15)
_TOLD = "reporting_told_senders"


def new_notices(report: Report, front: Organisation | None) -> list[Notice]:
    """What is listed of a report that was just sent, to be stored with it; ``front`` looks first.

    An ordinary one stands in the notices of that Front and nobody is mailed; an urgent one is told
    at once by ``tell_new``; one without proof of work to nobody.
    """
    if report.urgent or report.unchecked or front is None:
        return []
    return [listed_notice(messages.NEW, subject_of(report), organisation_id=front.id)]


def tell_new(report: Report) -> None:
    """Tell an urgent report to whom it concerns, at once.

    One without proof of work is told to the duty person alone.
    """
    if report.urgent:
        (tell_unchecked_urgent if report.unchecked else tell_urgent)(report)


def tell_urgent(report: Report) -> None:
    """Tell an urgent report to Front and office of commune and province, and to the duty person.

    Sent straight to the province, only the province Front and the duty person are told.
    """
    province = province_of(report.handling_unit)
    tell_province(report, messages.URGENT)
    if report.to_province:
        return
    today = clock.today_local()
    commune = report.handling_unit
    bodies = (
        front_of(commune.id, today),
        env_office_of(commune.id, today),
        env_office_of(province.id, today),
    )
    for body in filter(None, bodies):
        notify(messages.URGENT, subject_of(report), organisation_id=body.id)


def tell_unchecked_urgent(report: Report) -> None:
    """Tell an urgent report that came without proof: the duty person alone, rarely.

    A flood of made-up alarms must neither wake everybody nor hide that something comes in.
    """
    province = province_of(report.handling_unit)
    session().get(Unit, province.id, with_for_update=True)  # one at a time in a province
    since = clock.now() - UNCHECKED_APART
    for person_id in _on_duty(province):
        lately = select(Notice.id).where(
            Notice.message == messages.URGENT_UNCHECKED,
            Notice.person_id == person_id,
            Notice.created_at > since,
        )
        if session().scalar(lately.limit(1)) is None:
            notify(messages.URGENT_UNCHECKED, subject_of(report), person_id=person_id)


def tell_province(report: Report, message: str) -> None:
    """Tell the province Front and the province's duty person."""
    province = province_of(report.handling_unit)
    tell_province_front(report, message)
    for person_id in _on_duty(province):
        notify(message, subject_of(report), person_id=person_id)


def tell_province_front(report: Report, message: str) -> None:
    """Tell the province Front alone."""
    front = front_of(province_of(report.handling_unit).id, clock.today_local())
    if front is not None:
        notify(message, subject_of(report), organisation_id=front.id)


def tell_front(report: Report, message: str) -> None:
    """Tell the Front that holds the report: of the commune, or of the province."""
    front = first_looker(report)
    if front is not None:
        notify(message, subject_of(report), organisation_id=front.id)


def tell_sender(report: Report, *, held_for: str | None = None) -> None:
    """Tell who sent it that something changed, once in a write unit.

    The address is looked up when the notice is sent; without one nothing goes out.
    """
    told: set[int] = session().info.setdefault(_TOLD, set())
    if report.id in told:
        return
    told.add(report.id)
    notify(messages.SENDER, subject_of(report), held_for=held_for)


def _on_duty(province: Unit) -> list[int]:
    return persons_with(DUTY, [province.id])
