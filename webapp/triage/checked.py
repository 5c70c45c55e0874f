"""What today's work shows of site checks: what was found, or that nobody went in time."""

from flask import url_for
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from webapp.cases.indexed import still_open
from webapp.cases.models import Case
from webapp.cases.permissions import REQUEST_VERIFICATION
from webapp.cases.policy import readable
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.triage.models import SiteCheck
from webapp.triage.piles import Pile, Proposed, register_pile

LIMIT = 100


def proposed(actor: Actor) -> list[Proposed]:
    """Cases of the actor's committees whose last site check came back, the oldest first."""
    mine = sorted(actor.organisations_for(REQUEST_VERIFICATION))
    if not mine:
        return []
    each = aliased(SiteCheck)
    last = select(func.max(each.id)).where(each.case_id == Case.id).scalar_subquery()
    back_at = func.coalesce(SiteCheck.recorded_at, SiteCheck.returned_at)
    query = (
        select(Case.code, SiteCheck)
        .join(SiteCheck, SiteCheck.case_id == Case.id)
        .where(
            Case.owner_id.in_(mine),
            Case.state == "received",
            still_open(),
            readable(actor),
            SiteCheck.id == last,
            SiteCheck.state != "cancelled",
        )
        .order_by(back_at, SiteCheck.id)
        .limit(LIMIT)
    )
    return [_proposed(code, check) for code, check in session().execute(query)]


def _proposed(code: str, check: SiteCheck) -> Proposed:
    if check.recorded_at is not None:
        day = f"{clock.local(check.recorded_at):%d/%m/%Y}"
        why, step = _("Đã có kết quả xem tại chỗ ngày %(day)s.", day=day), "assess"
        return Proposed(code, why, _("Ghi ý kiến xem xét"), _url(code, step))
    why = _("Chưa ai đi xem, hạn hết ngày %(day)s.", day=f"{check.due_on:%d/%m/%Y}")
    again = _("Yêu cầu xác minh tại chỗ")
    return Proposed(code, why, again, _url(code, "request_verification"))


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
