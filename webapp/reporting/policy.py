"""Who sees which report: the Front of its unit, never an office, never a group.

What was sent straight to the province no commune role sees before the province releases it.
"""

from functools import lru_cache

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from webapp.accounts.absence import not_aside
from webapp.core.actor import Actor, ActorKind, Grant, Level
from webapp.core.conditions import one_of
from webapp.core.errors import Forbidden
from webapp.core.permissions import Permission
from webapp.core.unit_of_work import session
from webapp.media.models import Photo
from webapp.media.policy import register_viewer
from webapp.reporting import permissions as may
from webapp.reporting.models import Report, ReportPhoto


@lru_cache(maxsize=128)
def readable_reports(actor: Actor, by: Permission = may.READ) -> ColumnElement[bool]:
    """The condition on ``Report`` for every report where the actor holds ``by``."""
    if actor.kind is ActorKind.SYSTEM:
        return true()
    rules = [_within(grant) for grant in actor.grants_for(by)]
    return and_(or_(*rules), not_aside(actor, "report", Report.id)) if rules else false()


def grant_for(actor: Actor, report: Report, permission: Permission) -> Grant | None:
    """The grant by which the actor holds a permission on this very report."""
    for grant in actor.grants_for(permission):
        if report.handling_unit_id in grant.unit_ids and _shown_to(grant, report):
            return grant
    return None


def demand(actor: Actor, report: Report, permission: Permission) -> Grant:
    """``grant_for``, or raise Forbidden."""
    grant = grant_for(actor, report, permission)
    if grant is None:
        raise Forbidden
    return grant


def at_province(actor: Actor, report: Report) -> bool:
    """Whether the actor reads the report as the province Front."""
    return any(
        grant.level is Level.PROVINCE and report.handling_unit_id in grant.unit_ids
        for grant in actor.grants_for(may.READ)
    )


@register_viewer
def reads_report_of(actor: Actor, photo: Photo) -> bool:
    """Whether the photo belongs to a report that the actor reads."""
    query = (
        select(Report.id)
        .join(ReportPhoto, ReportPhoto.report_id == Report.id)
        .where(ReportPhoto.photo_id == photo.id, readable_reports(actor))
    )
    return session().scalar(query.limit(1)) is not None


def _within(grant: Grant) -> ColumnElement[bool]:
    here = one_of(Report.handling_unit_id, grant.unit_ids)
    if grant.level is Level.PROVINCE:
        return here
    return and_(here, or_(Report.to_province.is_(False), Report.released))


def _shown_to(grant: Grant, report: Report) -> bool:
    return grant.level is Level.PROVINCE or not report.to_province or report.released
