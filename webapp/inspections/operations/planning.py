"""Plans: made for a case or an establishment, changed, decided, called off; a second inspection."""

import uuid
from dataclasses import dataclass
from datetime import date

from webapp.cases.models import Case
from webapp.cases.workflow import ENDED
from webapp.casework.inspection_table import allowed_forms
from webapp.casework.policy import acts_as_office
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import Forbidden, TransitionRefused
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.directory.models import Organisation
from webapp.directory.queries import organisation, peoples_committee_of
from webapp.inspections import permissions as may
from webapp.inspections.models import Establishment, EstablishmentCase, InspectionFile
from webapp.inspections.operations.files import demand, move, refused, settle
from webapp.inspections.workflow import BY_DECISION, DONE, FILE


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What an officer decides before going: ``sites`` and ``team`` one per line."""

    form: str
    lead: str
    planned_on: date | None
    purpose: str
    team: str = ""
    sites: str = ""
    led: bool = False


def plan_inspection(
    actor: Actor,
    plan: Plan,
    *,
    case: Case | None = None,
    establishment: Establishment | None = None,
    parent: InspectionFile | None = None,
) -> InspectionFile:
    """Open a file for the actor's office; a case's own office for a case the caller has locked.

    Raises Forbidden, TransitionRefused for a case that ended, Invalid by field.
    """
    office = _office(actor, case)
    row = FILE.transition("plan", None)
    demand(row, vars(plan))
    if case is None and establishment is None:
        raise refused("establishment", _("Xin chọn cơ sở, hoặc lập từ trang vụ việc."))
    _check_form(office, plan)
    file = InspectionFile(
        uid=uuid.uuid4().hex,
        state="planned",
        version=0,
        office_id=office.id,
        approver_id=approver_of(office).id,
        unit_id=_unit_id(office, case, establishment),
        case_id=case.id if case else None,
        establishment_id=establishment.id if establishment else None,
        parent_id=parent.id if parent else None,
        made_at=clock.now(),
        made_by_id=actor.person_id,
    )
    _write(file, plan)
    session().add(file)
    session().flush()
    settle(actor, file, "plan", used=may.RECORD)
    if case is not None and establishment is not None:
        link_case(actor, establishment, case)
    return file


def amend_plan(
    actor: Actor, file: InspectionFile, plan: Plan, *, establishment: Establishment | None
) -> None:
    """Change a plan; a decision that was taken stands, so the form stays then.

    Raises Forbidden, TransitionRefused, Invalid by field.
    """
    with move(actor, file, "amend", given=vars(plan)):
        if file.state == "decided" and plan.form != file.form:
            raise refused("form", _("Đã có quyết định; muốn đổi hình thức thì hủy và lập lại."))
        _check_form(file.office, plan)
        _write(file, plan)
        file.establishment_id = establishment.id if establishment else None
        if file.case is not None and establishment is not None:
            link_case(actor, establishment, file.case)


def decide_inspection(
    actor: Actor, file: InspectionFile, *, number: str, decided_on: date | None
) -> None:
    """Note the decision by its number and day. Raises Forbidden, TransitionRefused, Invalid."""
    if file.form not in BY_DECISION:
        raise TransitionRefused(_("Xác minh không cần quyết định; ghi biên bản luôn được."))
    with move(actor, file, "decide", given={"number": number, "decided_on": decided_on}):
        if decided_on is not None and decided_on > clock.today_local():
            raise refused("decided_on", _("Ngày này chưa tới. Xin ghi lại."))
        file.decision_number, file.decision_on = number.strip(), decided_on


def cancel_inspection(actor: Actor, file: InspectionFile, *, reason: str) -> None:
    """Call a plan off, with the reason. Raises Forbidden, TransitionRefused, Invalid."""
    with move(actor, file, "cancel", given={"reason": reason}, words=reason):
        pass


def inspect_again(actor: Actor, file: InspectionFile, plan: Plan) -> InspectionFile:
    """Open another file for the same matter, to see whether it was put right.

    Raises Forbidden, TransitionRefused, Invalid by field.
    """
    with move(actor, file, "reinspect", given=vars(plan)) as facts:
        open_case = file.case if file.case and file.case.state not in ENDED else None
        if file.state not in DONE:
            raise TransitionRefused(_("Hồ sơ chưa kết luận."))
        again = plan_inspection(
            actor,
            plan,
            case=open_case if open_case and acts_as_office(actor, open_case) else None,
            establishment=file.establishment,
            parent=file,
        )
        facts["again"] = again.uid
    return again


def link_case(actor: Actor, establishment: Establishment, case: Case) -> bool:
    """Note that an establishment may have a part in a case; False when that was noted already."""
    key = (establishment.id, case.id)
    if session().get(EstablishmentCase, key) is not None:
        return False
    session().add(
        EstablishmentCase(
            establishment_id=establishment.id,
            case_id=case.id,
            linked_at=clock.now(),
            linked_by_id=actor.person_id,
        )
    )
    session().flush()
    return True


def approver_of(office: Organisation) -> Organisation:
    """Whose leader decides for an office: the commune's People's Committee; a department itself."""
    if office.unit.kind != "commune":
        return office
    return peoples_committee_of(office.unit_id, clock.today_local()) or office


def _office(actor: Actor, case: Case | None) -> Organisation:
    grants = actor.grants_for(may.RECORD)
    if not grants:
        raise Forbidden
    if case is None:
        return organisation(grants[0].organisation_id)
    if case.state in ENDED:
        raise TransitionRefused(_("Vụ việc này đã kết thúc."))
    if not acts_as_office(actor, case) or case.office_id is None:
        raise Forbidden(_("Vụ việc này không do cơ quan của ông/bà xử lý."))
    return organisation(case.office_id)


def _unit_id(office: Organisation, case: Case | None, establishment: Establishment | None) -> int:
    if case is not None:
        return case.handling_unit_id
    return establishment.unit_id if establishment else office.unit_id


def _check_form(office: Organisation, plan: Plan) -> None:
    rule = allowed_forms(office.unit.kind, plan.planned_on or clock.today_local()).get(plan.form)
    if rule is None:
        raise refused("form", _("Cơ quan này không được dùng hình thức đó vào ngày đã chọn."))
    if rule.led and not plan.led:
        raise refused(
            "led",
            _("Từ 01/7/2025 chỉ thanh tra khi Thanh tra tỉnh chủ trì. Xin chọn hình thức khác."),
        )


def _write(file: InspectionFile, plan: Plan) -> None:
    if plan.planned_on is None:
        raise refused("planned_on", _("Xin điền mục này."))
    file.form, file.led, file.planned_on = plan.form, plan.led, plan.planned_on
    file.lead, file.purpose = plan.lead.strip(), plan.purpose.strip()
    file.team, file.sites = plan.team.strip() or None, plan.sites.strip() or None
