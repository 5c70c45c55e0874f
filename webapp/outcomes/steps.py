"""The steps that end a case, each as a page."""

from typing import Any

from wtforms.fields import SelectChoice

from webapp.cases.models import Case
from webapp.cases.operations import may_take
from webapp.cases.step_pages import StepPage, register_steps
from webapp.core.actor import Actor
from webapp.core.text import _
from webapp.media.operations import ReceivedPhoto
from webapp.outcomes.closing import (
    close_case,
    deny_conclusion,
    deny_local,
    deny_remedy,
    may_deny,
    reopen_case,
)
from webapp.outcomes.conditions import shown_conditions
from webapp.outcomes.forms import CloseForm, DenyForm, DenyRemedyForm, ReopenForm
from webapp.outcomes.workflow import UNPUBLISHED
from webapp.web.locale import translated

Photos = list[ReceivedPhoto]


def _deny_local(actor: Actor, case: Case, form: DenyForm, _photos: Photos) -> None:
    deny_local(actor, case, reason=form.reason.data)


def _deny_remedy(actor: Actor, case: Case, form: DenyRemedyForm, _photos: Photos) -> None:
    deny_remedy(actor, case, reason=form.reason.data, due_on=form.due_on.data)


def _deny_conclusion(actor: Actor, case: Case, form: DenyForm, _photos: Photos) -> None:
    deny_conclusion(actor, case, reason=form.reason.data)


def _reopen(actor: Actor, case: Case, form: ReopenForm, _photos: Photos) -> None:
    reopen_case(actor, case, reason=form.reason.data)


def _close(actor: Actor, case: Case, form: CloseForm, _photos: Photos) -> None:
    close_case(
        actor,
        case,
        words=form.words.data or "",
        unpublished=form.unpublished.data or "",
        unpublished_words=form.unpublished_words.data or "",
    )


def _prepare_close(_actor: Actor, _case: Case, form: CloseForm) -> None:
    none = {"": _("Đã có trang kết quả, hoặc việc giải quyết nhanh")}
    form.unpublished.choices = [
        SelectChoice(code, translated(label)) for code, label in (none | UNPUBLISHED).items()
    ]


def _closable(actor: Actor, case: Case) -> bool:
    """Everything is there but perhaps the page, for which the form takes the lawful reason."""
    if not may_take(actor, case, "close"):
        return False
    return {each.key for each in shown_conditions(case) if not each.met} <= {"published"}


def _deniable(step: str) -> Any:
    def offered(actor: Actor, case: Case) -> bool:
        return may_take(actor, case, step) and may_deny(case, step)

    return offered


_HINT_DENY = _("Bà con báo chưa xong. Xin ghi lý do; bà con được báo lại.")

register_steps(
    StepPage(
        "close",
        CloseForm,
        _close,
        _("Vụ việc rời hàng đợi. Bà con vẫn đọc được và có thể đề nghị mở lại."),
        prepare=_prepare_close,
        offered=_closable,
        primary=True,
    ),
    StepPage("deny_local", DenyForm, _deny_local, _HINT_DENY, offered=_deniable("deny_local")),
    StepPage(
        "deny_remedy", DenyRemedyForm, _deny_remedy, _HINT_DENY, offered=_deniable("deny_remedy")
    ),
    StepPage(
        "deny_conclusion",
        DenyForm,
        _deny_conclusion,
        _HINT_DENY,
        offered=_deniable("deny_conclusion"),
    ),
    StepPage(
        "reopen",
        ReopenForm,
        _reopen,
        _("Vụ việc trở lại hàng đợi của Mặt trận, bà con theo dõi được báo."),
    ),
)
