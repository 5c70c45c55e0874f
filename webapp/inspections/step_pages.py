"""Every step of an inspection file is one page, in one table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from webapp.core.actor import Actor
from webapp.core.errors import NotFound
from webapp.core.text import Text, _
from webapp.inspections import forms
from webapp.inspections import step_filling as filling
from webapp.inspections.models import InspectionFile
from webapp.inspections.operations import (
    concluding,
    following,
    papers,
    planning,
    sealing,
    visiting,
)
from webapp.inspections.policy import may_step
from webapp.inspections.workflow import BY_DECISION, FILE
from webapp.media.operations import ReceivedPhoto
from webapp.web.forms import StepForm

Photos = list[ReceivedPhoto]


@dataclass(frozen=True)
class FilePage:
    """One step as a page; ``apply`` runs inside the write unit with the locked file."""

    step: str
    form: type[StepForm]
    apply: Callable[[Actor, InspectionFile, Any, Photos], None]
    hint: Text
    prepare: Callable[[Actor, InspectionFile, Any], None] | None = None
    offered: Callable[[InspectionFile], bool] | None = None
    primary: bool = False

    @property
    def label(self) -> Text:
        """What the step is called on buttons and as the page's title."""
        return FILE.transition_label(self.step)


def file_page(step: str) -> FilePage:
    """The page of a step. Raises NotFound."""
    for page in _TABLE:
        if page.step == step:
            return page
    raise NotFound


def offered_file_pages(actor: Actor, file: InspectionFile) -> list[FilePage]:
    """The steps to offer now, the usual next one first."""
    return [
        page
        for page in _TABLE
        if may_step(actor, file, page.step) and (page.offered is None or page.offered(file))
    ]


def _ready_to_visit(file: InspectionFile) -> bool:
    return file.form not in BY_DECISION or file.state == "decided"


def _has_minutes(file: InspectionFile) -> bool:
    return file.minutes is not None and _ready_to_visit(file)


def _violated(file: InspectionFile) -> bool:
    return file.result is not None and file.result.conclusion == "violation"


def _all_done(file: InspectionFile) -> bool:
    return not following.open_measures(file)


def _amend(actor: Actor, file: InspectionFile, form: Any, _photos: Photos) -> None:
    chosen = filling.chosen_establishment(actor, form, file.unit_id)
    planning.amend_plan(actor, file, form.plan(), establishment=chosen)


def _again(actor: Actor, file: InspectionFile, form: Any, _photos: Photos) -> None:
    planning.inspect_again(actor, file, form.plan())


def _decide(actor: Actor, file: InspectionFile, form: Any, _photos: Photos) -> None:
    planning.decide_inspection(
        actor, file, number=form.number.data, decided_on=form.decided_on.data
    )


def _write(actor: Actor, file: InspectionFile, form: Any, _photos: Photos) -> None:
    visiting.write_minutes(actor, file, form.visit(), form.measurements())


def _photos(actor: Actor, file: InspectionFile, form: Any, photos: Photos) -> None:
    taken = visiting.Taken(
        moment=form.moment.data,
        taken_at=form.taken_at.instant,
        place=form.place.data,
        photos=photos,
    )
    visiting.add_photos(actor, file, taken)


def _sign(actor: Actor, file: InspectionFile, form: Any, _photos: Photos) -> None:
    visiting.sign_minutes(actor, file, number=form.number.data, signed_on=form.signed_on.data)


def _propose(actor: Actor, file: InspectionFile, form: Any, _photos: Photos) -> None:
    result = concluding.Result(
        conclusion=form.conclusion.data,
        answer=form.answer.data,
        findings=form.findings.data or "",
        names_party=bool(form.names_party.data) if "names_party" in form else False,
        document_number=form.document_number.data or "",
        document_on=form.document_on.data,
    )
    concluding.propose_result(actor, file, result)


def _paper(actor: Actor, file: InspectionFile, form: Any, _photos: Photos) -> None:
    papers.issue_paper(
        actor,
        file,
        kind=form.kind.data,
        number=form.number.data,
        issued_on=form.issued_on.data,
        position=form.position.data,
        name=form.name.data,
    )


def _sanction(actor: Actor, file: InspectionFile, form: Any, _photos: Photos) -> None:
    following.record_sanction(
        actor,
        file,
        number=form.number.data,
        on=form.on.data,
        body=form.body.data,
        words=form.words.data,
        amount=form.amount.data,
    )


def _order(actor: Actor, file: InspectionFile, form: Any, _photos: Photos) -> None:
    following.order_measure(actor, file, text=form.text.data, due_on=form.due_on.data)


def _finish(actor: Actor, file: InspectionFile, form: Any, _photos: Photos) -> None:
    chosen = str(form.measure.data)
    measure = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 19 else 0
    following.finish_measure(actor, file, measure_id=measure, result=form.result.data)


def _hand_over(actor: Actor, file: InspectionFile, form: Any, _photos: Photos) -> None:
    sealing.hand_over_file(actor, file, body=form.body.data, reason=form.reason.data)


_TABLE = (
    FilePage(
        "write_minutes",
        forms.MinutesForm,
        _write,
        _("Ghi ngay tại chỗ trên điện thoại. Lưu nhiều lần được cho đến khi chốt."),
        prepare=filling.prepare_minutes,
        offered=_ready_to_visit,
        primary=True,
    ),
    FilePage(
        "decide",
        forms.DecideForm,
        _decide,
        _("Ghi số, ngày quyết định đã ký. Chưa có quyết định thì chưa lập biên bản được."),
        prepare=filling.prepare_today("decided_on"),
        offered=lambda file: file.form in BY_DECISION,
        primary=True,
    ),
    FilePage(
        "sign_minutes",
        forms.SignMinutesForm,
        _sign,
        _("Chốt xong không sửa được nữa; bản in có số được tạo để hai bên ký tay."),
        prepare=filling.prepare_today("signed_on"),
        offered=_has_minutes,
        primary=True,
    ),
    FilePage(
        "propose_result",
        forms.ResultForm,
        _propose,
        _("Lãnh đạo duyệt rồi mới gửi Mặt trận."),
        prepare=filling.prepare_result,
        primary=True,
    ),
    FilePage(
        "approve_result",
        forms.NoFieldsForm,
        lambda actor, file, _form, _photos: concluding.approve_result(actor, file),
        _("Khi duyệt, kết luận được gửi Mặt trận và không sửa được nữa."),
        primary=True,
    ),
    FilePage(
        "return_result",
        forms.ReasonForm,
        lambda actor, file, form, _photos: concluding.return_result(
            actor, file, reason=form.reason.data
        ),
        _("Nói rõ cần sửa gì để người soạn làm lại."),
    ),
    FilePage(
        "order_measure",
        forms.MeasureForm,
        _order,
        _("Mỗi việc một hạn riêng. Gần hết hạn và quá hạn cơ quan được báo."),
    ),
    FilePage(
        "finish_measure",
        forms.FinishForm,
        _finish,
        _("Ghi khi đã xem tận nơi hoặc có bằng chứng."),
        prepare=filling.prepare_finish,
        offered=lambda file: not _all_done(file),
        primary=True,
    ),
    FilePage(
        "add_photos",
        forms.PhotosForm,
        _photos,
        _("Ảnh trước và sau khắc phục, có nơi và lúc chụp. Duyệt kết luận xong ảnh vào vụ việc."),
        prepare=filling.prepare_photos,
    ),
    FilePage(
        "issue_paper",
        forms.PaperForm,
        _paper,
        _("Bản Word và PDF có số được tạo để in, ký và đóng dấu."),
        prepare=filling.prepare_today("issued_on"),
        offered=lambda file: (
            {"slip", "notice"}
            > {paper.kind for paper in file.papers}
            & {
                "slip",
                "notice",
            }
        ),
    ),
    FilePage(
        "record_sanction",
        forms.SanctionForm,
        _sanction,
        _("Chép theo quyết định đã ký. Không ghi mức dự kiến."),
        prepare=filling.prepare_today("on"),
        offered=_violated,
    ),
    FilePage(
        "reinspect",
        forms.PlanForm,
        _again,
        _("Mở một hồ sơ mới, nối với hồ sơ này."),
        prepare=filling.prepare_again,
    ),
    FilePage(
        "close",
        forms.NoFieldsForm,
        lambda actor, file, _form, _photos: following.close_file(actor, file),
        _("Khi mọi việc khắc phục đã xong."),
        offered=_all_done,
    ),
    FilePage(
        "amend",
        forms.PlanForm,
        _amend,
        _("Đổi ngày, đoàn, điểm kiểm tra."),
        prepare=filling.prepare_amend,
    ),
    FilePage(
        "cancel",
        forms.ReasonForm,
        lambda actor, file, form, _photos: planning.cancel_inspection(
            actor, file, reason=form.reason.data
        ),
        _("Kế hoạch còn lưu, ghi là đã hủy."),
    ),
    FilePage(
        "hand_over",
        forms.HandOverForm,
        _hand_over,
        _("Khi có dấu hiệu tội phạm. Sau bước này không trang nào còn hiện nội dung hồ sơ."),
    ),
)
