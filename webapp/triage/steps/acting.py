"""Pages of giving a matter to somebody on the spot, and of what they report."""

from datetime import timedelta
from typing import Any

from webapp.cases.categories import category
from webapp.cases.models import Case
from webapp.cases.queries import photos_of
from webapp.cases.step_pages import StepPage, register_steps
from webapp.cases.workflow import SEVERITIES, WASTE_SOURCES
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.text import _
from webapp.media.operations import ReceivedPhoto
from webapp.triage.forms import cases as forms
from webapp.triage.forms.choices import labelled, organisations
from webapp.triage.operations import assessment as assessing
from webapp.triage.operations import local_action as acting
from webapp.triage.steps.defaults import assessment_of, groups_of_case, is_fresh, usual_source
from webapp.web.locale import translated

ACTION_DAYS = timedelta(days=7)
Photos = list[ReceivedPhoto]


def _prepare_task(actor: Actor, case: Case, form: Any) -> None:
    form.who.choices = organisations(
        groups_of_case(case), [("", translated(_("Chọn nơi nhận việc")))]
    )
    if is_fresh(form):
        form.due_on.data = clock.today_local() + ACTION_DAYS


def _prepare_fast(actor: Actor, case: Case, form: Any) -> None:
    _prepare_task(actor, case, form)
    form.severity.choices = labelled(SEVERITIES)
    form.waste_source.choices = labelled(WASTE_SOURCES)
    if is_fresh(form):
        form.severity.data = case.severity or "minor"
        form.waste_source.data = case.waste_source or usual_source(case)


def _task(form: Any) -> acting.Task:
    return acting.Task(form.who.number, form.what.data, form.due_on.data)


def _fast(actor: Actor, case: Case, form: Any, photos: Photos) -> None:
    acting.fast_lane(actor, case, task=_task(form), assessment=assessment_of(form))


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


register_steps(
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
)
