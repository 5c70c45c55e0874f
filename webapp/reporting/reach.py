"""Senders who can be told: by the contact they left or the browser that asked; and for how long."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from webapp.cases.models import Case, TimelineLine
from webapp.cases.workflow import ENDED
from webapp.core import clock
from webapp.core.unit_of_work import session, write_unit
from webapp.notifications.models import NoticeChoice, PushSubscription
from webapp.notifications.subscriptions import forget_ended
from webapp.reporting.models import Report, ReportIdentity, ReportLine

FORGOTTEN_AFTER: Final = timedelta(days=30)
_BATCH: Final = 500
_ENDED_REPORTS = ("rejected", "redirected", "withdrawn")
_ENDED_UNDATED = ("dismissed", "handed_over")
_KIND = "report"


def reachable() -> ColumnElement[bool]:
    """The condition on ``Report`` that somebody may get a notice about it."""
    contact = exists().where(
        ReportIdentity.report_id == Report.id,
        or_(ReportIdentity.email_sealed.is_not(None), ReportIdentity.phone_sealed.is_not(None)),
    )
    return or_(contact, _has(PushSubscription))


def forget_channels() -> None:
    """Remove subscriptions and choices 30 days after the case, or the report, has ended (task).

    A stop of the mails stays.
    """
    with write_unit():
        forget_ended(_KIND, _long_ended())


def _long_ended() -> Sequence[int]:
    """A merged case lives on in the one it was merged into."""
    before = clock.now() - FORGOTTEN_AFTER
    still = or_(Report.case_id.is_(None), Case.state.in_(sorted(ENDED)))
    ended = or_(
        and_(Report.case_id.is_(None), Report.state.in_(_ENDED_REPORTS), ~_step_since(before)),
        Case.closed_at < before,
        and_(Case.state.in_(_ENDED_UNDATED), ~_case_step_since(before)),
    )
    known = or_(_has(PushSubscription), _has(NoticeChoice, NoticeChoice.mail.is_(True)))
    first = aliased(Case)
    query = (
        select(Report.id)
        .outerjoin(first, first.id == Report.case_id)
        .outerjoin(Case, Case.id == func.coalesce(first.merged_into_id, first.id))
        .where(known, still, ended)
    )
    return session().scalars(query.order_by(Report.id).limit(_BATCH)).all()


def _has(
    model: type[PushSubscription] | type[NoticeChoice], *more: ColumnElement[bool]
) -> ColumnElement[bool]:
    return exists().where(model.subject_kind == _KIND, model.subject_id == Report.id, *more)


def _step_since(moment: datetime) -> ColumnElement[bool]:
    return exists().where(ReportLine.report_id == Report.id, ReportLine.at >= moment)


def _case_step_since(moment: datetime) -> ColumnElement[bool]:
    return exists().where(TimelineLine.case_id == Case.id, TimelineLine.at >= moment)
