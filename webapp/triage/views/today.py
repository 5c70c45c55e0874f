"""Today's work on a phone: new, due, answered; one card, one next step."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for

from webapp.cases import permissions as cases_may
from webapp.cases.queries import case_file
from webapp.cases.step_pages import offered_steps
from webapp.cases.workflow import CASE_STATES
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.text import Text, _
from webapp.media.models import Photo
from webapp.reporting.permissions import READ
from webapp.reporting.queries import report_for_staff
from webapp.triage.filters import CASES, REPORTS, QueueFilters
from webapp.triage.presentation import ShownRow, count_words, shown_rows
from webapp.triage.queries.queue import QueueRow, how_many, queue
from webapp.triage.queries.report_file import showable_photos
from webapp.triage.report_pages import offered_pages
from webapp.triage.workflow import DESK_STATES
from webapp.web.current_actor import current_actor
from webapp.web.guards import requires
from webapp.web.locale import translated

bp = Blueprint("today", __name__, url_prefix="/can-bo")
NEW = "moi"
PILES = {
    NEW: (_("Mới"), QueueFilters(tab=REPORTS, state="submitted")),
    "den-han": (_("Đến hạn"), QueueFilters(tab=CASES, due="near")),
    "tra-loi": (_("Có trả lời"), QueueFilters(tab=CASES, group="answered")),
}
_STATES: dict[str, Text] = CASE_STATES | DESK_STATES


@dataclass(frozen=True)
class Card:
    """What is next: what was seen, and the one step to take."""

    shown: ShownRow
    state: str
    words: str | None
    photos: list[Photo]
    step_url: str | None
    step: Text | None


@bp.get("/hom-nay")
@requires(READ, cases_may.READ)
def today() -> str:
    """The card on top of one of three piles; a card put aside comes again tomorrow."""
    actor, name = current_actor(), request.args.get("viec", NEW)
    name = name if name in PILES else NEW
    page = queue(actor, PILES[name][1], cursor=request.args.get("cursor"), limit=1)
    return render_template(
        "triage/today.html",
        card=_card(actor, page.rows[0]) if page.rows else None,
        pile=name,
        piles=[
            (each, label, count_words(how_many(actor, filters)), filters.query())
            for each, (label, filters) in PILES.items()
        ],
        later=page.next_cursor,
        skipped="cursor" in request.args,
    )


def _card(actor: Actor, row: QueueRow) -> Card:
    [shown] = shown_rows([row], clock.now())
    state = translated(_STATES[row.state])
    if row.kind == "report":
        report = report_for_staff(actor, row.code)
        steps = [page for page in offered_pages(actor, report) if page.primary]
        url = _step_url("staff_reports.take", row, steps[0].step) if steps else None
        return Card(
            shown,
            state,
            report.description,
            showable_photos(report),
            url,
            steps[0].label if steps else None,
        )
    file = case_file(actor, row.code)
    usual = [page for page in offered_steps(actor, file.case) if page.primary]
    url = _step_url("staff_cases.take", row, usual[0].step) if usual else None
    photos = [photo for _link, photo in file.photos]
    return Card(shown, state, file.case.summary, photos, url, usual[0].label if usual else None)


def _step_url(endpoint: str, row: QueueRow, step: str) -> str:
    return url_for(endpoint, code=row.code, step=step)
