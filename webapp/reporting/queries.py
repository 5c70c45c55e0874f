"""Reading reports: by the Front of their unit, by who sent them, by the auditor."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import ColumnElement, Select, bindparam, select
from sqlalchemy.orm import joinedload

from webapp.audit.models import AuditReason
from webapp.audit.operations import open_reason
from webapp.audit.permissions import READ_IDENTITY_LOG
from webapp.core.actor import Actor
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
    "place_of",
    "report_by_tracking_code",
    "report_for_staff",
]


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
