"""Steps of two persons: proposed by one, taken or returned by another, or lapsed."""

from datetime import date
from typing import Any

from webapp.cases.models import Case, Proposal
from webapp.casework.queries import pending_proposal
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import Conflict, TransitionRefused
from webapp.core.text import _
from webapp.core.unit_of_work import session


def propose(
    actor: Actor,
    case: Case,
    kind: str,
    *,
    content: dict[str, Any],
    reason: str = "",
    due_on: date | None = None,
) -> Proposal:
    """Put a step before a second person. Raises Conflict when one of its kind waits already."""
    if pending_proposal(case.id, kind) is not None:
        raise Conflict(_("Đã có một đề nghị như vậy đang chờ duyệt."))
    proposal = Proposal(
        case_id=case.id,
        kind=kind,
        state="pending",
        content=content,
        reason=reason,
        due_on=due_on,
        proposed_by_id=actor.person_id,
        proposed_at=clock.now(),
    )
    session().add(proposal)
    session().flush()
    return proposal


def demand_pending(case: Case, kind: str) -> Proposal:
    """The proposal that waits. Raises TransitionRefused when there is none (any more)."""
    found = pending_proposal(case.id, kind)
    if found is None:
        raise TransitionRefused(_("Không có đề nghị nào đang chờ, hoặc đã có người xử lý."))
    return found


def decide(actor: Actor, proposal: Proposal, state: str, *, answer: str | None = None) -> None:
    """Note who took or returned a proposal, and why."""
    proposal.state, proposal.answer = state, answer
    proposal.decided_by_id, proposal.decided_at = actor.person_id, clock.now()
