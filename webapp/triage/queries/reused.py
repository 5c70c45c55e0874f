"""Photos of a report that were sent before: a hint for the officer, never proof, never public."""

from dataclasses import dataclass

from sqlalchemy import select

from webapp.core.actor import Actor
from webapp.core.unit_of_work import session
from webapp.media.likeness import Looks
from webapp.media.models import Photo
from webapp.reporting.models import Report, ReportPhoto
from webapp.reporting.policy import readable_reports

MOST = 5


@dataclass(frozen=True)
class ReusedPhoto:
    """A photo of the report, its number there, and one that looks like it in another report."""

    number: int
    photo: Photo
    other: Photo
    report: Report


def reused_photos(actor: Actor, report: Report, looks: Looks) -> list[ReusedPhoto]:
    """Look-alikes in other reports that the actor may read, newest first, five at most.

    ``looks`` are those of the report's photos.
    Of what the actor may not read not even the number is told: a photo that somebody sent past the
    commune must not give them away to it.
    """
    wanted = {other for others in looks.values() for other in others}
    if not wanted:
        return []
    query = (
        select(ReportPhoto, Report)
        .join(Report, Report.id == ReportPhoto.report_id)
        .where(
            ReportPhoto.photo_id.in_(sorted(wanted)),
            Report.id != report.id,
            Report.state != "withdrawn",
            readable_reports(actor),
        )
        .order_by(Report.received_at.desc(), Report.id.desc())
    )
    others = session().execute(query).unique().all()
    found = [
        ReusedPhoto(number, own.photo, link.photo, other)
        for link, other in others
        for number, own in enumerate(report.photos, start=1)
        if link.photo_id in looks.get(own.photo_id, ())
    ]
    return found[:MOST]
