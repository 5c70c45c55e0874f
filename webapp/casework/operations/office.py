"""The office takes a case, declines it, or goes to look."""

from datetime import date

from webapp.cases.models import Case
from webapp.cases.operations import take_step
from webapp.cases.permissions import HANDLE
from webapp.cases.policy import holds
from webapp.casework.inspection_table import allowed_forms
from webapp.casework.models import Inspection
from webapp.casework.operations.answering import note_answers, note_delivery
from webapp.casework.operations.moves import lock_recommendation
from webapp.casework.operations.proof import (
    Paper,
    day_of_paper,
    demand_ahead,
    demand_past,
    office_step,
)
from webapp.casework.queries import latest_inspection, sent_recommendation
from webapp.casework.workflow import INSPECTION_FORMS
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import Forbidden
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.directory.models import Organisation
from webapp.directory.queries import organisation, peoples_committee_of
from webapp.triage.operations.evidence import MISSING, invalid

DECLINE_REASONS = {
    "not_competent": _("Không thuộc thẩm quyền"),
    "with_another_body": _("Cơ quan khác đang giải quyết"),
    "already_answered": _("Trùng nội dung đã trả lời"),
    "not_clear": _("Nội dung chưa đủ rõ để xem xét"),
}


def accept_case(
    actor: Actor, case: Case, *, handler: str, planned_on: date, paper: Paper | None = None
) -> Inspection:
    """The office takes the case; the letter counts as delivered.

    Raises Forbidden, TransitionRefused, Invalid on ``planned_on`` and ``paper_*``.
    """
    if paper is None:
        demand_ahead(planned_on, "planned_on")
    sent = sent_recommendation(case)
    with office_step(actor, case, "accept", given={"planned_on": planned_on}, paper=paper) as line:
        line.public_line = str(
            _(
                "%(office)s đã nhận kiến nghị, dự kiến xong trước %(day)s.",
                office=_office(case).name,
                day=f"{planned_on:%d/%m/%Y}",
            )
        )
        inspection = _open_inspection(case, handler, planned_on, paper)
    if sent is not None and sent.state == "issued":
        proof = _("Văn bản số %(number)s", number=paper.number) if paper else _("Cơ quan đã nhận")
        note_delivery(actor, lock_recommendation(sent), proof=str(proof))
    return inspection


def accept_urgent_case(actor: Actor, case: Case, *, handler: str, planned_on: date) -> Inspection:
    """An office of the unit takes an urgent case at once; the signed letter follows.

    An open site check is called off. Raises Forbidden, TransitionRefused, Invalid.
    """
    if not case.urgent:
        raise Forbidden(_("Chỉ việc khẩn mới nhận trước khi có kiến nghị."))
    demand_ahead(planned_on, "planned_on")
    with take_step(
        actor, case, "accept_urgent", voice="office", given={"planned_on": planned_on}
    ) as line:
        office = _own_office(actor, case)
        case.office_id, case.addressee_id = office.id, _authority_of(office).id
        session().flush()
        line.public_line = str(
            _(
                "%(office)s đã nhận việc khẩn, dự kiến xong trước %(day)s.",
                office=_office(case).name,
                day=f"{planned_on:%d/%m/%Y}",
            )
        )
        return _open_inspection(case, handler, planned_on, None)


def decline_case(
    actor: Actor,
    case: Case,
    *,
    reason: str,
    right_body: str,
    words: str,
    paper: Paper | None = None,
) -> None:
    """The office refuses with a lawful reason and names the right body; this answers the letter.

    Raises Forbidden, TransitionRefused, Invalid on ``reason``, ``right_body``, ``paper_*``.
    """
    given = {"reason": reason, "right_body": right_body}
    if reason and reason not in DECLINE_REASONS:
        raise invalid("reason", MISSING)
    with office_step(actor, case, "decline", given=given, paper=paper) as line:
        line.public_line = str(
            _(
                "%(office)s chưa nhận kiến nghị. Lý do: %(reason)s. Nơi có thẩm quyền: %(body)s.",
                office=_office(case).name,
                reason=str(DECLINE_REASONS[reason]).lower(),
                body=right_body,
            )
        )
        line.note = words or None
        line.facts = {"reason": reason}
    answer = f"{DECLINE_REASONS[reason]}. {right_body}. {words}".strip()
    note_answers(
        actor,
        case,
        answer=answer,
        document=paper.number if paper else None,
        on=day_of_paper(line),
        only_current=True,
    )


def start_inspection(
    actor: Actor,
    case: Case,
    *,
    form: str,
    team: str,
    on_date: date,
    led: bool = False,
    paper: Paper | None = None,
) -> None:
    """The office goes to look, in a form that its kind of body may use on that day.

    ``led`` says that the provincial inspectorate leads. Raises Forbidden, TransitionRefused,
    Invalid on ``form``, ``led``, ``on_date``, ``paper_*``.
    """
    given = {"form": form, "team": team, "on_date": on_date}
    with office_step(actor, case, "start_inspection", given=given, paper=paper) as line:
        check_form(case, form=form, on_date=on_date, led=led)
        inspection = inspection_of(case)
        inspection.form, inspection.team = form, team
        inspection.started_on, inspection.led_by_inspectorate = on_date, led
        line.public_line = str(
            _(
                "%(office)s bắt đầu %(form)s ngày %(day)s.",
                office=_office(case).name,
                form=str(INSPECTION_FORMS[form]).lower(),
                day=f"{on_date:%d/%m/%Y}",
            )
        )
        line.facts = {"form": form}


def check_form(case: Case, *, form: str, on_date: date, led: bool) -> None:
    """Whether the office may use this form on that day (inspection_forms.toml). Raises Invalid."""
    demand_past(on_date, "on_date")
    rule = allowed_forms(_office(case).unit.kind, on_date).get(form)
    if rule is None:
        raise invalid("form", _("Cơ quan này không được dùng hình thức đó vào ngày đã chọn."))
    if rule.led and not led:
        raise invalid(
            "led",
            _("Từ 01/7/2025 chỉ thanh tra khi Thanh tra tỉnh chủ trì. Xin chọn hình thức khác."),
        )


def inspection_of(case: Case) -> Inspection:
    """The inspection under way; one is opened where the record begins later."""
    found = latest_inspection(case.id)
    if found is None or found.concluded_at is not None:
        return _open_inspection(case, None, None, None)
    return found


def _open_inspection(
    case: Case, handler: str | None, planned_on: date | None, paper: Paper | None
) -> Inspection:
    inspection = Inspection(
        case_id=case.id,
        office_id=_office(case).id,
        handler_name=handler,
        planned_on=planned_on,
        recorded_by_front=paper is not None,
        source_document=paper.number if paper else None,
    )
    session().add(inspection)
    session().flush()
    return inspection


def _office(case: Case) -> Organisation:
    if case.office_id is None:
        raise Forbidden(_("Vụ việc này chưa gửi đến cơ quan nào."))
    return organisation(case.office_id)


def _authority_of(office: Organisation) -> Organisation:
    """Whose leader answers for a commune's office: its People's Committee; a department itself."""
    if office.unit.kind != "commune":
        return office
    return peoples_committee_of(office.unit_id, clock.today_local()) or office


def _own_office(actor: Actor, case: Case) -> Organisation:
    """The office for which the actor takes the case."""
    grant = next(grant for grant in actor.grants_for(HANDLE) if holds(grant, case, "accept_urgent"))
    return organisation(grant.organisation_id)
