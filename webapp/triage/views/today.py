"""Today's work on a phone: new, due, answered; one card, one next step."""

from dataclasses import dataclass, replace

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
from webapp.triage.piles import Proposed, piles_for
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
_ASKED = tuple(filters for _label, filters in PILES.values())
_STATES: dict[str, Text] = CASE_STATES | DESK_STATES


@dataclass(frozen=True)
class Card:
    """What is next: what was seen, why where a step is proposed, and the one step to take."""

    shown: ShownRow
    state: str
    words: str | None
    photos: list[Photo]
    step_url: str | None
    step: Text | None
    why: Text | None = None


@dataclass(frozen=True)
class OnTop:
    """The card on top of a pile, what the address of the next one says, whether it is the first."""

    card: Card | None
    later: dict[str, str]
    skipped: bool


@bp.get("/hom-nay")
@requires(READ, cases_may.READ)
def today() -> str:
    """The card on top of one of the piles; a card put aside comes again tomorrow."""
    actor, name = current_actor(), request.args.get("viec", NEW)
    more = {key: (pile, pile.find(actor)) for key, pile in piles_for(actor).items()}
    name = name if name in PILES or name in more else NEW
    top = _proposed(actor, more[name][1]) if name in more else _queued(actor, PILES[name][1])
    counts = how_many(actor, _ASKED)
    return render_template(
        "triage/today.html",
        card=top.card,
        pile=name,
        piles=[
            *(
                (each, label, count_words(count))
                for (each, (label, _filters)), count in zip(PILES.items(), counts, strict=True)
            ),
            *((each, pile.label, count_words(len(found))) for each, (pile, found) in more.items()),
        ],
        proposing=more[name][0] if name in more else None,
        later=top.later,
        skipped=top.skipped,
    )


def _queued(actor: Actor, filters: QueueFilters) -> OnTop:
    cursor = request.args.get("cursor")
    page = queue(actor, filters, cursor=cursor, limit=1)
    later = {"cursor": page.next_cursor} if page.next_cursor else {}
    return OnTop(_card(actor, page.rows[0]) if page.rows else None, later, cursor is not None)


def _proposed(actor: Actor, found: list[Proposed]) -> OnTop:
    """The first that the address does not skip, with the step that is proposed for it."""
    skipped = _skipped(len(found))
    each = found[skipped] if found else None
    rows = queue(actor, QueueFilters(tab=CASES, words=each.code), limit=1).rows if each else []
    if each is None or not rows:
        return OnTop(None, {}, False)
    card = replace(_card(actor, rows[0]), why=each.why, step=each.step, step_url=each.url)
    later = {"sau": str(skipped + 1)} if skipped + 1 < len(found) else {}
    return OnTop(card, later, skipped > 0)


def _skipped(count: int) -> int:
    """How many the address skips; what is beyond the last begins anew."""
    text = request.args.get("sau", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    return number if number < count else 0


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
