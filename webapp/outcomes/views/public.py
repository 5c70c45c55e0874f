"""The published outcomes: the same bytes for every reader; a retracted one is gone at once."""

from functools import partial
from itertools import pairwise
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.cases.choices import category_choices, state_labels, unit_filter
from webapp.cases.outline import served_bounds
from webapp.cases.schemas import list_question
from webapp.cases.workflow import CONCLUSIONS
from webapp.core import files
from webapp.core.errors import NotFound
from webapp.core.text import Text
from webapp.outcomes.presentation import changes, confirmations, fact_changes
from webapp.outcomes.record import (
    PublicOutcome,
    before_and_after,
    listed_outcomes,
    public_outcome,
    public_paper,
    public_sheet,
    unpublished_counts,
)
from webapp.outcomes.sheets import sheets_of
from webapp.outcomes.workflow import POSTING_KINDS
from webapp.web.guards import public
from webapp.web.locale import translated
from webapp.web.paging import page_or_end
from webapp.web.shared_answers import shared

bp = shared(Blueprint("public_outcomes", __name__, url_prefix="/ket-qua"))
# Asked again each time: what is retracted must leave every cache with it.
FRESH = "public, max-age=0, must-revalidate"


@bp.get("")
@public
def outcomes() -> str:
    """Published outcomes, the newest first, filtered."""
    asked = list_question(request.args)
    page = page_or_end(partial(listed_outcomes, asked))
    return render_template(
        "outcomes/public_list.html",
        page=page,
        asked=request.args,
        categories=category_choices(),
        units=unit_filter(request.args.get("unit", "")),
        conclusion_choices=[(code, translated(words)) for code, words in CONCLUSIONS.items()],
        next_url=page.next_cursor and _list_url(after=page.next_cursor),
        first_url=asked.after and _list_url(after=None),
        unpublished=[] if asked.after else unpublished_counts(),
        state_labels=state_labels(),
        bounds=served_bounds(),
    )


@bp.get("/<code>")
@public
def outcome(code: str) -> ResponseReturnValue:
    """One outcome in three voices, or the line that it was taken away (410)."""
    shown = public_outcome(code)
    headers = {"Cache-Control": FRESH}
    if shown.version is None:
        return _gone(shown), 410, headers
    words = render_template(
        "outcomes/public_outcome.html",
        outcome=shown,
        version=shown.version,
        pair=before_and_after(shown.photos),
        history=_history(shown),
        confirmations=confirmations(shown.votes),
        posting_kinds=POSTING_KINDS,
        sheets=sheets_of(shown.version.id),
    )
    return words, 200, headers


@bp.get("/<code>/van-ban/<uid>.pdf")
@public
def paper(code: str, uid: str) -> Response:
    """A redacted paper of a page that is public now."""
    chosen = public_paper(code, uid)
    return _pdf(chosen.redaction.file_key, f"{uid[:8]}.pdf")


@bp.get("/<code>/to-niem-yet-<any(a4, a3):paper_size>.pdf")
@public
def sheet(code: str, paper_size: str) -> Response:
    """The sheet for the notice-board, to be printed by anyone."""
    return _pdf(public_sheet(code, paper_size).file_key, f"{code}-{paper_size}.pdf")


def _pdf(file_key: str | None, name: str) -> Response:
    if file_key is None:
        raise NotFound
    try:
        content = files.store().get(file_key)
    except FileNotFoundError:
        raise NotFound from None
    answer = Response(content, content_type="application/pdf")
    answer.headers["Cache-Control"] = FRESH
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _gone(shown: PublicOutcome) -> str:
    why = translated(Text(shown.tombstone)) if shown.tombstone else None
    return render_template("outcomes/public_gone.html", outcome=shown, why=why)


def _history(shown: PublicOutcome) -> list[object]:
    versions = [each for each in (shown.version, *shown.earlier) if each]
    return [(new, changes(old, new), fact_changes(old, new)) for new, old in pairwise(versions)]


def _list_url(**changed: str | None) -> str:
    query: dict[str, Any] = {**request.args.to_dict(), **changed}
    return url_for(".outcomes", **{name: value for name, value in query.items() if value})
