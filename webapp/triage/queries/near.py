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
    null,
    select,
    union_all,
)

from geo.points import Point, distance_m
from webapp.cases.around import around_values, away, in_cells, in_reach
from webapp.cases.categories import category, codes_within
from webapp.cases.indexed import LeftFirst, Mostly, still_open
from webapp.cases.models import Case
from webapp.cases.policy import placed, readable
from webapp.core.actor import Actor
from webapp.core.base import EightBytes, UtcDateTime
from webapp.core.conditions import (
    Unseen,
    ids_checked,
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


class Found(NamedTuple):
    """A case or a waiting report and how far it is, in metres.

    ``since`` is when it was first reported, ``words`` what an officer wrote of a case.
    """

    id: int
    metres: float
    point: Point
    since: datetime
    unit_id: int
    words: str


class Near(NamedTuple):
    """What was found, the nearest first."""

    cases: list[Found]
    reports: list[Found]


def near_records(actor: Actor, matter: Matter) -> Near:
    """Open cases and waiting reports that the actor may read, in one statement.

    How near and how late the category says; ten cases and twenty reports at most. The record
    named and what somebody said is not the same are left out.
    """
    near_m = category(matter.code).near_m
    found = Near([], [])
    for of_case, each, lon, lat, since, unit_id, *texts in _near_query(actor).rows(_values(matter)):
        point = Point(lon, lat)
        metres = distance_m(matter.point, point)
        if metres <= near_m:
            words = " ".join(text or "" for text in texts)
            kind = found.cases if of_case else found.reports
            kind.append(Found(each, metres, point, since, unit_id, words))
    return Near(_nearest(found.cases, CASES), _nearest(found.reports, REPORTS))


def near_cases(actor: Actor, report: Report) -> list[NearCase]:
    """The open cases that a report may belong to, nearest first. Empty without a place."""
    if report.lon is None or report.lat is None:
        return []
    place = Point(report.lon, report.lat)
    near = near_records(actor, Matter(report.category, place, report.received_at))
    cases = cases_by_id(each.id for each in near.cases)
    return [NearCase(cases[each.id], each.metres) for each in near.cases if each.id in cases]


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


def _nearest(found: Sequence[Found], most: int) -> list[Found]:
    return sorted(found, key=lambda each: (each.metres, each.id))[:most]


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
    of_case = (Case.first_reported_at, Case.handling_unit_id, Case.summary, Case.place_note)
    of_report = (Report.received_at, Report.handling_unit_id, null(), null())
    return Prepared(
        union_all(_few("1", cases, CASES, of_case), _few("0", reports, REPORTS, of_report))
    )


def _few(of_case: str, query: Select[Any], most: int, more: tuple[Any, ...]) -> Select[Any]:
    """The nearest by the index alone, and ``more`` of those from their table."""
    found = query.order_by("away", "id").limit(in_words(most + _SPARE)).subquery()
    model: type[Case | Report] = Case if of_case == "1" else Report
    here = LeftFirst(found, model.__table__, model.id == found.c.id)
    columns: tuple[Any, ...] = (found.c.id, found.c.lon, found.c.lat, *more)
    return select(literal_column(of_case), *columns).select_from(here)


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
        in_reach(Case.lon, Case.lat), ids_checked(ids_unseen(readable(actor))), placed(actor)
    )
