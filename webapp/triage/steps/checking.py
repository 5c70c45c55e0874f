"""Pages of site checks."""

from datetime import timedelta
from typing import Any

from webapp.cases.categories import category
from webapp.cases.models import Case
from webapp.cases.operations import may_take
from webapp.cases.step_pages import StepPage, register_steps
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.text import _
from webapp.media.operations import ReceivedPhoto
from webapp.triage.forms import cases as forms
from webapp.triage.forms.choices import labelled, organisations
from webapp.triage.forms.reports import ReasonForm
from webapp.triage.operations import verification as checking
from webapp.triage.queries.tasks import members_of
from webapp.triage.steps.defaults import groups_of_case, is_fresh
from webapp.triage.workflow import FINDINGS
from webapp.web.locale import translated

OFFICER = "officer"
CHECK_DAYS = timedelta(days=3)
Photos = list[ReceivedPhoto]


def _prepare_request(actor: Actor, case: Case, form: Any) -> None:
    groups = [each for each in groups_of_case(case) if each.kind != "waste_operator"]
    form.who.choices = organisations(groups, [(OFFICER, translated(_("Tôi tự đi xem")))])
    form.left_out.choices = [(str(each.id), each.name) for each in members_of(groups)]
    if not form.left_out.choices:
        del form.left_out
    if is_fresh(form):
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
    if is_fresh(form):
        form.visited_at.set_now()


def _visit_offered(actor: Actor, case: Case) -> bool:
    return may_take(actor, case, "record_verification") and checking.open_check(case) is not None


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
        offered=_visit_offered,
        primary=True,
    ),
    StepPage(
        "cancel_verification",
        ReasonForm,
        _cancel,
        _("Không cần đi xem nữa. Việc đã giao được rút lại."),
    ),
)
