"""Pages of merging cases and of moving one to another unit."""

from typing import Any

from webapp.cases.models import Case
from webapp.cases.operations import may_take
from webapp.cases.step_pages import StepPage, register_steps
from webapp.core.actor import Actor
from webapp.core.text import _
from webapp.media.operations import ReceivedPhoto
from webapp.triage.forms import cases as forms
from webapp.triage.forms.choices import communes
from webapp.triage.forms.reports import EmptyForm, ReasonForm
from webapp.triage.operations import merging, transfer
from webapp.triage.suggested import merge_to_compare

Photos = list[ReceivedPhoto]


def _compare(actor: Actor, case: Case, form: Any) -> str | None:
    """A code says nothing of what it names: both are looked at before one is made of them."""
    if form.compared.data:
        return None
    return merge_to_compare(actor, case, form.survivor.data.upper())


def _lock_merge(actor: Actor, code: str, form: Any) -> None:
    merging.lock_pair(actor, code, form.survivor.data.upper())


def _merge(actor: Actor, case: Case, form: Any, photos: Photos) -> None:
    merging.merge_cases(actor, case, other_code=form.survivor.data.upper())


def _lock_unmerge(actor: Actor, code: str, form: Any) -> None:
    merging.lock_merged(actor, code)


def _unmerge(actor: Actor, case: Case, form: Any, photos: Photos) -> None:
    merging.unmerge_case(actor, case, reason=form.reason.data)


def _prepare_transfer(actor: Actor, case: Case, form: Any) -> None:
    form.unit.choices = communes(but=case.handling_unit_id)


def _propose(actor: Actor, case: Case, form: Any, photos: Photos) -> None:
    transfer.propose_transfer(actor, case, unit_id=form.unit.number or 0, reason=form.reason.data)


def _take(actor: Actor, case: Case, form: Any, photos: Photos) -> None:
    transfer.transfer_case(actor, case)


def _return(actor: Actor, case: Case, form: Any, photos: Photos) -> None:
    transfer.return_transfer(actor, case, reason=form.reason.data)


def _may_propose(actor: Actor, case: Case) -> bool:
    return may_take(actor, case, "propose_transfer") and case.proposal("transfer") is None


register_steps(
    StepPage(
        "merge_into",
        forms.MergeForm,
        _merge,
        _(
            "Hai vụ việc là một: phản ánh, ảnh, số người đều dồn về vụ việc mở trước. Ghi mã xong, "
            "ông/bà xem hai vụ việc cạnh nhau rồi mới gộp."
        ),
        first=_lock_merge,
        before=_compare,
    ),
    StepPage(
        "unmerge",
        ReasonForm,
        _unmerge,
        _("Phản ánh, ảnh và người theo dõi trở lại vụ việc này; Mặt trận xem xét lại từ đầu."),
        first=_lock_unmerge,
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
