"""How long reports wait for the Front's first decision: median, nine of ten, and the reports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Float,
    Select,
    String,
    case,
    cast,
    exists,
    func,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased
from sqlalchemy.sql.functions import FunctionElement

from webapp.cases.categories import category_codes, codes_within, picture_of, priorities
from webapp.cases.models import Case
from webapp.core.actor import Actor
from webapp.core.conditions import in_words
from webapp.core.prepared import Prepared
from webapp.core.unit_of_work import session
from webapp.deadlines.models import ClockRule, Deadline, DeadlineChange
from webapp.directory.models import Unit
from webapp.figures.filters import NOT_SAID, BoardFilters
from webapp.figures.queries.measures import plain_facts, with_priority
from webapp.figures.queries.places import Places, present_units
from webapp.figures.window import GIVEN
from webapp.reporting.models import Report
from webapp.reporting.policy import readable_reports
from webapp.web.paging import Page, encode_cursor, id_cursor

FIRST_LOOK_CLOCKS = ("triage_first_look", "triage_first_look_urgent")
PAGE_SIZE = 50
ALL = "all"
_FACTS = (ALL, "unit", "category", "source", "severity", "priority")


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


Facts = dict[str, dict[str, Looks]]
"""By the name of a board's table, then by the key of its row; of all under ``ALL`` twice."""


def looks(actor: Actor, filters: BoardFilters, places: Places) -> Facts:
    """Over all that the actor reads and asked for, and by each fact a board tells apart.

    Where nothing was looked at there is no entry. Source and severity are those of the case that
    the report went into; without a case nobody has said them.
    """
    statement = _looks(actor, filters.on(GIVEN), places.counted_for(filters.unit_id))
    found: Facts = {name: {} for name in _FACTS}
    for fact, key, n, median, p90 in statement.rows(GIVEN.values(filters.window)):
        waits = (timedelta(seconds=float(each)) for each in (median, p90))
        found[_FACTS[fact]][key] = Looks(n, *waits)
    return found


@lru_cache(maxsize=32)
def _looks(actor: Actor, filters: BoardFilters, unit_ids: tuple[int, ...]) -> Prepared:
    """The reports are read once, and put in the order of their waits once for each fact."""
    present = present_units()
    columns = (
        seconds_between(Report.received_at, _looked_at()).label("seconds"),
        func.coalesce(present.c.present_id, Report.handling_unit_id).label("unit"),
        Report.category.label("category"),
        func.coalesce(Case.waste_source, NOT_SAID).label("source"),
        func.coalesce(Case.severity, NOT_SAID).label("severity"),
    )
    looked = (
        _looked(actor, filters, unit_ids, columns)
        .outerjoin(present, present.c.old_id == Report.handling_unit_id)
        .cte("looked")
        .prefix_with("MATERIALIZED")  # SQLite would read the reports anew for each fact
    )
    given = looked.c
    picture = case({code: picture_of(code) for code in category_codes()}, value=given.category)
    keys: tuple[ColumnElement[Any], ...] = (
        literal_column(f"'{ALL}'"),
        cast(given.unit, String),
        picture,
        given.source,
        given.severity,
    )
    parts = [_part(number, key, given.seconds) for number, key in enumerate(keys)]
    # A category may serve several priorities: it is counted in each.
    parts += [
        _part(len(keys), literal_column(f"'{code}'"), given.seconds).where(
            given.category.in_(with_priority(code))
        )
        for code in (*(each.code for each in priorities()), NOT_SAID)
    ]
    return _ranked(union_all(*parts))


def _part(number: int, key: ColumnElement[Any], seconds: ColumnElement[float]) -> Select[Any]:
    return select(in_words(number).label("fact"), key.label("grp"), seconds.label("seconds"))


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
    if filters.priority:
        conditions.append(Report.category.in_(with_priority(filters.priority)))
    return (
        select(*columns)
        .join_from(Deadline, Report, Report.id == Deadline.subject_id)
        .outerjoin(Case, Case.id == Report.case_id)
        .where(*conditions, *plain_facts(filters))
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


def _ranked(query: CompoundSelect[Any]) -> Prepared:
    """Median and nine of ten by nearest rank, counted in the database."""
    found = query.subquery("found")
    apart = found.c.fact, found.c.grp
    # One window, so that the reports are put in order once.
    window: dict[str, Any] = {"partition_by": apart, "order_by": found.c.seconds}
    place = func.row_number().over(**window)
    ranked = select(
        *apart,
        found.c.seconds,
        place.label("place"),
        func.count().over(**window, rows=(None, None)).label("n"),
    ).subquery("ranked")
    columns = (
        func.max(case((ranked.c.place == each, ranked.c.seconds)))
        for each in ((ranked.c.n + 1) // 2, (9 * ranked.c.n + 9) // 10)
    )
    groups = ranked.c.fact, ranked.c.grp
    return Prepared(select(*groups, func.max(ranked.c.n), *columns).group_by(*groups))
