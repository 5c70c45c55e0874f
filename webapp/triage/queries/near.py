"""Cases and waiting reports that may be the same matter: same category, nearby, of late."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import (
    Select,
    bindparam,
    literal_column,
    select,
    union_all,
)

from geo.points import Point, distance_m
from webapp.cases.around import around_values, away, in_cells, in_reach
from webapp.cases.categories import category, codes_within
from webapp.cases.indexed import Mostly, still_open
from webapp.cases.models import Case
from webapp.cases.policy import placed, readable
from webapp.core.actor import Actor
from webapp.core.base import EightBytes, UtcDateTime
from webapp.core.conditions import (
    Unseen,
    ids_unseen,
    in_words,
    one_of_given,
    one_of_unseen,
)
from webapp.core.objects import columns_of, read_object
from webapp.core.prepared import Prepared
from webapp.reporting.models import Report
from webapp.reporting.near import CATEGORIES, near_reports, same_matter
from webapp.triage.queries.not_same import KIND, RECORD, not_said

Model = TypeVar("Model", Case, Report)

CASES = 10
REPORTS = 20
_SPARE = 5  # the order of the plane and that of metres differ for places equally far
_CASE_CATEGORIES = "case_categories"


@dataclass(frozen=True)
class NearCase:
    """A case and how far it is, in metres."""

    case: Case
    metres: float


class Matter(NamedTuple):
    """What is looked around for: a category at a place and a time.

    ``kind`` and ``record`` name the record that what was said of it counts for, ``case_id`` its own
    case.
    """

    code: str
    point: Point
    since: datetime
    kind: str = ""
    record: int = 0
    case_id: int = 0


class Near(NamedTuple):
    """Ids with metres, the nearest first."""

    cases: list[tuple[int, float]]
    reports: list[tuple[int, float]]


def near_records(actor: Actor, matter: Matter) -> Near:
    """Open cases and waiting reports that the actor may read, in one statement.

    How near and how late the category says; ten cases and twenty reports at most. The record
    named and what somebody said is not the same are left out.
    """
    near_m = category(matter.code).near_m
    found = Near([], [])
    for of_case, each, lon, lat in _near_query(actor).rows(_values(matter)):
        metres = distance_m(matter.point, Point(lon, lat))
        if metres <= near_m:
            (found.cases if of_case else found.reports).append((each, metres))
    return Near(_nearest(found.cases, CASES), _nearest(found.reports, REPORTS))


def near_cases(actor: Actor, report: Report) -> list[NearCase]:
    """The open cases that a report may belong to, nearest first. Empty without a place."""
    if report.lon is None or report.lat is None:
        return []
    place = Point(report.lon, report.lat)
    near = near_records(actor, Matter(report.category, place, report.received_at))
    cases = cases_by_id(case_id for case_id, _metres in near.cases)
    return [NearCase(cases[case_id], metres) for case_id, metres in near.cases if case_id in cases]


def cases_by_id(case_ids: Iterable[int]) -> Mapping[int, Case]:
    """Cases that the caller has found in what the actor may read, to be read only."""
    return _by_id(Case, frozenset(case_ids))


def reports_by_id(report_ids: Iterable[int]) -> Mapping[int, Report]:
    """The same of reports."""
    return _by_id(Report, frozenset(report_ids))


def _by_id(model: type[Model], ids: frozenset[int]) -> Mapping[int, Model]:
    columns = columns_of(model)
    rows = _by_id_query(model).rows({"ids": ids}) if ids else ()
    found = (read_object(model, dict(zip(columns, row, strict=True))) for row in rows)
    return {each.id: each for each in found}


@cache
def _by_id_query(model: type[Case | Report]) -> Prepared:
    wanted = one_of_given(model.id, "ids")
    return Prepared(select(*columns_of(model).values()).where(wanted).order_by(model.id))


def _nearest(found: Sequence[tuple[int, float]], most: int) -> list[tuple[int, float]]:
    return sorted(found, key=lambda each: (each[1], each[0]))[:most]


def _values(matter: Matter) -> dict[str, Any]:
    node = category(matter.code)
    span = timedelta(days=node.near_days)
    return {
        KIND: matter.kind,
        RECORD: matter.record,
        "own_case": matter.case_id,
        "own_report": matter.record if matter.kind == "report" else 0,
        "first": matter.since - span,
        "last": matter.since + span,
        _CASE_CATEGORIES: _case_categories(node.code),
        CATEGORIES: same_matter(node.code),
        **around_values(matter.point, node.near_m),
    }


@cache
def _case_categories(code: str) -> tuple[str, ...]:
    """The category with all below it; of one that is more exact, of what stands above it."""
    node = category(code)
    main = node.parent if node.depth == 2 and node.parent else node.code
    return tuple(sorted(codes_within(main)))


@lru_cache(maxsize=64)
def _near_query(actor: Actor) -> Prepared:
    """Built once for the officer, whatever the category: mostly nothing is near."""
    own_case, own_report = (
        bindparam(name, type_=EightBytes()) for name in ("own_case", "own_report")
    )
    cases = _near_cases(actor).where(Case.id != own_case, not_said("case", Case.id))
    reports = near_reports(actor).where(Report.id != own_report, not_said("report", Report.id))
    return Prepared(union_all(_few("1", cases, CASES), _few("0", reports, REPORTS)))


def _few(of_case: str, query: Select[Any], most: int) -> Select[Any]:
    found = query.order_by("away", "id").limit(in_words(most + _SPARE)).subquery()
    return select(literal_column(of_case), found.c.id, found.c.lon, found.c.lat)


def _near_cases(actor: Actor) -> Select[Any]:
    """Id, lon, lat and ``away`` of open cases that the actor may read."""
    first, last = (bindparam(name, type_=UtcDateTime()) for name in ("first", "last"))
    columns: tuple[Any, ...] = (Case.id, Case.lon, Case.lat)
    found = select(*columns, away(Case.lon, Case.lat).label("away"))
    here = in_cells(
        Case.cell,
        Mostly(still_open()),
        one_of_unseen(Case.category, _CASE_CATEGORIES),
        Case.first_reported_at.between(Unseen(first), Unseen(last)),
    )
    return found.select_from(here).where(
        in_reach(Case.lon, Case.lat), ids_unseen(readable(actor)), placed(actor)
    )
