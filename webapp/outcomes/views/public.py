"""The published outcomes: the same bytes for every reader; a retracted one is gone at once."""

from itertools import pairwise
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.cases.choices import category_choices, unit_choices
from webapp.cases.workflow import CONCLUSIONS
from webapp.core.text import Text
from webapp.directory.queries import working_calendar
from webapp.outcomes.presentation import changes, confirmations
from webapp.outcomes.record import PublicOutcome, listed_outcomes, public_outcome
from webapp.outcomes.schemas import question
from webapp.web.guards import public
from webapp.web.locale import translated
from webapp.web.shared_answers import shared

bp = shared(Blueprint("public_outcomes", __name__, url_prefix="/ket-qua"))
# Asked again each time: what is retracted must leave every cache with it.
FRESH = "public, max-age=0, must-revalidate"


@bp.get("")
@public
def outcomes() -> str:
    """Published outcomes, the newest first, filtered."""
    asked = question(request.args)
    page = listed_outcomes(asked)
    return render_template(
        "outcomes/public_list.html",
        page=page,
        asked=request.args,
        categories=category_choices(),
        units=unit_choices(),
        conclusion_choices=[(code, translated(words)) for code, words in CONCLUSIONS.items()],
        next_url=page.next_cursor and _list_url(after=page.next_cursor),
        first_url=asked.after and _list_url(after=None),
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
        history=_history(shown),
        confirmations=confirmations(shown.votes),
        calendar=working_calendar(),
    )
    return words, 200, headers


def _gone(shown: PublicOutcome) -> str:
    why = translated(Text(shown.tombstone)) if shown.tombstone else None
    return render_template("outcomes/public_gone.html", outcome=shown, why=why)


def _history(shown: PublicOutcome) -> list[object]:
    versions = [each for each in (shown.version, *shown.earlier) if each]
    return [(new, changes(old, new)) for new, old in pairwise(versions)]


def _list_url(**changed: str | None) -> str:
    query: dict[str, Any] = {**request.args.to_dict(), **changed}
    return url_for(".outcomes", **{name: value for name, value in query.items() if value})
