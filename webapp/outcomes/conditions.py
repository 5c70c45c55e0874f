"""What must hold before a case is closed, each as a line that says what is missing."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, bindparam, exists, func, select

from webapp.cases.models import Case, CaseVote, TimelineLine
from webapp.cases.votes import votes_since_result
from webapp.casework.models import Recommendation
from webapp.casework.queries import UNJUDGED
from webapp.casework.workflow import SENT
from webapp.core import clock
from webapp.core.prepared import Prepared
from webapp.core.text import Text, _
from webapp.core.unit_of_work import session
from webapp.deadlines.models import ClockRule, Deadline
from webapp.deadlines.rule_table import CONFIRMATION_WINDOW
from webapp.outcomes.models import Outcome
from webapp.outcomes.workflow import PUBLIC

_SHOWN = "outcomes.closing_conditions"


@dataclass(frozen=True)
class Condition:
    """One condition: what it asks, whether it is met, and what is missing when it is not."""

    key: str
    asks: Text
    met: bool
    missing: Text


def closing_conditions(case: Case) -> list[Condition]:
    """Every condition of ``close`` that applies to this case, in the order of the table."""
    known = _known(case)
    votes = votes_since_result(case.id) if known.has_votes else []
    conditions = [
        _judged(known),
        _votes_answered(votes),
        _published(case, known),
        _confirmed(known, votes),
    ]
    if known.as_urgent:
        conditions.insert(1, _regularised(known))
    return conditions


def shown_conditions(case: Case) -> list[Condition]:
    """``closing_conditions`` on a page, which asks for the step and for what is missing: once.

    For whatever only reads: kept with the session of the request.
    """
    kept: dict[tuple[int, int], list[Condition]] = session().info.setdefault(_SHOWN, {})
    key = case.id, case.version
    if key not in kept:
        kept[key] = closing_conditions(case)
    return kept[key]


@dataclass(frozen=True)
class _Known:
    """What the conditions look at besides the votes."""

    unjudged: int
    sent: bool
    as_urgent: bool
    outcome: str | None
    window_ends: datetime | None
    has_votes: bool


def _known(case: Case) -> _Known:
    [found] = _known_query().rows({"case": case.id})
    return _Known(*found)


@cache
def _known_query() -> Prepared:
    """One statement for all, built once: pages of cases that wait for their end ask it."""
    asked: Any = bindparam("case", type_=BigInteger())
    letter, outcome = Recommendation.case_id == asked, Outcome.case_id == asked
    window = (
        Deadline.rule_id == ClockRule.id,
        ClockRule.key == CONFIRMATION_WINDOW,
        Deadline.subject_kind == "case",
        Deadline.subject_id == asked,
        Deadline.stopped_at.is_(None),
    )
    urgent = TimelineLine.case_id == asked, TimelineLine.transition == "accept_urgent"
    unjudged = select(func.count(Recommendation.id)).where(
        letter, Recommendation.state.in_(UNJUDGED)
    )
    return Prepared(
        select(
            unjudged.scalar_subquery(),
            exists().where(letter, Recommendation.state.in_(sorted(SENT))),
            exists().where(*urgent),
            select(Outcome.state).where(outcome).limit(1).scalar_subquery(),
            select(func.max(Deadline.due_at)).where(*window).scalar_subquery(),
            exists().where(CaseVote.case_id == asked),
        )
    )


def _is_fast(case: Case, known: _Known) -> bool:
    """Whether a public line is enough: settled on the spot in the fast lane, no letter sent."""
    settled = case.fast and case.last_result == "report_local_result"
    return settled and case.public_since is not None and not known.sent


def _judged(known: _Known) -> Condition:
    waiting = known.unjudged
    return Condition(
        "judged",
        _("Mặt trận đã cho ý kiến về mọi trả lời của cơ quan"),
        waiting == 0,
        _("Còn %(count)s trả lời của cơ quan chưa có ý kiến của Mặt trận.", count=waiting),
    )


def _regularised(known: _Known) -> Condition:
    return Condition(
        "regularised",
        _("Việc khẩn đã có kiến nghị chính thức"),
        known.sent,
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


def _published(case: Case, known: _Known) -> Condition:
    return Condition(
        "published",
        _("Đã công khai kết quả, hoặc đã ghi lý do hợp pháp không công khai"),
        known.outcome in PUBLIC or bool(case.not_published_reason) or _is_fast(case, known),
        _("Chưa công khai kết quả và chưa ghi lý do hợp pháp không công khai."),
    )


def _confirmed(known: _Known, votes: list[CaseVote]) -> Condition:
    ends, missing = known.window_ends, _("Chưa ai xác nhận đã xong.")
    if ends is not None:
        day = clock.local(ends).strftime("%d/%m/%Y")
        missing = _("Chưa ai xác nhận đã xong; thời gian chờ xác nhận hết ngày %(day)s.", day=day)
    return Condition(
        "confirmed",
        _("Bà con xác nhận đã xong, hoặc đã hết thời gian chờ xác nhận"),
        any(vote.fixed for vote in votes) or (ends is not None and ends <= clock.now()),
        missing,
    )
