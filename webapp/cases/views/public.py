"""The public record of cases: entry, list, one case, a locality. The same for every reader."""

from functools import partial
from typing import Any
from urllib.parse import urlencode

import orjson
from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.cases.choices import (
    category_choices,
    state_choices,
    state_labels,
    unit_filter,
)
from webapp.cases.outline import islands, provinces_outline, served_bounds, unit_names
from webapp.cases.public_filters import PublicFilters
from webapp.cases.public_list import ListQuestion, listed_cases
from webapp.cases.public_queries import figures_of, public_case, survivor_of
from webapp.cases.public_words import first_seen, story, what_next, who_holds
from webapp.cases.schemas import list_question, public_filters
from webapp.core.actor import GUEST
from webapp.core.errors import NotFound
from webapp.directory.queries import (
    predecessors,
    province_of,
    successors,
    unit_by_key,
    units_held,
)
from webapp.web.guards import public
from webapp.web.paging import page_or_end
from webapp.web.panels import render_panels
from webapp.web.shared_answers import shared

bp = shared(Blueprint("public_cases", __name__))
ON_HOME = 8
ON_UNIT = 20


@bp.get("/")
@public
def home() -> str:
    """What this is, how to send, the map, and a list that says the same."""
    asked = ListQuestion(public_filters(request.args))
    return render_template(
        "cases/public_home.html",
        page=listed_cases(asked, ON_HOME),
        panels=render_panels("home", GUEST, None),
        state_labels=state_labels(),
        bounds=served_bounds(),
        **_filter_choices(),
    )


@bp.get("/vu-viec")
@public
def cases() -> str:
    """The list of public cases, searched and filtered."""
    asked = list_question(request.args)
    page = page_or_end(partial(listed_cases, asked))
    return render_template(
        "cases/public_list.html",
        page=page,
        next_url=page.next_cursor and _list_url(after=page.next_cursor),
        first_url=asked.after and _list_url(after=None),
        units=unit_filter(request.args.get("unit", "")),
        state_labels=state_labels(),
        bounds=served_bounds(),
        **_filter_choices(),
    )


@bp.get("/vu-viec/<code>")
@public
def case(code: str) -> ResponseReturnValue:
    """One public case; a merged one leads to the case it went into."""
    try:
        shown = public_case(code)
    except NotFound:
        survivor = survivor_of(code)
        if survivor is None:
            raise
        return redirect(url_for(".case", code=survivor))
    return render_template(
        "cases/public_case.html",
        case=shown,
        holds=who_holds(shown),
        next=what_next(shown),
        first_seen=first_seen(shown),
        entries=story(shown),
        panels=render_panels("case.public", GUEST, shown),
    )


@bp.get("/don-vi/<code_system>/<code>")
@public
def locality(code_system: str, code: str) -> str:
    """A locality: its open cases, counts, and the units it was made of or went into."""
    unit = unit_by_key(code_system, code)
    if unit is None:
        raise NotFound
    unit_ids = units_held([unit.id])[unit.id]
    return render_template(
        "cases/public_unit.html",
        unit=unit,
        province=province_of(unit),
        former=predecessors(unit),
        later=successors(unit),
        figures=figures_of(unit_ids),
        page=listed_cases(ListQuestion(PublicFilters(unit_ids=unit_ids)), ON_UNIT),
        panels=render_panels("unit.public", GUEST, unit),
    )


@bp.get("/ban-do/<name>.geojson")
@public
def ground(name: str) -> Response:
    """What lies under every map: the provinces' outline, the names of communes and islands."""
    drawn = {"dia-ban": provinces_outline, "hai-dao": islands, "ten-xa": unit_names}
    if name not in drawn:
        raise NotFound
    answer = Response(orjson.dumps(drawn[name]()), content_type="application/geo+json")
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


def _filter_choices() -> dict[str, Any]:
    return {"categories": category_choices(), "states": state_choices(), "asked": request.args}


def _list_url(**changes: str | None) -> str:
    """The list's address with its present filters, these changed."""
    query = request.args.to_dict() | changes
    return f"{url_for('.cases')}?{urlencode({k: value for k, value in query.items() if value})}"
