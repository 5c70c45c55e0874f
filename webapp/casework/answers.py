"""Which recommendations were answered, and which of them late: one rule for whoever counts them.

The clock of a letter stops on the day of its first answer, whenever somebody wrote it down; the
answer is late when the clock stopped after it was due. One that stopped without an answer, because
the matter was handed over, is nobody's answer. Boards, public figures, hearings ask here.
"""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, select

from webapp.casework.models import Recommendation
from webapp.casework.workflow import SENT
from webapp.core import clock
from webapp.core.unit_of_work import session
from webapp.deadlines.models import ClockRule, Deadline

ANSWER_CLOCKS: Final = ("front_reco_reply", "front_reco_reply_complex")
CLARIFY: Final = "front_reco_clarify"
"""The office's time to make its answer clear, once the Front asked for that."""


def answered_clocks(*columns: Any) -> Select[Any]:
    """These columns of the letters that were answered, with the clock that stopped then."""
    return _clocks(*columns).where(
        Deadline.stopped_at.is_not(None), Recommendation.answered_on.is_not(None)
    )


def came_late() -> ColumnElement[bool]:
    """Of ``answered_clocks``, those whose answer came after its day."""
    return Deadline.stopped_at > Deadline.due_at


def answered_late(letter_ids: Iterable[int]) -> set[int]:
    """Those of these letters whose answer came after its day."""
    query = answered_clocks(Recommendation.id).where(
        Recommendation.id.in_(sorted(letter_ids)), came_late()
    )
    return set(session().scalars(query))


def waiting_late(letter_ids: Iterable[int]) -> set[int]:
    """Those of these letters that arrived, and wait for an answer after its day."""
    query = _clocks(Recommendation.id).where(
        Recommendation.id.in_(sorted(letter_ids)),
        Deadline.stopped_at.is_(None),
        Deadline.due_at < clock.now(),
    )
    return set(session().scalars(query))


def _clocks(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .join(Deadline, Deadline.subject_id == Recommendation.id)
        .join(ClockRule, ClockRule.id == Deadline.rule_id)
        .where(
            Deadline.subject_kind == "recommendation",
            ClockRule.key.in_(ANSWER_CLOCKS),
            Recommendation.state.in_(sorted(SENT)),
        )
    )
