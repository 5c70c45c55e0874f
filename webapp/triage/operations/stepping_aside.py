"""Stepping aside (né việc): the matter goes to another officer, or where there is none to the
province. For whoever stepped aside it is no longer there.
"""

from webapp.accounts.absence import step_aside
from webapp.cases.clocks import subject_of as case_subject
from webapp.cases.models import Case
from webapp.cases.operations import take_step
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import TransitionRefused
from webapp.core.text import _
from webapp.deadlines.operations import hand_clocks
from webapp.directory.models import Organisation, Person, Unit
from webapp.directory.queries import front_of, province_of
from webapp.notifications.operations import notify
from webapp.reporting.models import Report
from webapp.reporting.operations import subject_of, take_report_step
from webapp.triage import messages
from webapp.triage.operations.assessment import officers_of
from webapp.triage.operations.evidence import invalid
from webapp.triage.operations.reporters import reports_of
from webapp.triage.operations.reports import NEVER, others_decide


def others_of(actor: Actor, case: Case) -> list[Person]:
    """Who may take a case over in the committee that holds it."""
    return [each for each in officers_of(case) if each.id != actor.person_id]


def step_aside_from_report(actor: Actor, report: Report, *, reason: str) -> None:
    """Leave a report to the others who decide in the committee, or to the province.

    Raises Forbidden, TransitionRefused (the province has nobody else), Invalid on ``reason``.
    """
    stays = others_decide(actor, report)
    if report.to_province and not stays:
        raise TransitionRefused(_("Mặt trận tỉnh chưa có cán bộ khác để nhận việc này."))
    with take_report_step(actor, report, "step_aside", given={"reason": reason}) as line:
        line.note, line.visible_from = reason, NEVER
        line.facts = {"to": "committee" if stays else "province"}
        if not stays:
            report.to_province, report.released = True, False
    step_aside(actor, subject_of(report))
    if not stays:
        province = _province_front(report.handling_unit)
        hand_clocks(subject_of(report), lambda _key: province.id)
        notify(messages.REPORT_RECEIVED, subject_of(report), organisation_id=province.id)


def step_aside_from_case(actor: Actor, case: Case, *, person_id: int | None, reason: str) -> None:
    """Leave a case and its reports to a colleague, or where there is none to the province; whoever
    has it now is told.

    Raises Forbidden, TransitionRefused, Invalid by field.
    """
    others = others_of(actor, case)
    with take_step(actor, case, "step_aside", voice="front", given={"reason": reason}) as line:
        if others and person_id not in {each.id for each in others}:
            raise invalid("person", _("Xin chọn cán bộ nhận việc thay."))
        if not others and case.level == "province":
            raise TransitionRefused(_("Mặt trận tỉnh chưa có cán bộ khác để nhận việc này."))
        taker = next((each for each in others if each.id == person_id), None)
        name = taker.name if taker is not None else "Mặt trận tỉnh"
        line.note = f"{name} nhận thay. {reason}"
        line.facts = {"was": case.assignee_id, "is": person_id if others else "province"}
        case.assignee_id = person_id if others else None
        if not others:
            province = _province_front(case.handling_unit)
            case.owner, case.level, case.raised = province, "province", True
    if others:
        notify(messages.CASE_TAKEN_OVER, case_subject(case), person_id=person_id)
    else:
        notify(messages.CASE_TAKEN_OVER, case_subject(case), organisation_id=case.owner_id)
    for report in reports_of(case):
        step_aside(actor, subject_of(report))
    step_aside(actor, case_subject(case))


def _province_front(here: Unit) -> Organisation:
    front = front_of(province_of(here).id, clock.today_local())
    if front is None:
        raise TransitionRefused(_("Tỉnh này chưa có Mặt trận nhận việc. Xin báo quản trị."))
    return front
