"""Pages of the Front's steps around an office: raise, more time, reassess, hand over."""

from collections.abc import Callable
from typing import Any

from webapp.cases.models import Case
from webapp.cases.operations import may_take
from webapp.cases.step_pages import StepPage, register_steps
from webapp.casework.forms import cases as forms
from webapp.casework.operations import extending, front, raising
from webapp.core.actor import Actor
from webapp.core.text import _
from webapp.media.operations import ReceivedPhoto

Photos = list[ReceivedPhoto]


def _when_pending(kind: str, step: str) -> Callable[[Actor, Case], bool]:
    def offered(actor: Actor, case: Case) -> bool:
        return may_take(actor, case, step) and case.proposal(kind) is not None

    return offered


def _may_raise(actor: Actor, case: Case) -> bool:
    waits = case.raised or case.level == "province" or case.proposal("raise")
    too_early = case.state == "assessed" and case.severity != "grave"
    return not waits and not too_early and may_take(actor, case, "propose_raise")


def _may_release(actor: Actor, case: Case) -> bool:
    return raising.may_release(case) and may_take(actor, case, "release_to_commune")


def _prepare_release(_actor: Actor, case: Case, form: Any) -> None:
    if not form.is_submitted():
        form.summary.data = case.summary


def _propose_raise(actor: Actor, case: Case, form: Any, _photos: Photos) -> None:
    raising.propose_raise(actor, case, ground=form.ground.data, reason=form.reason.data)


def _raise(actor: Actor, case: Case, _form: Any, _photos: Photos) -> None:
    raising.raise_case(actor, case)


def _return_raise(actor: Actor, case: Case, form: Any, _photos: Photos) -> None:
    raising.return_raise(actor, case, reason=form.reason.data)


def _extend(actor: Actor, case: Case, _form: Any, _photos: Photos) -> None:
    extending.extend_case(actor, case)


def _return_extension(actor: Actor, case: Case, form: Any, _photos: Photos) -> None:
    extending.return_extension(actor, case, reason=form.reason.data)


def _reassess(actor: Actor, case: Case, form: Any, _photos: Photos) -> None:
    front.reassess_case(actor, case, reason=form.reason.data)


def _hand_over(actor: Actor, case: Case, form: Any, _photos: Photos) -> None:
    front.hand_over_case(actor, case, body=form.body.data, reason=form.reason.data)


def _release(actor: Actor, case: Case, form: Any, _photos: Photos) -> None:
    raising.release_to_commune(actor, case, summary=form.summary.data)


register_steps(
    StepPage(
        "propose_raise",
        forms.RaiseForm,
        _propose_raise,
        _("Mặt trận tỉnh nhận hoặc trả lại. Xã vẫn theo dõi được vụ việc."),
        offered=_may_raise,
    ),
    StepPage(
        "raise",
        forms.NoFieldsForm,
        _raise,
        _("Mặt trận tỉnh giữ vụ việc từ đây; Mặt trận xã vẫn xem được."),
        offered=_when_pending("raise", "raise"),
        primary=True,
    ),
    StepPage(
        "return_raise",
        forms.ReasonForm,
        _return_raise,
        _("Nói rõ vì sao để Mặt trận xã làm tiếp."),
        offered=_when_pending("raise", "return_raise"),
    ),
    StepPage(
        "extend",
        forms.NoFieldsForm,
        _extend,
        _("Ký hạn mới như đã xin. Bà con thấy hạn mới."),
        offered=_when_pending("extend", "extend"),
        primary=True,
    ),
    StepPage(
        "return_extend",
        forms.ReasonForm,
        _return_extension,
        _("Hạn cũ giữ nguyên. Nói rõ lý do để bên xin biết."),
        offered=_when_pending("extend", "return_extend"),
    ),
    StepPage(
        "reassess",
        forms.ReasonForm,
        _reassess,
        _("Mặt trận đồng ý với lý do cơ quan nêu và xem xét lại để gửi đúng nơi."),
        primary=True,
    ),
    StepPage(
        "hand_over",
        forms.HandOverForm,
        _hand_over,
        _("Khi có dấu hiệu tội phạm hoặc việc thuộc cơ quan khác. Vụ việc dừng tại đây."),
    ),
    StepPage(
        "release_to_commune",
        forms.ReleaseForm,
        _release,
        _("Cấp xã chỉ thấy vụ việc từ lúc này, với lời tóm tắt dưới đây."),
        prepare=_prepare_release,
        offered=_may_release,
    ),
)
