"""How content senders are with what came out: once for each end of their case.

Ratings of people who complained are no sample: they never enter the satisfaction index.
"""

from sqlalchemy import select

from webapp.cases.models import Case
from webapp.core import clock
from webapp.core.errors import TransitionRefused
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.reporting import messages
from webapp.reporting.alerts import tell_front
from webapp.reporting.asks import WORDS_LIMIT, case_of, note_of_sender
from webapp.reporting.keys import first_time
from webapp.reporting.models import Report, ReportRating
from webapp.reporting.seen import REOPENABLE, ended_at
from webapp.reporting.wording import cleaned, invalid
from webapp.reporting.workflow import MARKS


def rate(report: Report, *, mark: str | None, words: str | None, raw_key: str | None) -> None:
    """Say how content one is with the end of the case; an unsatisfied word is told to the Front.

    Raises Invalid by field, TransitionRefused before the end and for a second rating of one end.
    """
    text = cleaned(words, "words", WORDS_LIMIT, lines=True)
    if mark not in MARKS:
        raise invalid("mark", _("Xin chọn một trong ba mức."))
    if not first_time(report, raw_key, act="rate", mark=mark, words=words):
        return
    case = case_of(report)
    if not may_rate(report, case):
        raise TransitionRefused(_("Vụ việc chưa kết thúc, hoặc ông/bà đã đánh giá rồi."))
    at = clock.now()
    session().add(ReportRating(report_id=report.id, case_id=case.id, at=at, mark=mark, words=text))
    note_of_sender(report, "rate", words=text, mark=mark)
    if mark == "unsatisfied":
        tell_front(report, messages.NEWS)


def may_rate(report: Report, case: Case) -> bool:
    """Whether the case ended and the sender has not yet rated this end."""
    return case.state in REOPENABLE and last_rating(report, case) is None


def last_rating(report: Report, case: Case) -> ReportRating | None:
    """The sender's rating of the present end of the case."""
    query = select(ReportRating).where(
        ReportRating.report_id == report.id, ReportRating.case_id == case.id
    )
    since = ended_at(case)
    if case.state not in REOPENABLE:
        return None
    if since is not None:
        query = query.where(ReportRating.at >= since)
    return session().scalar(query.order_by(ReportRating.id.desc()).limit(1))
