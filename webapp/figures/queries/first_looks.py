"""How long reports wait for the Front's first decision: median, nine of ten, and the reports."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Float, Select, and_, case, exists, func, literal, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased
from sqlalchemy.sql.functions import FunctionElement

from webapp.cases.categories import codes_within
from webapp.core.actor import Actor
from webapp.core.prepared import Prepared
from webapp.core.unit_of_work import session
from webapp.deadlines.models import ClockRule, Deadline, DeadlineChange
from webapp.directory.models import Unit
from webapp.figures.filters import BoardFilters
from webapp.figures.queries.places import Places, present_units
from webapp.figures.window import GIVEN
from webapp.reporting.models import Report
from webapp.reporting.policy import readable_reports
from webapp.web.paging import Page, encode_cursor, id_cursor

FIRST_LOOK_CLOCKS = ("triage_first_look", "triage_first_look_urgent")
PAGE_SIZE = 50
_ALL = 0


class seconds_between(FunctionElement[float]):
    """Seconds from one moment to another, on both databases."""

    type = Float()
    inherit_cache = True


@compiles(seconds_between, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    start, end = (compiler.process(each, **options) for each in element.clauses)
    return f"((julianday({end}) - julianday({start})) * 86400.0)"


@compiles(seconds_between)
def _elsewhere(element: Any, compiler: Any, **options: Any) -> str:
    start, end = (compiler.process(each, **options) for each in element.clauses)
    return f"EXTRACT(EPOCH FROM {end} - {start})"


@dataclass(frozen=True)
class Looks:
    """Of ``n`` reports half were looked at within the median, nine of ten within ``p90``.

    Both are waits that really occurred (nearest rank), by the clock, nights and days off included.
    """

    n: int
    median: timedelta
    p90: timedelta


@dataclass(frozen=True)
class LookedAt:
    """One report and its wait."""

    code: str
    category: str
    unit: Unit
    received_at: datetime
    waited: timedelta


def looks(actor: Actor, filters: BoardFilters, places: Places) -> Looks | None:
    """Over all that the actor reads and asked for; None where nothing was looked at."""
    return _found(_looks, actor, filters, places).get(_ALL)


def looks_by_unit(actor: Actor, filters: BoardFilters, places: Places) -> dict[int, Looks]:
    """The same for each unit in force."""
    return _found(_looks_by_unit, actor, filters, places)


def _found(
    prepared: Callable[[Actor, BoardFilters, tuple[int, ...]], Prepared],
    actor: Actor,
    filters: BoardFilters,
    places: Places,
) -> dict[int, Looks]:
    statement = prepared(actor, filters.on(GIVEN), places.counted_for(filters.unit_id))
    return {
        group: Looks(n, timedelta(seconds=float(median)), timedelta(seconds=float(p90)))
        for group, n, median, p90 in statement.rows(GIVEN.values(filters.window))
    }


@lru_cache(maxsize=32)
def _looks(actor: Actor, filters: BoardFilters, unit_ids: tuple[int, ...]) -> Prepared:
    return _ranked(_first_looks(actor, filters, unit_ids, literal(_ALL)))


@lru_cache(maxsize=32)
def _looks_by_unit(actor: Actor, filters: BoardFilters, unit_ids: tuple[int, ...]) -> Prepared:
    present = present_units()
    unit = func.coalesce(present.c.present_id, Report.handling_unit_id)
    query = _first_looks(actor, filters, unit_ids, unit)
    return _ranked(query.outerjoin(present, present.c.old_id == Report.handling_unit_id))


def looked_at(
    actor: Actor, filters: BoardFilters, places: Places, cursor: str | None
) -> Page[LookedAt]:
    """The reports behind the figure, the last one looked at first. Raises Invalid."""
    columns = (Deadline.id, Report.code, Report.category, Unit, Report.received_at)
    unit_ids = places.counted_for(filters.unit_id)
    query = _looked(actor, filters, unit_ids, (*columns, _looked_at()))
    before = id_cursor(cursor)
    if before is not None:
        query = query.where(Deadline.id < before)
    ordered = query.join(Unit, Unit.id == Report.handling_unit_id).order_by(Deadline.id.desc())
    rows = session().execute(ordered.limit(PAGE_SIZE + 1)).all()
    shown = rows[:PAGE_SIZE]
    following = encode_cursor([shown[-1][0]]) if len(rows) > PAGE_SIZE else None
    found = [
        LookedAt(code, category, unit, received_at, at - received_at)
        for _id, code, category, unit, received_at, at in shown
    ]
    return Page(found, following)


def _first_looks(
    actor: Actor, filters: BoardFilters, unit_ids: tuple[int, ...], group: ColumnElement[int]
) -> Select[Any]:
    seconds = seconds_between(Report.received_at, _looked_at()).label("seconds")
    return _looked(actor, filters, unit_ids, (group.label("grp"), seconds))


def _looked(
    actor: Actor, filters: BoardFilters, unit_ids: tuple[int, ...], columns: Sequence[Any]
) -> Select[Any]:
    """First looks whose clock ended in the window.

    A report that its sender took back was not looked at.
    """
    earlier = aliased(Deadline)
    conditions = [
        Deadline.subject_kind == "report",
        Deadline.rule_id.in_(_rules()),
        filters.window.holds(Deadline.stopped_at),
        Report.state != "withdrawn",
        readable_reports(actor),
        ~exists().where(
            earlier.subject_kind == "report",
            earlier.subject_id == Deadline.subject_id,
            earlier.id < Deadline.id,
            earlier.rule_id.in_(_rules()),
        ),
    ]
    if unit_ids:
        conditions.append(Report.handling_unit_id.in_(unit_ids))
    if filters.category:
        conditions.append(Report.category.in_(sorted(codes_within(filters.category))))
    return (
        select(*columns)
        .join_from(Deadline, Report, Report.id == Deadline.subject_id)
        .where(and_(*conditions))
    )


def _looked_at() -> ColumnElement[datetime]:
    """When the Front decided, or asked its sender something before it could."""
    asked = (
        select(func.min(DeadlineChange.at))
        .where(DeadlineChange.deadline_id == Deadline.id, DeadlineChange.kind == "pause")
        .scalar_subquery()
    )
    return func.coalesce(asked, Deadline.stopped_at)


def _rules() -> Select[int]:
    return select(ClockRule.id).where(ClockRule.key.in_(FIRST_LOOK_CLOCKS))


def _ranked(query: Select[Any]) -> Prepared:
    """Median and nine of ten by nearest rank, counted in the database."""
    found = query.subquery("found")
    place = func.row_number().over(partition_by=found.c.grp, order_by=found.c.seconds)
    ranked = select(
        found.c.grp,
        found.c.seconds,
        place.label("place"),
        func.count().over(partition_by=found.c.grp).label("n"),
    ).subquery("ranked")
    columns = (
        func.max(case((ranked.c.place == each, ranked.c.seconds)))
        for each in ((ranked.c.n + 1) // 2, (9 * ranked.c.n + 9) // 10)
    )
    return Prepared(select(ranked.c.grp, func.max(ranked.c.n), *columns).group_by(ranked.c.grp))
