"""Pages of the Front's own look at a case."""

from typing import Any

from geo.points import Point, PointError, parse_point
from webapp.cases.models import Case
from webapp.cases.step_pages import StepPage, register_steps
from webapp.cases.workflow import DISMISSALS, SEVERITIES, WASTE_SOURCES
from webapp.core.actor import Actor
from webapp.core.text import _
from webapp.media.operations import ReceivedPhoto
from webapp.triage.forms import cases as forms
from webapp.triage.forms.choices import categories, labelled, officers, priorities
from webapp.triage.operations import assessment as assessing
from webapp.triage.operations.evidence import invalid
from webapp.triage.operations.priority import prioritise_case
from webapp.triage.operations.stepping_aside import others_of, step_aside_from_case
from webapp.triage.steps.defaults import assessment_of, is_fresh, usual_source
from webapp.triage.steps.wording import fill_in
from webapp.web.locale import translated

Photos = list[ReceivedPhoto]


def _prepare_assess(actor: Actor, case: Case, form: Any) -> None:
    form.severity.choices = labelled(SEVERITIES)
    form.waste_source.choices = labelled(WASTE_SOURCES)
    if is_fresh(form):
        form.summary.data = case.summary
        form.severity.data = case.severity
        form.waste_source.data = case.waste_source or usual_source(case)


def _assess(actor: Actor, case: Case, form: Any, photos: Photos) -> None:
    assessing.assess_case(
        actor, case, assessment=assessment_of(form), site_note=form.site_note.data
    )


def _prepare_dismiss(actor: Actor, case: Case, form: Any) -> None:
    form.reason.choices = labelled(DISMISSALS, assessing.OFFERED_DISMISSALS)
    fill_in(actor, form, "dismiss", case.category)


def _dismiss(actor: Actor, case: Case, form: Any, photos: Photos) -> None:
    assessing.dismiss_case(actor, case, reason=form.reason.data, words=form.words.data)


def _prepare_assign(actor: Actor, case: Case, form: Any) -> None:
    form.person.choices = officers(assessing.officers_of(case))
    if is_fresh(form):
        form.person.data = str(case.assignee_id or actor.person_id or "")
        form.reason.data = translated(_("Phân công theo địa bàn"))


def _assign(actor: Actor, case: Case, form: Any, photos: Photos) -> None:
    person_id = form.person.number or 0
    assessing.assign_case(actor, case, person_id=person_id, reason=form.reason.data)


def _prepare_amend(actor: Actor, case: Case, form: Any) -> None:
    form.severity.choices = [("", ""), *labelled(SEVERITIES)]
    if case.summary is None:
        del form.summary
    if is_fresh(form):
        form.severity.data, form.place_note.data = case.severity, case.place_note
        form.point.data = _written(case)
        if "summary" in form:
            form.summary.data = case.summary


def _amend(actor: Actor, case: Case, form: Any, photos: Photos) -> None:
    amendment = assessing.Amendment(
        severity=form.severity.data or None,
        summary=(form.summary.data or None) if "summary" in form else None,
        place_note=form.place_note.data or None,
        point=_confirmed(case, form),
    )
    assessing.amend_case(actor, case, amendment=amendment, reason=form.reason.data)


def _written(case: Case) -> str:
    if case.lon is None or case.lat is None:
        return ""
    return f"{case.lat:.5f}, {case.lon:.5f}"


def _confirmed(case: Case, form: Any) -> Point | None:
    """The place the officer says it is; None while box and place are as they were."""
    text = form.point.data or ""
    moved = bool(text) and text != _written(case)
    if not form.right_place.data:
        if moved:
            raise invalid("right_place", _("Đổi tọa độ thì đánh dấu ô xác nhận."))
        return None
    if not text:
        raise invalid("point", _("Xin ghi tọa độ."))
    if not moved and case.lon is not None and case.lat is not None:
        return Point(case.lon, case.lat)
    lat, _comma, lon = text.partition(",")
    try:
        return parse_point(lon.strip(), lat.strip())
    except PointError:
        words = _("Tọa độ chưa đúng. Xin ghi vĩ độ trước, kinh độ sau, ví dụ 21.47100, 103.15100.")
        raise invalid("point", words) from None


def _prepare_priority(actor: Actor, case: Case, form: Any) -> None:
    form.chosen.choices = priorities()
    if is_fresh(form):
        form.chosen.data = case.priority_chosen or ""


def _prioritise(actor: Actor, case: Case, form: Any, photos: Photos) -> None:
    prioritise_case(actor, case, chosen=form.chosen.data or "", reason=form.reason.data)


def _prepare_aside(actor: Actor, case: Case, form: Any) -> None:
    others = others_of(actor, case)
    # Nobody takes over because they happened to be the first of the list.
    prompt = [("", translated(_("Chọn một người")))] if len(others) > 1 else []
    form.person.choices = prompt + officers(others)
    if not others:
        del form.person
        if case.level != "province":
            form.reason.description = translated(
                _(
                    "Cơ quan chưa có cán bộ khác: vụ việc lên Mặt trận tỉnh. Cán bộ nơi ấy và "
                    "người kiểm soát đọc được."
                )
            )


def _step_aside(actor: Actor, case: Case, form: Any, photos: Photos) -> None:
    person_id = form.person.number if "person" in form else None
    step_aside_from_case(actor, case, person_id=person_id, reason=form.reason.data)


def _prepare_recategorise(actor: Actor, case: Case, form: Any) -> None:
    form.category.choices = categories()
    if is_fresh(form):
        form.category.data = case.category


def _recategorise(actor: Actor, case: Case, form: Any, photos: Photos) -> None:
    assessing.recategorise_case(
        actor, case, category_code=form.category.data, reason=form.reason.data
    )


def _may_assess(actor: Actor, case: Case) -> bool:
    return assessing.may_assess(actor, case)


register_steps(
    StepPage(
        "assess",
        forms.AssessForm,
        _assess,
        _("Sau bước này vụ việc được công khai, với tóm tắt bằng lời của Mặt trận."),
        prepare=_prepare_assess,
        offered=_may_assess,
        primary=True,
    ),
    StepPage(
        "dismiss",
        forms.DismissForm,
        _dismiss,
        _("Vụ việc rời bản đồ. Từng người phản ánh đọc lời ông/bà viết."),
        prepare=_prepare_dismiss,
    ),
    StepPage(
        "assign",
        forms.AssignForm,
        _assign,
        _("Giao vụ việc cho một cán bộ của cơ quan đang giữ."),
        prepare=_prepare_assign,
    ),
    StepPage(
        "amend",
        forms.AmendForm,
        _amend,
        _("Điều cũ vẫn được giữ trong quá trình."),
        prepare=_prepare_amend,
    ),
    StepPage(
        "prioritise",
        forms.PriorityForm,
        _prioritise,
        _("Thứ tự trong hàng đợi. Lý do được ghi lại, chỉ cán bộ đọc."),
        prepare=_prepare_priority,
    ),
    StepPage(
        "step_aside",
        forms.StepAsideForm,
        _step_aside,
        _(
            "Khi ông/bà hoặc người nhà liên quan. Việc sang người khác, hoặc lên Mặt trận tỉnh. "
            "Sau đó ông/bà không mở được việc này nữa và không rút lại được."
        ),
        prepare=_prepare_aside,
        leaves=True,
    ),
    StepPage(
        "recategorise",
        forms.RecategoriseForm,
        _recategorise,
        _("Nơi xử lý và thời hạn tính lại theo loại mới; người phản ánh được báo."),
        prepare=_prepare_recategorise,
    ),
)
