"""``/du-lieu-mo``: what other programs and readers may take, in plain words, and the downloads."""

from collections.abc import Callable, Iterator

from flask import Blueprint, Response, render_template, request, send_file, stream_with_context

from webapp.cases.categories import codes_within
from webapp.cases.choices import category_choices, unit_choices
from webapp.cases.public_filters import ANY_OPEN
from webapp.cases.schemas import list_question
from webapp.cases.workflow import OPEN
from webapp.core.errors import NotFound
from webapp.open_data.dump import NAME, dump_path, made_at
from webapp.open_data.queries.filters import CaseFilter
from webapp.open_data.whole_tables import WHOLE_TABLES, WholeTable, as_csv, as_geojson
from webapp.open_data.workflow import WEBHOOK_EVENTS
from webapp.web.addresses import site_root
from webapp.web.guards import public
from webapp.web.shared_answers import shared

bp = shared(Blueprint("open_page", __name__, url_prefix="/du-lieu-mo"))
# Asked again each time: what is retracted must leave every cache with it.
FRESH = "public, max-age=0, must-revalidate"
_KINDS: dict[str, tuple[str, Callable[[WholeTable, CaseFilter], Iterator[bytes]]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "geojson": ("application/geo+json", as_geojson),
}


@bp.get("")
@public
def about() -> str:
    """Every way to take the public record along, with licence and limits."""
    return render_template(
        "open_data/about.html",
        site=site_root(),
        tables=WHOLE_TABLES,
        made_at=made_at(),
        events=WEBHOOK_EVENTS,
        categories=category_choices(),
        units=unit_choices(),
    )


@bp.get("/<name>.<any(csv,geojson):kind>")
@public
def download(name: str, kind: str) -> Response:
    """A whole table, filtered like the list of cases; written while it is read."""
    table = next((each for each in WHOLE_TABLES if each.name == name), None)
    if table is None:
        raise NotFound
    content_type, pieces = _KINDS[kind]
    answer = Response(stream_with_context(pieces(table, _filters())), content_type=content_type)
    answer.direct_passthrough = True
    answer.headers["Content-Disposition"] = f"attachment; filename=mat-xanh-{name}.{kind}"
    return _for_programs(answer)


@bp.get(f"/{NAME}")
@public
def archive() -> Response:
    """The nightly dump."""
    path = dump_path()
    if not path.is_file():
        raise NotFound
    return _for_programs(send_file(path.resolve(), as_attachment=True, download_name=NAME))


def _for_programs(answer: Response) -> Response:
    answer.headers["Cache-Control"] = FRESH
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


def _filters() -> CaseFilter:
    """The filters of the public list. Raises Invalid by field."""
    asked = list_question(request.args)
    state = asked.filters.state
    category = asked.filters.category
    return CaseFilter(
        categories=codes_within(category) if category else frozenset(),
        states=(OPEN if state == ANY_OPEN else frozenset({state})) if state else frozenset(),
        unit_ids=asked.filters.unit_ids,
        first_day=asked.filters.first_day,
        last_day=asked.filters.last_day,
    )
