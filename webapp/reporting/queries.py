"""Reading reports: by the Front of their unit, by who sent them, by the auditor."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Final, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, bindparam, exists, select
from sqlalchemy.orm.attributes import set_committed_value

from webapp.audit.models import AuditReason
from webapp.audit.operations import open_reason
from webapp.audit.permissions import READ_IDENTITY_LOG
from webapp.core.actor import Actor
from webapp.core.clock import today_local
from webapp.core.conditions import ids_checked
from webapp.core.errors import NotFound
from webapp.core.objects import columns_of, object_of
from webapp.core.prepared import Prepared
from webapp.core.unit_of_work import session
from webapp.directory.models import Person, Unit
from webapp.reporting.checking import consent_in_force
from webapp.reporting.models import (
    ConsentText,
    IdentityOpening,
    Report,
    ReportLine,
    ReportPhoto,
    VoiceNote,
)
from webapp.reporting.placing import Placed, find_unit
from webapp.reporting.policy import at_province, readable_reports
from webapp.reporting.steps import REPRISAL_STEP
from webapp.reporting.submission import SentPlace
from webapp.reporting.tracking import report_by_tracking_code
from webapp.web.paging import Page, encode_cursor, id_cursor

__all__ = [
    "Opening",
    "consent_in_force",
    "identity_log",
    "lines_for_staff",
    "place_of",
    "report_by_tracking_code",
    "report_for_staff",
]

_OPENINGS: Final = 100


@dataclass(frozen=True)
class Opening:
    """One opening of an identity or an original, for the auditor."""

    at: datetime
    report_code: str
    person: str
    what: str
    reason: str


class StaffReportLine(NamedTuple):
    """One step of a report as staff read it; ``person`` is the name of who took it."""

    at: datetime
    transition: str
    by_sender: bool
    words: str | None
    note: str | None
    person: str | None


def report_for_staff(actor: Actor, code: str) -> Report:
    """A report the actor may read. Raises NotFound, equally when it is another unit's."""
    rows = _report_query(actor).rows({"code": code})
    if not rows:
        raise NotFound
    values = iter(rows[0])
    found = object_of(Report, dict(zip(_REPORT, values, strict=False)))
    unit = object_of(Unit, dict(zip(_UNIT, values, strict=False)))
    set_committed_value(found, "handling_unit", unit)
    has_photos, has_voice = values
    if not has_photos:
        set_committed_value(found, "photos", [])
    if not has_voice:
        set_committed_value(found, "voice", None)
    return found


_REPORT, _UNIT = columns_of(Report), columns_of(Unit)


@lru_cache(maxsize=64)
def _report_query(actor: Actor) -> Prepared:
    """With whether there are photos and a voice: most have none, and none are asked for then."""
    holds = [exists().where(each.report_id == Report.id) for each in (ReportPhoto, VoiceNote)]
    return Prepared(
        select(*_REPORT.values(), *_UNIT.values(), *holds)
        .join(Unit, Unit.id == Report.handling_unit_id)
        .where(Report.code == bindparam("code"), ids_checked(readable_reports(actor)))
    )


def lines_for_staff(actor: Actor, report: Report) -> list[StaffReportLine]:
    """The history of a report; that a reprisal was told, only the province Front sees."""
    query = _lines_query(at_province=at_province(actor, report))
    return list(map(StaffReportLine._make, query.rows({"report": report.id})))


@cache
def _lines_query(*, at_province: bool) -> Prepared:
    line, person = ReportLine, Person
    columns = (line.at, line.transition, line.by_sender, line.words, line.note, person.name)
    query = (
        select(*columns)
        .outerjoin(person, person.id == line.person_id)
        .where(line.report_id == bindparam("report", type_=BigInteger()))
        .order_by(line.id)
    )
    return Prepared(query if at_province else query.where(line.transition != REPRISAL_STEP))


def place_of(sent: SentPlace, on: date | None = None) -> Placed:
    """The unit at a place, for showing it before sending. Raises Invalid; stores nothing."""
    return find_unit(sent, on or today_local())


def consent_of(version: str) -> ConsentText | None:
    """The words of a version that somebody agreed to."""
    return session().get(ConsentText, version)


def identity_log(actor: Actor, cursor: str | None = None) -> Page[Opening]:
    """Who opened which identity or original and why, newest first, for the auditor alone.

    Every opening is reached page by page: one copy of a register writes hundreds of them. Raises
    Forbidden, Invalid for a made-up cursor.
    """
    actor.demand(READ_IDENTITY_LOG)
    before = id_cursor(cursor)
    query = (
        select(IdentityOpening, Report.code, Person.name, AuditReason)
        .join(Report, Report.id == IdentityOpening.report_id)
        .join(Person, Person.id == IdentityOpening.person_id)
        .join(AuditReason, AuditReason.id == IdentityOpening.reason_id)
        .where(_audited(actor), *([IdentityOpening.id < before] if before else []))
        .order_by(IdentityOpening.id.desc())
        .limit(_OPENINGS + 1)
    )
    rows = session().execute(query).all()
    shown = rows[:_OPENINGS]
    following = encode_cursor([shown[-1][0].id]) if len(rows) > _OPENINGS else None
    openings = [
        Opening(opening.at, code, name, opening.what, open_reason(reason))
        for opening, code, name, reason in shown
    ]
    return Page(openings, following)


def _audited(actor: Actor) -> ColumnElement[bool]:
    return Report.handling_unit_id.in_(sorted(actor.units_for(READ_IDENTITY_LOG)))
