"""What is done to an outcome page, each as one page with one form; in the address by its slug."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from wtforms.fields import SelectChoice

from webapp.core.actor import Actor
from webapp.core.errors import NotFound
from webapp.core.permissions import Permission
from webapp.core.text import Text, _
from webapp.outcomes import permissions as may
from webapp.outcomes.forms import ApproveForm, PublishForm, RetractForm, ReturnForm
from webapp.outcomes.models import Outcome
from webapp.outcomes.operations import (
    RETRACTIONS,
    approve_draft,
    publish_outcome,
    retract_outcome,
    return_draft,
)
from webapp.outcomes.policy import is_approved, may_here
from webapp.outcomes.queries import authors_of_finding, pending
from webapp.outcomes.workflow import PUBLIC
from webapp.web.forms import StepForm
from webapp.web.locale import translated


@dataclass(frozen=True)
class Action:
    """One action: ``ready`` says when its button shows; the operation decides."""

    slug: str
    label: Text
    hint: Text
    permission: Permission
    form: type[StepForm]
    apply: Callable[[Actor, Outcome, Any], None]
    ready: Callable[[Outcome], bool]
    prepare: Callable[[Outcome, Any], None] | None = None


def offered_actions(actor: Actor, outcome: Outcome) -> list[Action]:
    """The actions to offer now, the usual next one first."""
    return [
        action
        for action in ACTIONS.values()
        if may_here(actor, outcome.case, action.permission) and action.ready(outcome)
    ]


def action_of(slug: str) -> Action:
    """The action of this slug. Raises NotFound."""
    if slug not in ACTIONS:
        raise NotFound
    return ACTIONS[slug]


def _approve(actor: Actor, outcome: Outcome, form: ApproveForm) -> None:
    # A question that does not arise was taken off the form.
    standpoint, recognisable = form.standpoint, form.recognisable
    approve_draft(
        actor,
        outcome,
        standpoint_hidden=standpoint is None or standpoint.data == "hidden",
        recognisable=recognisable is not None and recognisable.data,
    )


def _return(actor: Actor, outcome: Outcome, form: ReturnForm) -> None:
    return_draft(actor, outcome, reason=form.reason.data)


def _publish(actor: Actor, outcome: Outcome, _form: PublishForm) -> None:
    publish_outcome(actor, outcome)


def _retract(actor: Actor, outcome: Outcome, form: RetractForm) -> None:
    retract_outcome(actor, outcome, why=form.why.data, words=form.words.data)


def _prepare_approve(outcome: Outcome, form: ApproveForm) -> None:
    version = pending(outcome)
    if version is None or not version.photo_ids:
        del form.standpoint
    if version is not None and version.recognisable:
        del form.recognisable


def _prepare_retract(_outcome: Outcome, form: RetractForm) -> None:
    form.why.choices = [
        SelectChoice(code, translated(label)) for code, label in RETRACTIONS.items()
    ]


def _approvable(outcome: Outcome) -> bool:
    version = pending(outcome)
    if version is None or outcome.state == "approved":
        return False
    return not is_approved(version, authors_of_finding(outcome.case_id))


def _publishable(outcome: Outcome) -> bool:
    version = pending(outcome)
    if version is None or outcome.state == "draft":
        return False
    return is_approved(version, authors_of_finding(outcome.case_id))


_ALL = (
    Action(
        "cong-khai",
        _("Công khai"),
        _("Mọi người đọc được trang này ngay. Ảnh đã chọn được hiện công khai."),
        may.PUBLISH,
        PublishForm,
        _publish,
        _publishable,
    ),
    Action(
        "duyet",
        _("Duyệt"),
        _("Xem kỹ từng ảnh và từng câu như người lạ đọc. Người soạn không tự duyệt."),
        may.APPROVE,
        ApproveForm,
        _approve,
        _approvable,
        _prepare_approve,
    ),
    Action(
        "tra-lai",
        _("Trả lại người soạn"),
        _("Bản đã duyệt trở về bản nháp, phải duyệt lại."),
        may.APPROVE,
        ReturnForm,
        _return,
        lambda outcome: outcome.state == "approved",
    ),
    Action(
        "go",
        _("Gỡ ngay"),
        _("Trang và ảnh biến mất ngay, chỉ còn một dòng báo đã gỡ. Ảnh đã gỡ không hiện lại."),
        may.RETRACT,
        RetractForm,
        _retract,
        lambda outcome: outcome.state in PUBLIC,
        _prepare_retract,
    ),
)
ACTIONS = {action.slug: action for action in _ALL}
