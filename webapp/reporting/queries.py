"""Reading reports: by the Front of their unit, by who sent them, by the auditor."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from sqlalchemy import BigInteger, ColumnElement, Select, and_, bindparam, or_, select
from sqlalchemy.orm import joinedload, lazyload

from geo.cells import CELL_ZOOM, ranges
from geo.points import Point, box_around, distance_m
from webapp.audit.models import AuditReason
from webapp.audit.operations import open_reason
from webapp.audit.permissions import READ_IDENTITY_LOG
from webapp.cases.categories import category, codes_within
from webapp.core.actor import Actor
from webapp.core.base import UtcDateTime
from webapp.core.clock import today_local
from webapp.core.errors import NotFound
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
    """Reports of the same category nearby and of late that the actor may read, nearest first.

    Distances in metres; how near and how late the category says. Empty without a point.
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
    }
    for number, (low, high) in enumerate(spans):
        values |= {f"low_{number}": low, f"high_{number}": high}
    reports = session().scalars(_near_query(actor, node.code, len(spans)), values)
    found = [(each, _metres(point, each)) for each in reports]
    near = [pair for pair in found if pair[1] <= node.near_m]
    return sorted(near, key=lambda pair: (pair[1], pair[0].id))[:NEAR_LIMIT]


@lru_cache(maxsize=64)
def _near_query(actor: Actor, code: str, spans: int) -> Select[Report]:
    """Built once for the officer and the category: building takes longer than running."""
    first, last = (bindparam(name, type_=UtcDateTime()) for name in ("first", "last"))
    cells = (
        (bindparam(f"{end}_{number}", type_=BigInteger()) for end in ("low", "high"))
        for number in range(spans)
    )
    return (
        select(Report)
        .where(
            readable_reports(actor),
            Report.id != bindparam("but", type_=BigInteger()),
            Report.state.in_(("submitted", "needs_info", "attached")),
            Report.category.in_(_same_matter(code)),
            Report.received_at.between(first, last),
            or_(*(and_(Report.cell >= low, Report.cell <= high) for low, high in cells)),
        )
        .options(lazyload(Report.photos))  # compared by place and time first
        # Of the id itself a planner would walk the whole table backwards.
        .order_by((Report.id + 0).desc())
        .limit(_NEAR_MOST)
    )


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


def _metres(here: Point, report: Report) -> float:
    if report.lon is None or report.lat is None:
        raise AssertionError("a cell without a point")
    return distance_m(here, Point(report.lon, report.lat))
