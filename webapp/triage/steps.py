"""The pages of the first steps of a case; imported once by features.py."""

from datetime import timedelta
from typing import Any

from webapp.cases.categories import category
from webapp.cases.models import Case
from webapp.cases.operations import may_take
from webapp.cases.queries import photos_of
from webapp.cases.step_pages import StepPage, register_steps
from webapp.cases.workflow import DISMISSALS, SEVERITIES, WASTE_SOURCES
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.text import _
from webapp.directory.queries import groups_of
from webapp.media.operations import ReceivedPhoto
from webapp.triage.forms import cases as forms
from webapp.triage.forms.choices import categories, communes, labelled, organisations
from webapp.triage.forms.reports import EmptyForm, ReasonForm
from webapp.triage.operations import assessment as assessing
from webapp.triage.operations import local_action as acting
from webapp.triage.operations import merging, transfer
from webapp.triage.operations import verification as checking
from webapp.triage.queries.tasks import members_of
from webapp.triage.workflow import FINDINGS
from webapp.web.locale import translated

OFFICER = "officer"
CHECK_DAYS = timedelta(days=3)
ACTION_DAYS = timedelta(days=7)
Photos = list[ReceivedPhoto]


def _fresh(form: Any) -> bool:
    """Whether defaults may be filled in: what a person sent is never overwritten."""
    return not form.is_submitted()


def _groups(case: Case) -> list[Any]:
    return groups_of(case.handling_unit_id, clock.today_local())


def _prepare_request(actor: Actor, case: Case, form: Any) -> None:
    groups = [each for each in _groups(case) if each.kind != "waste_operator"]
    form.who.choices = organisations(groups, [(OFFICER, translated(_("Tôi tự đi xem")))])
    form.left_out.choices = [(str(each.id), each.name) for each in members_of(groups)]
    if not form.left_out.choices:
        del form.left_out
    if _fresh(form):
        node = category(case.category)
        # Homes, barns and fields have the coarse grid: there the officer goes alone.
        careful = case.secret or node.precision_m > 100 or not groups
        form.who.data = OFFICER if careful else str(groups[0].id)
        form.due_on.data = clock.today_local() + CHECK_DAYS
        form.question.data = translated(_("Có thấy việc này không, nhiều hay ít, gần gì?"))


def _request(actor: Actor, case: Case, form: Any, photos: Photos) -> None:
    checking.request_verification(
        actor,
        case,
        organisation_id=None if form.who.data == OFFICER else form.who.number or 0,
        question=form.question.data,
        due_on=form.due_on.data,
        left_out=form.left_out.numbers if "left_out" in form else (),
    )


def _prepare_visit(actor: Actor, case: Case, form: Any) -> None:
    form.finding.choices = labelled(FINDINGS)
    check = checking.open_check(case)
    if check is None or check.organisation_id is None:
        del form.source
    if _fresh(form):
        form.visited_at.set_instant(clock.now())


def visit_of(form: Any, photos: Photos) -> checking.Visit:
    """What the form of a visit says."""
    return checking.Visit(
        finding=form.finding.data,
        visited_at=form.visited_at.instant,
        note=form.note.data,
        photos=photos,
        no_photo_reason=form.no_photo_reason.data,
        source=form.source.data if "source" in form else None,
    )


def _record(actor: Actor, case: Case, form: Any, photos: Photos) -> None:
    checking.record_verification(actor, case, visit=visit_of(form, photos))


def _cancel(actor: Actor, case: Case, form: Any, photos: Photos) -> None:
    checking.cancel_verification(actor, case, reason=form.reason.data)


def _prepare_assess(actor: Actor, case: Case, form: Any) -> None:
    form.severity.choices = labelled(SEVERITIES)
    form.waste_source.choices = labelled(WASTE_SOURCES)
    if _fresh(form):
        form.summary.data = case.summary
        form.severity.data = case.severity
        form.waste_source.data = case.waste_source or _usual_source(case)


def _usual_source(case: Case) -> str:
    groups = category(case.category).source_groups
    return groups[0] if groups else "other"


def _assessment(form: Any) -> assessing.Assessment:
    return assessing.Assessment(
        summary=form.summary.data,
        severity=form.severity.data,
        waste_source=form.waste_source.data,
    )


def _assess(actor: Actor, case: Case, form: Any, photos: Photos) -> None:
    assessing.assess_case(actor, case, assessment=_assessment(form), site_note=form.site_note.data)


def _prepare_task(actor: Actor, case: Case, form: Any) -> None:
    form.who.choices = organisations(_groups(case), [("", translated(_("Chọn nơi nhận việc")))])
    if _fresh(form):
        form.due_on.data = clock.today_local() + ACTION_DAYS


def _prepare_fast(actor: Actor, case: Case, form: Any) -> None:
    _prepare_task(actor, case, form)
    form.severity.choices = labelled(SEVERITIES)
    form.waste_source.choices = labelled(WASTE_SOURCES)
    if _fresh(form):
        form.severity.data = case.severity or "minor"
        form.waste_source.data = case.waste_source or _usual_source(case)


def _task(form: Any) -> acting.Task:
    return acting.Task(form.who.number, form.what.data, form.due_on.data)


def _fast(actor: Actor, case: Case, form: Any, photos: Photos) -> None:
    acting.fast_lane(actor, case, task=_task(form), assessment=_assessment(form))


def _fast_offered(actor: Actor, case: Case) -> bool:
    small = not case.urgent and category(case.category).fast_lane
    return small and assessing.may_assess(actor, case)


def _prepare_act(actor: Actor, case: Case, form: Any) -> None:
    _prepare_task(actor, case, form)
    shown = photos_of(case.id)
    form.shown.choices = [
        (str(photo.id), translated(_("Ảnh %(number)s", number=number)))
        for number, (_link, photo) in enumerate(shown, 1)
    ]
    if not shown:
        del form.shown


def _act(actor: Actor, case: Case, form: Any, photos: Photos) -> None:
    shown = form.shown.numbers if "shown" in form else ()
    acting.act_locally(actor, case, task=_task(form), shown_photo_ids=shown)


def result_of(form: Any, photos: Photos) -> acting.LocalResult:
    """What the form of a local result says."""
    return acting.LocalResult(
        words=form.words.data,
        photos=photos,
        no_photo_reason=form.no_photo_reason.data,
        source=form.source.data if "source" in form else None,
    )


def _result(actor: Actor, case: Case, form: Any, photos: Photos) -> None:
    acting.report_local_result(actor, case, result=result_of(form, photos))


def _prepare_dismiss(actor: Actor, case: Case, form: Any) -> None:
    form.reason.choices = labelled(DISMISSALS, assessing.OFFERED_DISMISSALS)


def _dismiss(actor: Actor, case: Case, form: Any, photos: Photos) -> None:
    assessing.dismiss_case(actor, case, reason=form.reason.data, words=form.words.data)


def _lock_merge(actor: Actor, code: str, form: Any) -> None:
    merging.lock_pair(actor, code, form.survivor.data.upper())


def _merge(actor: Actor, case: Case, form: Any, photos: Photos) -> None:
    merging.merge_cases(actor, case, other_code=form.survivor.data.upper())


def _unmerge(actor: Actor, case: Case, form: Any, photos: Photos) -> None:
    merging.unmerge_case(actor, case, reason=form.reason.data)


def _prepare_assign(actor: Actor, case: Case, form: Any) -> None:
    officers = assessing.officers_of(case)
    form.person.choices = [(str(each.id), each.name) for each in officers]
    if _fresh(form):
        form.person.data = str(case.assignee_id or actor.person_id or "")
        form.reason.data = translated(_("Phân công theo địa bàn"))


def _assign(actor: Actor, case: Case, form: Any, photos: Photos) -> None:
    person_id = form.person.number or 0
    assessing.assign_case(actor, case, person_id=person_id, reason=form.reason.data)


def _prepare_amend(actor: Actor, case: Case, form: Any) -> None:
    form.severity.choices = [("", ""), *labelled(SEVERITIES)]
    if case.summary is None:
        del form.summary
    if _fresh(form):
        form.severity.data, form.place_note.data = case.severity, case.place_note
        if "summary" in form:
            form.summary.data = case.summary


def _amend(actor: Actor, case: Case, form: Any, photos: Photos) -> None:
    amendment = assessing.Amendment(
        severity=form.severity.data or None,
        summary=(form.summary.data or None) if "summary" in form else None,
        place_note=form.place_note.data or None,
    )
    assessing.amend_case(actor, case, amendment=amendment, reason=form.reason.data)


def _prepare_recategorise(actor: Actor, case: Case, form: Any) -> None:
    form.category.choices = categories()
    if _fresh(form):
        form.category.data = case.category


def _recategorise(actor: Actor, case: Case, form: Any, photos: Photos) -> None:
    assessing.recategorise_case(
        actor, case, category_code=form.category.data, reason=form.reason.data
    )


def _prepare_transfer(actor: Actor, case: Case, form: Any) -> None:
    form.unit.choices = communes(but=case.handling_unit_id)


def _propose(actor: Actor, case: Case, form: Any, photos: Photos) -> None:
    transfer.propose_transfer(actor, case, unit_id=form.unit.number or 0, reason=form.reason.data)


def _take(actor: Actor, case: Case, form: Any, photos: Photos) -> None:
    transfer.transfer_case(actor, case)


def _return(actor: Actor, case: Case, form: Any, photos: Photos) -> None:
    transfer.return_transfer(actor, case, reason=form.reason.data)


def _may_propose(actor: Actor, case: Case) -> bool:
    free = transfer.pending_transfer(case) is None
    return free and may_take(actor, case, "propose_transfer")


def _may_assess(actor: Actor, case: Case) -> bool:
    return assessing.may_assess(actor, case)


register_steps(
    StepPage(
        "request_verification",
        forms.RequestVerificationForm,
        _request,
        _("Người đi xem chỉ thấy loại việc, chỗ và câu hỏi; không thấy lời, ảnh, giờ gửi."),
        prepare=_prepare_request,
    ),
    StepPage(
        "record_verification",
        forms.RecordVerificationForm,
        _record,
        _("Ghi điều đã thấy tại chỗ, hoặc ghi thay tổ khi tổ gọi điện báo."),
        prepare=_prepare_visit,
        primary=True,
    ),
    StepPage(
        "cancel_verification",
        ReasonForm,
        _cancel,
        _("Không cần đi xem nữa. Việc đã giao được rút lại."),
    ),
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
        "fast_lane",
        forms.FastLaneForm,
        _fast,
        _("Việc nhỏ, giao làm ngay: ai, làm gì, bao giờ, và một dòng công khai."),
        prepare=_prepare_fast,
        offered=_fast_offered,
        primary=True,
    ),
    StepPage(
        "act_locally",
        forms.ActLocallyForm,
        _act,
        _("Mâu thuẫn giữa các bên thì hòa giải; vi phạm thì gửi kiến nghị, không giao ở đây."),
        prepare=_prepare_act,
    ),
    StepPage(
        "report_local_result",
        forms.RecordResultForm,
        _result,
        _("Ghi thay nơi được giao, theo lời họ báo. Sau đó chờ bà con xác nhận."),
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
        "merge_into",
        forms.MergeForm,
        _merge,
        _("Hai vụ việc là một: phản ánh, ảnh, số người đều dồn về vụ việc mở trước."),
        first=_lock_merge,
    ),
    StepPage("unmerge", ReasonForm, _unmerge, _("Phản ánh và ảnh trở lại vụ việc này.")),
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
        "recategorise",
        forms.RecategoriseForm,
        _recategorise,
        _("Nơi xử lý và thời hạn tính lại theo loại mới; người phản ánh được báo."),
        prepare=_prepare_recategorise,
    ),
    StepPage(
        "propose_transfer",
        forms.TransferForm,
        _propose,
        _("Mặt trận nơi kia nhận hoặc trả lại. Thời hạn vẫn chạy."),
        prepare=_prepare_transfer,
        offered=_may_propose,
    ),
    StepPage(
        "transfer",
        EmptyForm,
        _take,
        _("Nhận vụ việc cùng các phản ánh về địa bàn mình."),
        offered=transfer.receives,
        primary=True,
    ),
    StepPage(
        "return_transfer",
        ReasonForm,
        _return,
        _("Trả lại nơi đã chuyển, nêu lý do."),
        offered=transfer.receives,
    ),
)
