"""What must hold before a case is closed, each as a line that says what is missing."""

from dataclasses import dataclass

from sqlalchemy import select

from webapp.cases.clocks import subject_of
from webapp.cases.models import Case, CaseVote, TimelineLine
from webapp.cases.votes import votes_since_result
from webapp.casework.queries import sent_recommendation, unjudged_answers
from webapp.core import clock
from webapp.core.text import Text, _
from webapp.core.unit_of_work import session
from webapp.deadlines.queries import clocks_of
from webapp.outcomes.models import Outcome
from webapp.outcomes.workflow import PUBLIC

WINDOW = "confirmation_window"


@dataclass(frozen=True)
class Condition:
    """One condition: what it asks, whether it is met, and what is missing when it is not."""

    key: str
    asks: Text
    met: bool
    missing: Text


def closing_conditions(case: Case) -> list[Condition]:
    """Every condition of ``close`` that applies to this case, in the order of the table."""
    votes = votes_since_result(case.id)
    conditions = [_judged(case), _votes_answered(votes), _published(case), _confirmed(case, votes)]
    if _taken_as_urgent(case):
        conditions.insert(1, _regularised(case))
    return conditions


def unanswered_votes(case: Case) -> list[CaseVote]:
    """The "not fixed" votes that stand since the last result without an answer in words."""
    return [vote for vote in votes_since_result(case.id) if not vote.fixed and not vote.answer]


def is_fast_lane(case: Case) -> bool:
    """Whether a public line is enough: settled on the spot in the fast lane, no letter sent."""
    settled = case.fast and case.last_result == "report_local_result"
    return settled and case.public_since is not None and sent_recommendation(case) is None


def _judged(case: Case) -> Condition:
    waiting = len(unjudged_answers(case))
    return Condition(
        "judged",
        _("Mặt trận đã cho ý kiến về mọi trả lời của cơ quan"),
        waiting == 0,
        _("Còn %(count)s trả lời của cơ quan chưa có ý kiến của Mặt trận.", count=waiting),
    )


def _regularised(case: Case) -> Condition:
    return Condition(
        "regularised",
        _("Việc khẩn đã có kiến nghị chính thức"),
        sent_recommendation(case) is not None,
        _("Cơ quan nhận việc khẩn trước; Mặt trận chưa ban hành kiến nghị bổ sung."),
    )


def _votes_answered(votes: list[CaseVote]) -> Condition:
    waiting = sum(not vote.fixed and not vote.answer for vote in votes)
    return Condition(
        "votes",
        _("Mọi lời báo “chưa xong” đã được trả lời"),
        waiting == 0,
        _("Còn %(count)s lời báo “chưa xong” chưa được trả lời.", count=waiting),
    )


def _published(case: Case) -> Condition:
    state = session().scalar(select(Outcome.state).where(Outcome.case_id == case.id))
    return Condition(
        "published",
        _("Đã công khai kết quả, hoặc đã ghi lý do hợp pháp không công khai"),
        state in PUBLIC or bool(case.not_published_reason) or is_fast_lane(case),
        _("Chưa công khai kết quả và chưa ghi lý do hợp pháp không công khai."),
    )


def _confirmed(case: Case, votes: list[CaseVote]) -> Condition:
    return Condition(
        "confirmed",
        _("Bà con xác nhận đã xong, hoặc đã hết thời gian chờ xác nhận"),
        any(vote.fixed for vote in votes) or _window_passed(case),
        _("Chưa ai xác nhận đã xong và thời gian chờ xác nhận chưa hết."),
    )


def _window_passed(case: Case) -> bool:
    running = (
        each
        for each in clocks_of(subject_of(case))
        if each.rule.key == WINDOW and each.stopped_at is None
    )
    return any(each.due_at <= clock.now() for each in running)


def _taken_as_urgent(case: Case) -> bool:
    query = select(TimelineLine.id).where(
        TimelineLine.case_id == case.id, TimelineLine.transition == "accept_urgent"
    )
    return session().scalar(query.limit(1)) is not None
