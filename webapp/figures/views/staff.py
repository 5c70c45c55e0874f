"""The boards of leaders: counts, the records behind each count, a workbook."""

from dataclasses import dataclass
from threading import Lock
from typing import Any

from flask import Blueprint, Response, render_template, request

from geo.points import Point
from webapp.cases.categories import pictures
from webapp.cases.choices import Choices
from webapp.cases.outline import provinces_outline
from webapp.cases.presentation import category_label, organisation_name, unit_name
from webapp.cases.schemas import public_filters
from webapp.cases.workflow import CASE_STATES
from webapp.core.actor import Actor
from webapp.core.clock import today_local
from webapp.core.errors import NotFound
from webapp.core.unit_of_work import read_unit
from webapp.directory.models import Organisation, Unit
from webapp.directory.queries import organisation, served_communes
from webapp.figures import presentation
from webapp.figures.charts import sketch, trend
from webapp.figures.filters import BoardFilters, board_filters
from webapp.figures.permissions import READ_BOARDS
from webapp.figures.queries import measures
from webapp.figures.queries.board import Board
from webapp.figures.queries.board import board as count_board
from webapp.figures.queries.drill_down import counted_cases, how_many_cases
from webapp.figures.queries.first_looks import ALL, looked_at, looks
from webapp.figures.queries.places import Places
from webapp.figures.queries.public import units_of
from webapp.figures.sheets import board_workbook
from webapp.reporting.permissions import READ
from webapp.web.current_actor import current_actor
from webapp.web.guards import requires

bp = Blueprint("boards", __name__, url_prefix="/can-bo/so-lieu")
WAIT_SECONDS = 5.0
_COUNTING = Lock()
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class _Page:
    """What every page of a board starts from."""

    actor: Actor
    filters: BoardFilters
    units: dict[int, Unit]
    holder: Organisation | None

    @property
    def words(self) -> list[str]:
        return presentation.asked_words(self.filters, self.units, self.holder)


def _counted() -> tuple[_Page, Board]:
    """What is asked for and its board, one at a time in a process.

    Two at once are no sooner done, and what both sort leaves the process's memory in pieces. Who
    waits holds no connection meanwhile, and waits no longer than WAIT_SECONDS.
    """
    with read_unit():
        page = _page()
    alone = _COUNTING.acquire(timeout=WAIT_SECONDS)
    try:
        return page, count_board(page.actor, page.filters)
    finally:
        if alone:
            _COUNTING.release()


@bp.get("")
@requires(READ_BOARDS)
def board() -> str:
    """Everything at a glance; every number leads to its records."""
    page, found = _counted()
    units = units_of({*found.by_unit, *page.units})
    return render_template(
        "figures/board.html",
        board=found,
        filters=page.filters,
        words=page.words,
        tables=presentation.named_tables(found, units),
        trend=trend([(part.opened, part.closed) for part in found.trend]),
        sketch=_sketch(found, units),
        units=units,
        choices=_choices(page),
        waited=presentation.waited_words,
        held=sum(each.open for each in found.holders),
    )


@bp.get("/vu-viec")
@requires(READ_BOARDS)
def cases() -> str:
    """The cases behind a number."""
    page, measure = _page(), request.args.get("muc", measures.OPEN)
    if measure not in measures.MEASURES:
        raise NotFound
    found = counted_cases(page.actor, page.filters, measure, request.args.get("cursor"))
    return render_template(
        "figures/board_cases.html",
        heading=presentation.MEASURE_WORDS[measure],
        n=how_many_cases(page.actor, page.filters, measure),
        rows=found.rows,
        next_cursor=found.next_cursor,
        measure=measure,
        filters=page.filters,
        words=page.words,
        states=CASE_STATES,
    )


@bp.get("/phan-anh")
@requires(READ_BOARDS)
def reports() -> str:
    """The reports behind the time to the first look."""
    page, places = _page(), Places()
    if not page.actor.may(READ) or not page.filters.of_reports:
        raise NotFound
    found = looked_at(page.actor, page.filters, places, request.args.get("cursor"))
    counted = looks(page.actor, page.filters, places)[ALL].get(ALL)
    return render_template(
        "figures/board_reports.html",
        n=counted.n if counted else 0,
        rows=found.rows,
        next_cursor=found.next_cursor,
        filters=page.filters,
        words=page.words,
        waited=presentation.waited_words,
    )


@bp.get("/bang.xlsx")
@requires(READ_BOARDS)
def workbook() -> Response:
    """The board as a workbook."""
    page, found = _counted()
    units = units_of(found.by_unit)
    holders = [
        (organisation_name(each.organisation), each.open, each.overdue) for each in found.holders
    ]
    content = board_workbook(
        found, presentation.named_tables(found, units), holders, ", ".join(page.words)
    )
    answer = Response(content, content_type=_XLSX)
    answer.headers["Content-Disposition"] = "attachment; filename=bang-so-lieu.xlsx"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _page() -> _Page:
    """The question; a unit or holder that the actor has nothing to do with finds nothing."""
    actor = current_actor()
    days = {name: request.args[name] for name in ("from", "to") if request.args.get(name)}
    filters = board_filters(request.args, public_filters(days))
    held = actor.units_for(READ_BOARDS)
    units = {unit.id: unit for unit in served_communes(today_local()) if unit.id in held}
    holder = organisation(filters.holder_id) if filters.holder_id else None
    return _Page(actor, filters, units, holder)


def _choices(page: _Page) -> dict[str, Choices]:
    units = [(str(unit.id), unit_name(unit)) for unit in page.units.values()]
    return {
        "unit": units if len(units) > 1 else [],
        "category": [(each.code, category_label(each.code)) for each in pictures()],
        "source": list(presentation.sources().items()),
        "severity": list(presentation.severities().items()),
        "priority": list(presentation.priority_labels().items()),
    }


def _sketch(found: Board, units: dict[int, Unit]) -> Any:
    places = {
        unit.id: Point(unit.lon, unit.lat)
        for unit in units.values()
        if unit.lon is not None and unit.lat is not None
    }
    counts = {key: tally.open for key, tally in found.by_unit.items()}
    return sketch(counts, places, provinces_outline()) if len(counts) > 1 else None
