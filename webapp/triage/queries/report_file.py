"""A report as the Front reads it: words, photos, places, what is alike."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.orm import lazyload

from webapp.core.actor import Actor
from webapp.core.conditions import ids_checked
from webapp.core.prepared import Prepared
from webapp.core.unit_of_work import session
from webapp.directory.models import Unit
from webapp.media.likeness import look_alikes
from webapp.media.models import Photo
from webapp.reporting.meetings import meeting_of
from webapp.reporting.models import Meeting, Report, VoiceNote
from webapp.reporting.policy import readable_reports
from webapp.reporting.queries import StaffReportLine, lines_for_staff
from webapp.reporting.voice import transcript_of
from webapp.triage.queries.reused import ReusedPhoto, reused_photos
from webapp.triage.queries.same_problem import Alike, alike

_SHOWABLE = frozenset({"ready", "approved", "hidden"})


@dataclass(frozen=True)
class ReportFile:
    """Everything the page of a report shows but the identity."""

    report: Report
    lines: list[StaffReportLine]
    photos: list[Photo]
    waiting_photos: int
    unreadable_photos: int
    named_unit: Unit | None
    alike: list[Alike]
    voice: VoiceNote | None
    transcript: str | None
    meeting: Meeting | None
    reused: list[ReusedPhoto]


def report_file(actor: Actor, report: Report) -> ReportFile:
    """The file of a report that the actor may read."""
    photos = [link.photo for link in report.photos]
    named, note = report.named_unit_id, report.voice
    looks = look_alikes(photos)
    return ReportFile(
        report=report,
        lines=lines_for_staff(actor, report),
        photos=showable_photos(report),
        waiting_photos=sum(photo.state in {"wanted", "stored"} for photo in photos),
        unreadable_photos=sum(photo.state == "unreadable" for photo in photos),
        named_unit=session().get(Unit, named)
        if named and named != report.handling_unit_id
        else None,
        alike=alike(actor, report, looks),
        # After a message about reprisal the voice is locked like the identity, saying nothing.
        voice=note if note and note.state == "stored" and not report.reprisal_at else None,
        transcript=transcript_of(report),
        meeting=meeting_of(report.id) if report.on_behalf else None,
        reused=reused_photos(actor, report, looks),
    )


def showable_photos(report: Report) -> list[Photo]:
    """The photos of a report that could be read, in their order."""
    return [link.photo for link in report.photos if link.photo.state in _SHOWABLE]


class ListedReport(NamedTuple):
    """A report as the page of its case lists it."""

    code: str
    category: str
    received_at: datetime
    description: str | None


def listed_in(actor: Actor, case_id: int) -> list[ListedReport]:
    """The reports of a case that the actor may read, oldest first, as its page lists them."""
    return list(map(ListedReport._make, _listed_query(actor).rows({"case": case_id})))


def reports_in(actor: Actor, case_id: int) -> list[Report]:
    """The reports of a case that the actor may read, oldest first, without their photos."""
    query = _of_case(readable_reports(actor), select(Report)).options(lazyload(Report.photos))
    return list(session().scalars(query, {"case": case_id}))


@lru_cache(maxsize=64)
def _listed_query(actor: Actor) -> Prepared:
    columns = (Report.code, Report.category, Report.received_at, Report.description)
    return Prepared(_of_case(ids_checked(readable_reports(actor)), select(*columns)))


def _of_case(mine: ColumnElement[bool], query: Any) -> Any:
    return query.where(Report.case_id == bindparam("case"), mine).order_by(
        Report.received_at, Report.id
    )
