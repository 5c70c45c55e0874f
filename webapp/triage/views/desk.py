"""The queue: list and map say the same."""

from flask import Blueprint, render_template, request

from webapp.cases import permissions as cases_may
from webapp.cases.workflow import CASE_STATES, OPEN
from webapp.core import clock
from webapp.core.actor import Actor, Level
from webapp.core.text import _
from webapp.directory.queries import unit
from webapp.reporting.permissions import READ
from webapp.reporting.workflow import REPORT_STATES, WAITING
from webapp.triage.filters import CASES, REPORTS, queue_filters
from webapp.triage.forms.choices import categories, labelled
from webapp.triage.presentation import shown_rows
from webapp.triage.queries.queue import offered_cases, queue, queue_version
from webapp.triage.queries.units import units_of
from webapp.web.current_actor import current_actor
from webapp.web.guards import requires
from webapp.web.locale import translated

bp = Blueprint("desk", __name__, url_prefix="/can-bo")
TABS = ((REPORTS, _("Phản ánh chờ xem")), (CASES, _("Vụ việc đang mở")))
_CASE_URLS = {REPORTS: "/can-bo/phan-anh/", CASES: "/can-bo/vu-viec/"}
_ZOOMS = {Level.COMMUNE: 13, Level.PROVINCE: 9}
_LABELS = {REPORTS: (REPORT_STATES, WAITING), CASES: (CASE_STATES, OPEN)}


@bp.get("/hang-doi")
@requires(READ, cases_may.READ)
def queue_page() -> str:
    """Reports that wait, or cases of my unit, the nearest deadline first."""
    actor, filters = current_actor(), queue_filters(request.args)
    page = queue(actor, filters, cursor=request.args.get("cursor"))
    labels, offered = _LABELS[filters.tab]
    return render_template(
        "triage/queue.html",
        filters=filters,
        rows=shown_rows(page.rows, clock.now()),
        next_cursor=page.next_cursor,
        offers=offered_cases(actor) if filters.tab == CASES else [],
        version=queue_version(actor, filters),
        tabs=TABS,
        units=units_of(actor),
        start=_start(actor),
        case_url=_CASE_URLS[filters.tab],
        categories=categories(prompt=_("Mọi loại việc")),
        states=labelled(labels, offered),
        state_labels={code: translated(words) for code, words in labels.items()},
    )


def _start(actor: Actor) -> dict[str, float] | None:
    """Where the map looks first: the middle of the officer's unit."""
    grant = next(iter(actor.grants_for(READ)), None)
    place = unit(grant.unit_id) if grant else None
    if grant is None or place is None or place.lon is None or place.lat is None:
        return None
    return {"lon": place.lon, "lat": place.lat, "zoom": _ZOOMS[grant.level]}
