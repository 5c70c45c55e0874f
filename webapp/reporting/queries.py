"""Reading reports: by the Front of their unit, by who sent them, by the auditor."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, and_, bindparam, or_, select
from sqlalchemy.orm import joinedload, lazyload

from geo.cells import CELL_ZOOM, MAX_RANGES, ranges
from geo.points import Point, box_around, distance_m
from webapp.audit.models import AuditReason
from webapp.audit.operations import open_reason
from webapp.audit.permissions import READ_IDENTITY_LOG
from webapp.cases.categories import category, codes_within
from webapp.core.actor import Actor
from webapp.core.base import UtcDateTime
from webapp.core.clock import today_local
from webapp.core.conditions import one_of_codes
from webapp.core.errors import NotFound
from webapp.core.prepared import Prepared
from webapp.core.unit_of_work import session
from webapp.directory.models import Person
from webapp.reporting.checking import consent_in_force
from webapp.reporting.models import (
    ConsentText,
    IdentityOpening,
    Report,
    ReportLine,
)
from webapp.reporting.placing import Placed, find_unit
from webapp.reporting.policy import at_province, readable_reports
from webapp.reporting.steps import REPRISAL_STEP
from webapp.reporting.submission import SentPlace
from webapp.reporting.tracking import report_by_tracking_code

__all__ = [
    "Opening",
    "consent_in_force",
    "identity_log",
    "lines_for_staff",
    "near_reports",
    "place_of",
    "report_by_tracking_code",
    "report_for_staff",
]

NEAR_LIMIT = 20
_NEAR_MOST = 200  # looked at, the newest first
_NOWHERE = (1, 0)
_PLACED: tuple[Any, ...] = (Report.id, Report.lon, Report.lat)


@dataclass(frozen=True)
class Opening:
    """One opening of an identity or an original, for the auditor."""

    at: datetime
    report_code: str
    person: str
    what: str
    reason: str


def report_for_staff(actor: Actor, code: str) -> Report:
    """A report the actor may read. Raises NotFound, equally when it is another unit's."""
    found = session().scalar(_report_query(actor), {"code": code})
    if found is None:
        raise NotFound
    return found


@lru_cache(maxsize=64)
def _report_query(actor: Actor) -> Select[Report]:
    return (
        select(Report)
        .where(Report.code == bindparam("code"), readable_reports(actor))
        .options(joinedload(Report.handling_unit, innerjoin=True), joinedload(Report.voice))
    )


def lines_for_staff(actor: Actor, report: Report) -> list[ReportLine]:
    """The history of a report; that a reprisal was told, only the province Front sees."""
    query = select(ReportLine).where(ReportLine.report_id == report.id)
    if not at_province(actor, report):
        query = query.where(ReportLine.transition != REPRISAL_STEP)
    return list(session().scalars(query.order_by(ReportLine.id)))


def near_reports(
    actor: Actor,
    *,
    category_code: str,
    point: Point | None,
    around: datetime,
    but: int | None = None,
) -> list[tuple[Report, float]]:
    """Waiting reports of the same category nearby and of late that the actor may read.

    The nearest first, distances in metres; how near and how late the category says. Empty without
    a point.
    """
    if point is None:
        return []
    node = category(category_code)
    span = timedelta(days=node.near_days)
    spans = ranges(box_around(point, node.near_m), CELL_ZOOM)
    values: dict[str, object] = {
        "but": but or 0,
        "first": around - span,
        "last": around + span,
        "categories": _same_matter(node.code),
    }
    for number, (low, high) in enumerate([*spans, *[_NOWHERE] * (MAX_RANGES - len(spans))]):
        values |= {f"low_{number}": low, f"high_{number}": high}
    rows = _near_query(actor).rows(values)
    found = [(distance_m(point, Point(lon, lat)), report_id) for report_id, lon, lat in rows]
    near = sorted(each for each in found if each[0] <= node.near_m)[:NEAR_LIMIT]
    reports = _by_id(report_id for _metres, report_id in near) if near else {}
    return [(reports[report_id], metres) for metres, report_id in near if report_id in reports]


@lru_cache(maxsize=64)
def _near_query(actor: Actor) -> Prepared:
    """Ids and places, built once for the officer, whatever the category: mostly nothing is near."""
    first, last = (bindparam(name, type_=UtcDateTime()) for name in ("first", "last"))
    cells = (
        (bindparam(f"{end}_{number}", type_=BigInteger()) for end in ("low", "high"))
        for number in range(MAX_RANGES)
    )
    return Prepared(
        select(*_PLACED)
        .where(
            readable_reports(actor),
            Report.id != bindparam("but", type_=BigInteger()),
            # As values: the partial indexes of the queue would lead the planner past the cells.
            Report.state.in_(("submitted", "needs_info")),
            one_of_codes(Report.category, "categories"),
            Report.received_at.between(first, last),
            or_(*(and_(Report.cell >= low, Report.cell <= high) for low, high in cells)),
        )
        # Of the id itself a planner would walk the whole table backwards.
        .order_by((Report.id + 0).desc())
        .limit(_NEAR_MOST)
    )


def _by_id(report_ids: Iterable[int]) -> dict[int, Report]:
    query = select(Report).where(Report.id.in_(sorted(report_ids)))
    return {each.id: each for each in session().scalars(query.options(lazyload(Report.photos)))}


def place_of(sent: SentPlace, on: date | None = None) -> Placed:
    """The unit at a place, for showing it before sending. Raises Invalid; stores nothing."""
    return find_unit(sent, on or today_local())


def consent_of(version: str) -> ConsentText | None:
    """The words of a version that somebody agreed to."""
    return session().get(ConsentText, version)


def identity_log(actor: Actor, *, limit: int = 200) -> list[Opening]:
    """Who opened which identity or original and why, newest first, for the auditor alone."""
    actor.demand(READ_IDENTITY_LOG)
    query = (
        select(IdentityOpening, Report.code, Person.name, AuditReason)
        .join(Report, Report.id == IdentityOpening.report_id)
        .join(Person, Person.id == IdentityOpening.person_id)
        .join(AuditReason, AuditReason.id == IdentityOpening.reason_id)
        .where(_audited(actor))
        .order_by(IdentityOpening.id.desc())
        .limit(limit)
    )
    return [
        Opening(opening.at, code, name, opening.what, open_reason(reason))
        for opening, code, name, reason in session().execute(query)
    ]


def _audited(actor: Actor) -> ColumnElement[bool]:
    return Report.handling_unit_id.in_(sorted(actor.units_for(READ_IDENTITY_LOG)))


def _same_matter(code: str) -> list[str]:
    """The category, all below it, and what stands above without being more exact."""
    node = category(code)
    main = node.parent if node.depth == 2 and node.parent else node.code
    above = category(main).parent
    return sorted(codes_within(main) | ({above} if above else set()))
