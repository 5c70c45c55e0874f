"""Every step of a report by the Front is one page: a form and what it does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from webapp.cases.categories import category, picture_of
from webapp.cases.presentation import category_label
from webapp.core.actor import Actor
from webapp.core.errors import NotFound
from webapp.core.text import Text, _
from webapp.reporting.models import Report
from webapp.reporting.permissions import DECIDE
from webapp.reporting.policy import grant_for
from webapp.reporting.workflow import DOORS, REJECTIONS, REPORT
from webapp.triage.forms import reports as forms
from webapp.triage.forms.cases import PriorityForm
from webapp.triage.forms.choices import categories, communes, labelled, priorities
from webapp.triage.operations import joining
from webapp.triage.operations import reports as deciding
from webapp.triage.operations.evidence import invalid
from webapp.triage.operations.priority import prioritise_report
from webapp.triage.operations.stepping_aside import step_aside_from_report
from webapp.triage.presentation import distance_in_words
from webapp.triage.queries.near import near_cases
from webapp.web.forms import StepForm
from webapp.web.locale import translated

NEW, OTHER = "new", "other"


@dataclass(frozen=True)
class ReportPage:
    """One step as a page.

    ``leaves`` marks a step after which the report is no longer theirs, ``at_once`` one that is a
    button on the report's own page, ``locks_case`` one that changes the report's case too.
    """

    step: str
    form: type[StepForm]
    apply: Callable[[Actor, Report, Any], None]
    hint: Text
    prepare: Callable[[Actor, Report, Any], None] | None = None
    offered: Callable[[Actor, Report], bool] | None = None
    primary: bool = False
    leaves: bool = False
    at_once: bool = False
    locks_case: bool = False

    @property
    def label(self) -> Text:
        """What the step is called on buttons and as the page's title."""
        return REPORT.transition_label(self.step)

    def is_offered(self, actor: Actor, report: Report) -> bool:
        """Whether to offer the step on the report's page."""
        if not REPORT.allows(self.step, report.state) or grant_for(actor, report, DECIDE) is None:
            return False
        return self.offered is None or self.offered(actor, report)


def report_page(step: str) -> ReportPage:
    """The page of a step. Raises NotFound."""
    for page in PAGES:
        if page.step == step:
            return page
    raise NotFound


def offered_pages(actor: Actor, report: Report) -> list[ReportPage]:
    """The steps to offer now, the usual next one first."""
    return [page for page in PAGES if page.is_offered(actor, report)]


def _fresh(form: Any) -> bool:
    return not form.is_submitted()


def _prepare_attach(actor: Actor, report: Report, form: Any) -> None:
    near = near_cases(actor, report)
    form.case.choices = [
        (NEW, translated(_("Mở vụ việc mới"))),
        *(
            (
                each.case.code,
                f"{each.case.code}: {category_label(each.case.category)}, "
                f"{distance_in_words(each.metres)}",
            )
            for each in near
        ),
        (OTHER, translated(_("Vụ việc khác, ghi mã ở dưới"))),
    ]
    form.category.choices = categories(first=picture_of(report.category))
    if _fresh(form):
        form.case.data = near[0].case.code if near else NEW
        form.category.data = report.category if category(report.category).parent else ""
        form.place_note.data = report.place_note
    # The sender chose a picture only: the form's focus goes to what the officer has to say.
    form.category.flags.required = form.case.data == NEW and not form.category.data


def _attach(actor: Actor, report: Report, form: Any) -> None:
    if form.case.data == NEW:
        if not form.category.data:
            raise invalid("category", _("Xin chọn loại việc để mở vụ việc mới."))
        joining.open_case_for(
            actor,
            report,
            category_code=form.category.data,
            place_note=form.place_note.data or None,
            about_commune=form.about_commune.data,
        )
        return
    code = form.other.data if form.case.data == OTHER else form.case.data
    if not code:
        raise invalid("other", _("Xin ghi mã vụ việc."))
    joining.attach_to_case(actor, report, case_code=code.upper())


def _prepare_request(actor: Actor, report: Report, form: Any) -> None:
    if _fresh(form):
        form.question.data = translated(
            _("Ông/bà cho biết thêm: chỗ đó gần nhà, cầu hay mốc nào, và thấy từ khi nào?")
        )


def _request(actor: Actor, report: Report, form: Any) -> None:
    deciding.request_info(actor, report, question=form.question.data)


def _prepare_reject(actor: Actor, report: Report, form: Any) -> None:
    form.reason.choices = labelled(REJECTIONS)


def _reject(actor: Actor, report: Report, form: Any) -> None:
    deciding.reject_report(actor, report, reason=form.reason.data, words=form.words.data)


def _prepare_redirect(actor: Actor, report: Report, form: Any) -> None:
    form.door.choices = labelled(DOORS)


def _redirect(actor: Actor, report: Report, form: Any) -> None:
    deciding.redirect_report(actor, report, door=form.door.data, words=form.words.data)


def _prepare_forward(actor: Actor, report: Report, form: Any) -> None:
    form.unit.choices = communes(but=report.handling_unit_id)
    if _fresh(form) and report.named_unit_id:
        form.unit.data = str(report.named_unit_id)


def _forward(actor: Actor, report: Report, form: Any) -> None:
    deciding.forward_report(actor, report, unit_id=form.unit.number or 0, reason=form.reason.data)


def _detach(actor: Actor, report: Report, form: Any) -> None:
    joining.detach_report(actor, report, reason=form.reason.data)


def _reconsider(actor: Actor, report: Report, form: Any) -> None:
    deciding.reconsider_report(actor, report, reason=form.reason.data)


def _prepare_priority(actor: Actor, report: Report, form: Any) -> None:
    form.chosen.choices = priorities()
    if _fresh(form):
        form.chosen.data = report.priority_chosen or ""


def _prioritise(actor: Actor, report: Report, form: Any) -> None:
    chosen = form.chosen.data or ""
    prioritise_report(actor, report, chosen=chosen, reason=form.reason.data)


def _step_aside(actor: Actor, report: Report, form: Any) -> None:
    step_aside_from_report(actor, report, reason=form.reason.data)


def _undo(actor: Actor, report: Report, form: Any) -> None:
    deciding.undo_decision(actor, report)


def _may_undo(actor: Actor, report: Report) -> bool:
    return report.decided_by_id == actor.person_id and deciding.undoable(report) is not None


PAGES = (
    ReportPage(
        "undo",
        forms.EmptyForm,
        _undo,
        _("Bước vừa làm được rút lại trong 30 giây; người gửi không thấy gì."),
        offered=_may_undo,
        primary=True,
        at_once=True,
        locks_case=True,
    ),
    ReportPage(
        "attach",
        forms.AttachForm,
        _attach,
        _("Đưa vào vụ việc đã có ở gần, hoặc mở vụ việc mới."),
        prepare=_prepare_attach,
        primary=True,
    ),
    ReportPage(
        "request_info",
        forms.RequestInfoForm,
        _request,
        _("Thời hạn dừng cho tới khi người gửi trả lời, nhiều nhất 5 ngày làm việc."),
        prepare=_prepare_request,
    ),
    ReportPage(
        "forward",
        forms.ForwardForm,
        _forward,
        _("Phản ánh sang địa bàn khác; thời hạn vẫn chạy."),
        prepare=_prepare_forward,
        leaves=True,
    ),
    ReportPage(
        "redirect",
        forms.RedirectForm,
        _redirect,
        _("Chỉ đúng nơi nhận. Nội dung không bao giờ công khai."),
        prepare=_prepare_redirect,
    ),
    ReportPage(
        "reject",
        forms.RejectForm,
        _reject,
        _("Người gửi đọc lý do và được đề nghị xem xét lại."),
        prepare=_prepare_reject,
    ),
    ReportPage(
        "prioritise",
        PriorityForm,
        _prioritise,
        _("Thứ tự trong hàng đợi. Lý do được ghi lại, chỉ cán bộ đọc."),
        prepare=_prepare_priority,
    ),
    ReportPage(
        "step_aside",
        forms.ReasonForm,
        _step_aside,
        _(
            "Khi ông/bà hoặc người nhà liên quan. Việc sang người khác, hoặc lên Mặt trận tỉnh. "
            "Sau đó ông/bà không mở được việc này nữa và không rút lại được."
        ),
        leaves=True,
    ),
    ReportPage(
        "detach",
        forms.ReasonForm,
        _detach,
        _("Phản ánh trở lại hàng đợi. Vụ việc không còn phản ánh nào thì kết thúc."),
        locks_case=True,
    ),
    ReportPage(
        "reconsider",
        forms.ReasonForm,
        _reconsider,
        _("Người khác xem lại từ đầu; người gửi được báo."),
        primary=True,
    ),
)
