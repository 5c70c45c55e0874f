"""Pages of the steps an office takes, or the Front records for it from paper."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext

from webapp.cases.models import Case
from webapp.cases.operations import may_take
from webapp.cases.permissions import APPROVE_CONCLUSION
from webapp.cases.step_pages import StepPage, register_steps
from webapp.casework.forms import cases as forms
from webapp.casework.inspection_table import allowed_forms
from webapp.casework.operations import concluding, extending, office
from webapp.casework.policy import acts_as_office, approving_body, records_for_office
from webapp.casework.queries import latest_inspection
from webapp.casework.workflow import INSPECTION_FORMS
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.text import _
from webapp.media.operations import ReceivedPhoto
from webapp.web.locale import format_time, translated

Photos = list[ReceivedPhoto]


def _from_paper(actor: Actor, case: Case) -> bool:
    body = case.office if records_for_office(actor, case) else None
    return body is not None and not body.signs_in


def _by_office(step: str) -> Callable[[Actor, Case], bool]:
    def offered(actor: Actor, case: Case) -> bool:
        acts = acts_as_office(actor, case) and may_take(actor, case, step)
        return acts or _from_paper(actor, case)

    return offered


def _office_only(actor: Actor, case: Case) -> bool:
    return acts_as_office(actor, case) and case.proposal("conclude") is None


def _concludes(actor: Actor, case: Case) -> bool:
    if acts_as_office(actor, case, APPROVE_CONCLUSION):
        return case.proposal("conclude") is not None
    body = approving_body(case) if records_for_office(actor, case) else None
    return body is not None and not body.signs_in


def _returns_conclusion(actor: Actor, case: Case) -> bool:
    return acts_as_office(actor, case, APPROVE_CONCLUSION) and (
        case.proposal("conclude") is not None
    )


def _asks_time(actor: Actor, case: Case) -> bool:
    if case.proposal("extend") is not None:
        return False
    if case.state == "local_action":
        return may_take(actor, case, "propose_extend")
    return acts_as_office(actor, case) or _from_paper(actor, case)


def _takes_urgent(actor: Actor, case: Case) -> bool:
    return case.urgent and may_take(actor, case, "accept_urgent")


def _prepare_paper(actor: Actor, case: Case, form: Any) -> None:
    if not _from_paper(actor, case):
        form.drop_paper()


def _prepare_extension(actor: Actor, case: Case, form: Any) -> None:
    _prepare_paper(actor, case, form)
    due_at = extending.running_due(case)
    if due_at is not None:
        form.due_on.description = gettext("Hạn đang chạy: %(moment)s.", moment=format_time(due_at))


def _prepare_inspection(actor: Actor, case: Case, form: Any) -> None:
    _prepare_paper(actor, case, form)
    _offer_forms(case, form)
    if not form.is_submitted():
        form.on_date.data = clock.today_local()


def _prepare_conclusion(actor: Actor, case: Case, form: Any) -> None:
    form.drop_paper()
    _prepare_slip(case, form)


def _prepare_slip(case: Case, form: Any) -> None:
    inspection = latest_inspection(case.id)
    if inspection is not None and inspection.form and inspection.concluded_at is None:
        del form.form, form.led, form.on_date
    else:
        _offer_forms(case, form)


def _prepare_approval(actor: Actor, case: Case, form: Any) -> None:
    """The approver says yes to what is written; the Front writes it down from paper."""
    if acts_as_office(actor, case, APPROVE_CONCLUSION):
        for field in form.own_fields():
            del form[field.name]
    else:
        del form.photos
        _prepare_slip(case, form)


def _offer_forms(case: Case, form: Any) -> None:
    level = case.office.unit.kind if case.office else "commune"
    allowed = allowed_forms(level, clock.today_local())
    form.form.choices = [(code, translated(INSPECTION_FORMS[code])) for code in allowed]
    if not any(rule.led for rule in allowed.values()):
        del form.led


def _conclusion(form: Any) -> concluding.Conclusion:
    has_form = "form" in form
    return concluding.Conclusion(
        conclusion=form.conclusion.data,
        answer=form.answer.data,
        findings=form.findings.data or "",
        form=form.form.data if has_form else "",
        on_date=form.on_date.data if has_form else None,
        led=bool(form.led.data) if "led" in form else False,
        document_number=form.document_number.data or "",
        document_on=form.document_on.data,
    )


def _accept(actor: Actor, case: Case, form: Any, _photos: Photos) -> None:
    office.accept_case(
        actor,
        case,
        handler=form.handler.data,
        planned_on=form.planned_on.data,
        paper=form.paper,
    )


def _accept_urgent(actor: Actor, case: Case, form: Any, _photos: Photos) -> None:
    office.accept_urgent_case(
        actor, case, handler=form.handler.data, planned_on=form.planned_on.data
    )


def _decline(actor: Actor, case: Case, form: Any, _photos: Photos) -> None:
    office.decline_case(
        actor,
        case,
        reason=form.reason.data,
        right_body=form.right_body.data,
        words=form.words.data or "",
        paper=form.paper,
    )


def _inspect(actor: Actor, case: Case, form: Any, _photos: Photos) -> None:
    office.start_inspection(
        actor,
        case,
        form=form.form.data,
        team=form.team.data,
        on_date=form.on_date.data,
        led=bool(form.led.data) if "led" in form else False,
        paper=form.paper,
    )


def _propose_conclusion(actor: Actor, case: Case, form: Any, photos: Photos) -> None:
    concluding.propose_conclusion(actor, case, _conclusion(form), photos=photos)


def _conclude(actor: Actor, case: Case, form: Any, _photos: Photos) -> None:
    if "conclusion" in form:
        concluding.conclude_case(actor, case, from_paper=_conclusion(form), paper=form.paper)
    else:
        concluding.conclude_case(actor, case)


def _return_conclusion(actor: Actor, case: Case, form: Any, _photos: Photos) -> None:
    concluding.return_conclusion(actor, case, reason=form.reason.data)


def _order_remedy(actor: Actor, case: Case, form: Any, _photos: Photos) -> None:
    concluding.order_remedy(
        actor, case, measures=form.measures.data, due_on=form.due_on.data, paper=form.paper
    )


def _no_remedy(actor: Actor, case: Case, form: Any, _photos: Photos) -> None:
    concluding.no_remedy(actor, case, reason=form.reason.data, paper=form.paper)


def _remedied(actor: Actor, case: Case, form: Any, photos: Photos) -> None:
    concluding.report_remedied(
        actor,
        case,
        result=form.result.data,
        photos=photos,
        no_photo_reason=form.no_photo_reason.data or "",
        paper=form.paper,
    )


def _propose_extension(actor: Actor, case: Case, form: Any, _photos: Photos) -> None:
    extending.propose_extension(
        actor, case, reason=form.reason.data, due_on=form.due_on.data, paper=form.paper
    )


register_steps(
    StepPage(
        "accept",
        forms.AcceptForm,
        _accept,
        _("Nhận việc để xác minh, kiểm tra. Mặt trận và bà con thấy ngày dự kiến xong."),
        prepare=_prepare_paper,
        offered=_by_office("accept"),
        primary=True,
    ),
    StepPage(
        "accept_urgent",
        forms.AcceptUrgentForm,
        _accept_urgent,
        _("Nhận ngay việc khẩn; công văn kiến nghị của Mặt trận gửi sau."),
        offered=_takes_urgent,
        primary=True,
    ),
    StepPage(
        "decline",
        forms.DeclineForm,
        _decline,
        _("Chỉ khi có lý do theo quy định. Xin ghi nơi có thẩm quyền để Mặt trận gửi đến."),
        prepare=_prepare_paper,
        offered=_by_office("decline"),
    ),
    StepPage(
        "start_inspection",
        forms.InspectForm,
        _inspect,
        _("Chọn hình thức cơ quan được dùng. Việc đơn giản có thể trình kết luận luôn."),
        prepare=_prepare_inspection,
        offered=_by_office("start_inspection"),
    ),
    StepPage(
        "propose_conclude",
        forms.ConclusionForm,
        _propose_conclusion,
        _("Một trang phiếu trả lời. Lãnh đạo duyệt rồi mới gửi Mặt trận."),
        prepare=_prepare_conclusion,
        offered=_office_only,
        primary=True,
    ),
    StepPage(
        "conclude",
        forms.ConclusionForm,
        _conclude,
        _("Khi duyệt, kết luận được gửi Mặt trận và không sửa được nữa."),
        prepare=_prepare_approval,
        offered=_concludes,
        primary=True,
    ),
    StepPage(
        "return_conclude",
        forms.ReasonForm,
        _return_conclusion,
        _("Nói rõ cần sửa gì để người soạn làm lại."),
        offered=_returns_conclusion,
    ),
    StepPage(
        "order_remedy",
        forms.OrderRemedyForm,
        _order_remedy,
        _("Ghi việc phải làm và hạn. Bà con thấy hạn này."),
        prepare=_prepare_paper,
        offered=_by_office("order_remedy"),
        primary=True,
    ),
    StepPage(
        "no_remedy",
        forms.NoRemedyForm,
        _no_remedy,
        _("Sau bước này Mặt trận hỏi bà con đã đồng tình chưa."),
        prepare=_prepare_paper,
        offered=_by_office("no_remedy"),
    ),
    StepPage(
        "report_remedied",
        forms.RemediedForm,
        _remedied,
        _("Sau bước này bà con được hỏi việc đã xong chưa."),
        prepare=_prepare_paper,
        offered=_by_office("report_remedied"),
        primary=True,
    ),
    StepPage(
        "propose_extend",
        forms.ExtensionForm,
        _propose_extension,
        _("Mặt trận ký thì hạn mới có hiệu lực; hạn cũ vẫn được lưu."),
        prepare=_prepare_extension,
        offered=_asks_time,
    ),
)
