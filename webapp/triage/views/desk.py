"""The queue: list and map say the same."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from webapp.cases import permissions as cases_may
from webapp.cases.presentation import category_label
from webapp.cases.workflow import CASE_STATES, OPEN, SEVERITIES
from webapp.core import clock
from webapp.core.actor import Actor, Level
from webapp.core.text import _
from webapp.directory.queries import middle_of
from webapp.reporting.permissions import DECIDE, READ
from webapp.triage.filters import (
    CASE_DUES,
    CASES,
    DUES,
    GROUPS,
    HOLDERS,
    REPORTS,
    QueueFilters,
    queue_filters,
)
from webapp.triage.forms.choices import categories, labelled
from webapp.triage.presentation import shown_rows
from webapp.triage.queries.desk import saved_filters
from webapp.triage.queries.queue import offered_cases, queue, tally
from webapp.triage.queries.units import units_of
from webapp.triage.workflow import DESK_STATES
from webapp.web.current_actor import current_actor
from webapp.web.guards import requires
from webapp.web.locale import choose, translated
from webapp.web.panels import render_panels
from webapp.web.redirects import see

bp = Blueprint("desk", __name__, url_prefix="/can-bo")
TABS = ((REPORTS, _("Phản ánh chờ xem")), (CASES, _("Vụ việc đang mở")))
_CASE_URLS = {REPORTS: "/can-bo/phan-anh/", CASES: "/can-bo/vu-viec/"}
_ZOOMS = {Level.COMMUNE: 13, Level.PROVINCE: 9}
_STATES = {
    REPORTS: DESK_STATES,
    CASES: {code: words for code, words in CASE_STATES.items() if code in OPEN},
}


@bp.get("/hang-doi")
@requires(READ, cases_may.READ)
def queue_page() -> ResponseReturnValue:
    """Reports that wait, or cases of my unit, what weighs most first; a phone starts with today."""
    if not request.args and "Mobi" in request.user_agent.string:
        return see("today.today")
    actor, filters = current_actor(), queue_filters(request.args)
    page = queue(actor, filters, cursor=request.args.get("cursor"))
    standing = tally(actor, filters)
    return render_template(
        "triage/queue.html",
        filters=filters,
        rows=shown_rows(page.rows, clock.now()),
        next_cursor=page.next_cursor,
        offers=offered_cases(actor) if filters.tab == CASES else [],
        version=standing.version,
        saved=saved_filters(actor) if actor.may(DECIDE) else [],
        may_decide=actor.may(DECIDE),
        own_id=actor.person_id,
        counts=standing.counts,
        tabs=TABS,
        units=[(str(each.id), each.in_language(choose())) for each in units_of(actor)],
        start=_start(actor),
        case_url=_CASE_URLS[filters.tab],
        categories=categories(prompt=_("Mọi loại việc")),
        narrowing=_narrowing(filters),
        elsewhere=[] if page.rows else render_panels("queue.nothing", actor, filters.words),
        groups=labelled(GROUPS),
        dues=labelled(CASE_DUES if filters.tab == CASES else DUES),
        holders=labelled(HOLDERS, _holders(actor, filters.tab)),
        severity_choices=labelled(SEVERITIES),
        state_labels={code: translated(words) for code, words in _STATES[filters.tab].items()},
    )


def _holders(actor: Actor, tab: str) -> list[str]:
    """Who may hold what is asked for: only a province has somebody below it."""
    above = any(grant.level is Level.PROVINCE for grant in actor.grants_for(READ))
    return [*(("mine",) if tab == CASES else ()), *(("unit", "below") if above else ())]


def _narrowing(filters: QueueFilters) -> list[tuple[str, str]]:
    """Each condition that is set, by its parameter and in words: a way to widen the question."""
    words = {
        "category": category_label(filters.category) if filters.category else "",
        "state": translated(_STATES[filters.tab][filters.state]) if filters.state else "",
        "group": translated(GROUPS[filters.group]) if filters.group else "",
        "severity": translated(SEVERITIES[filters.severity]) if filters.severity else "",
        "due": translated(CASE_DUES[filters.due]) if filters.due else "",
        "urgent": translated(_("chỉ việc khẩn")) if filters.urgent else "",
        "unit": translated(_("xã, phường")) if filters.unit_id else "",
        "holder": translated(HOLDERS[filters.holder]) if filters.holder else "",
        "words": f"“{filters.words}”" if filters.words else "",
    }
    return [(name, label) for name, label in words.items() if label]


def _start(actor: Actor) -> dict[str, float] | None:
    """Where the map looks first: the middle of the officer's unit."""
    grant = next(iter(actor.grants_for(READ)), None)
    middle = middle_of(grant.unit_id) if grant else None
    if grant is None or middle is None:
        return None
    return {"lon": middle[0], "lat": middle[1], "zoom": _ZOOMS[grant.level]}
