"""What today's work shows of site checks: what was found, or that nobody went in time."""

from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from flask import url_for
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from webapp.cases.indexed import still_open
from webapp.cases.models import Case
from webapp.cases.permissions import REQUEST_VERIFICATION
from webapp.cases.policy import readable
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.conditions import in_words, states_in_words
from webapp.core.prepared import Prepared
from webapp.core.text import _
from webapp.triage.models import SiteCheck
from webapp.triage.piles import Pile, Proposed, register_pile

LIMIT = 100


class _Back(NamedTuple):
    """The last check of a case: when it was answered, if it was, and until when it could be."""

    code: str
    recorded_at: datetime | None
    due_on: date


def proposed(actor: Actor) -> list[Proposed]:
    """Cases of the actor's committees whose last site check came back, the oldest first."""
    if not actor.organisations_for(REQUEST_VERIFICATION):
        return []
    return [_proposed(_Back._make(row)) for row in _came_back(actor).rows()]


@lru_cache(maxsize=64)
def _came_back(actor: Actor) -> Prepared:
    """Built once for the same actor: building takes longer than running."""
    mine = Case.owner_id.in_(sorted(actor.organisations_for(REQUEST_VERIFICATION)))
    each = aliased(SiteCheck)
    last = select(func.max(each.id)).where(each.case_id == Case.id).scalar_subquery()
    back_at = func.coalesce(SiteCheck.recorded_at, SiteCheck.returned_at)
    return Prepared(
        select(Case.code, SiteCheck.recorded_at, SiteCheck.due_on)
        .join(SiteCheck, SiteCheck.case_id == Case.id)
        .where(
            mine,
            Case.state == states_in_words(("received",))[0],
            still_open(),
            readable(actor),
            SiteCheck.id == last,
            SiteCheck.state != "cancelled",
        )
        .order_by(back_at, SiteCheck.id)
        .limit(in_words(LIMIT))
    )


def _proposed(back: _Back) -> Proposed:
    if back.recorded_at is not None:
        day = f"{clock.local(back.recorded_at):%d/%m/%Y}"
        why, step = _("Đã có kết quả xem tại chỗ ngày %(day)s.", day=day), "assess"
        return Proposed(back.code, why, _("Ghi ý kiến xem xét"), _url(back.code, step))
    why = _("Chưa ai đi xem, hạn hết ngày %(day)s.", day=f"{back.due_on:%d/%m/%Y}")
    again = _("Yêu cầu xác minh tại chỗ")
    return Proposed(back.code, why, again, _url(back.code, "request_verification"))


def _url(code: str, step: str) -> str:
    return url_for("staff_cases.take", code=code, step=step)


register_pile(
    Pile(
        "xem-tai-cho",
        _("Xem tại chỗ"),
        _("Không có kết quả xem nào chờ"),
        _("Kết quả xem tại chỗ và việc không ai đi xem trong hạn hiện ở đây."),
        (REQUEST_VERIFICATION,),
        proposed,
    )
)
