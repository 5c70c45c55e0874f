"""Who sees a photo as staff: the Front its reports', the one who acts what the officer chose."""

from sqlalchemy import select

from webapp.cases.models import Case, CasePhoto
from webapp.core.actor import Actor
from webapp.core.unit_of_work import session
from webapp.media.models import Photo
from webapp.media.policy import register_viewer
from webapp.reporting.models import Report, ReportPhoto
from webapp.reporting.policy import readable_reports
from webapp.triage.models import LocalAction
from webapp.triage.policy import actions_for


@register_viewer
def shows_to_front(actor: Actor, photo: Photo) -> bool:
    """A photo of a report that the officer may read."""
    found = (
        select(ReportPhoto.id)
        .join(Report, Report.id == ReportPhoto.report_id)
        .where(ReportPhoto.photo_id == photo.id, readable_reports(actor))
    )
    return session().scalar(found.limit(1)) is not None


@register_viewer
def shows_to_doer(actor: Actor, photo: Photo) -> bool:
    """A photo that the officer chose for those who act, while they act."""
    found = (
        select(CasePhoto.id)
        .join(Case, Case.id == CasePhoto.case_id)
        .join(LocalAction, LocalAction.case_id == Case.id)
        .where(
            CasePhoto.photo_id == photo.id,
            CasePhoto.shown_to_doer,
            Case.state == "local_action",
            LocalAction.reported_at.is_(None),
            actions_for(actor),
        )
    )
    return session().scalar(found.limit(1)) is not None
