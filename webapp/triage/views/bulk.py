"""One step for many records: what was chosen, the form, and a page with a result per row."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from webapp.cases.permissions import OPEN
from webapp.core.actor import Actor
from webapp.core.codes import normalise
from webapp.core.errors import Invalid, NotFound
from webapp.core.unit_of_work import write_unit
from webapp.reporting.permissions import DECIDE
from webapp.triage.filters import CASES, REPORTS
from webapp.triage.forms import desk as forms
from webapp.triage.forms.choices import communes, officers
from webapp.triage.operations.assessment import officers_in
from webapp.triage.operations.bulk import Chosen, bulk_job, start_bulk
from webapp.triage.presentation import title_of
from webapp.triage.queries.desk import named_cases, named_reports
from webapp.triage.workflow import BULK_ACTS, BULK_STATES
from webapp.web.current_actor import current_actor
from webapp.web.forms import PageForm
from webapp.web.guards import requires
from webapp.web.redirects import see

bp = Blueprint("bulk", __name__, url_prefix="/can-bo/nhieu-viec")
_MAX_CODE = 16


@dataclass(frozen=True)
class _Act:
    tab: str
    form: type[PageForm]
    prepare: Callable[[Actor, Any], None]
    given: Callable[[Any], dict[str, Any]]


def _officers(actor: Actor, form: Any) -> None:
    people = officers_in(actor.organisations_for(OPEN))
    form.person.choices = officers(people, first=actor.person_id)


def _units(actor: Actor, form: Any) -> None:
    form.unit.choices = communes(but=0)


_FORMS = {
    "assign": _Act(
        CASES,
        forms.BulkAssignForm,
        _officers,
        lambda form: {"person": form.person.number or 0, "reason": form.reason.data},
    ),
    "attach": _Act(
        REPORTS,
        forms.BulkAttachForm,
        lambda actor, form: None,
        lambda form: {"case": normalise(form.case.data)},
    ),
    "forward": _Act(
        REPORTS,
        forms.BulkForwardForm,
        _units,
        lambda form: {"unit": form.unit.number or 0, "reason": form.reason.data},
    ),
}


@bp.route("/", methods=["GET", "POST"])
@requires(DECIDE, OPEN)
def choose() -> ResponseReturnValue:
    """The chosen rows and the one form for all of them."""
    act = request.values.get("viec", "")
    if act not in _FORMS:
        raise NotFound
    chosen, row = _chosen(), _FORMS[act]
    form: Any = row.form(formdata=request.form if request.method == "POST" else None)
    row.prepare(current_actor(), form)
    if request.method == "GET" or not form.validate():
        return _page(act, chosen, form, 200 if request.method == "GET" else 422)
    try:
        with write_unit():
            job = start_bulk(current_actor(), act=act, chosen=chosen, given=row.given(form))
            uid = job.uid
    except Invalid as error:
        form.tell(error)
        return _page(act, chosen, form, 422)
    return see("bulk.show", uid=uid)


@bp.get("/<uid>")
@requires(DECIDE, OPEN)
def show(uid: str) -> str:
    """How far it is, and what came of each row."""
    job = bulk_job(current_actor(), uid)
    tab = _FORMS[job.act].tab
    return render_template(
        "triage/bulk_job.html",
        job=job,
        tab=tab,
        titles=_titles(tab, [item.code for item in job.items]),
        act=BULK_ACTS[job.act],
        states=BULK_STATES,
        endpoint="staff_cases.show" if tab == CASES else "staff_reports.show",
        counts=Counter(item.state for item in job.items),
    )


def _chosen() -> list[Chosen]:
    """Codes with versions, ``CODE.7``; what is neither is left out, a code counts once."""
    found: dict[str, Chosen] = {}
    for text in request.values.getlist("chon"):
        code, _, seen = text.partition(".")
        if code.isalnum() and len(code) <= _MAX_CODE and seen.isascii() and seen.isdigit():
            found.setdefault(code, Chosen(code, int(seen[:9])))
    return list(found.values())


def _titles(tab: str, codes: list[str]) -> dict[str, str]:
    """What the records are, as the queue calls them: nobody knows a record by its code."""
    named = (named_cases if tab == CASES else named_reports)(current_actor(), codes)
    return {code: title_of(each) for code, each in named.items()}


def _page(act: str, chosen: list[Chosen], form: PageForm, status: int) -> ResponseReturnValue:
    tab = _FORMS[act].tab
    words = render_template(
        "triage/bulk.html",
        act=act,
        label=BULK_ACTS[act],
        tab=tab,
        chosen=chosen,
        titles=_titles(tab, [each.code for each in chosen]),
        form=form,
        fields=[each for each in form if each.name != "csrf_token"],
    )
    return words, status
