"""More time: asked for by the one who acts, signed by the Front."""

from datetime import date, datetime

from sqlalchemy import select

from webapp.audit.operations import Subject
from webapp.cases.clocks import subject_of
from webapp.cases.models import Case, Proposal
from webapp.cases.operations import take_step
from webapp.cases.policy import holds
from webapp.casework.operations.proof import Paper, demand_ahead, office_step
from webapp.casework.operations.proposals import decide, demand_pending, propose
from webapp.core.actor import Actor, Grant
from webapp.core.clock import local
from webapp.core.errors import TransitionRefused
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.core.working_days import end_of_day
from webapp.deadlines.models import Deadline
from webapp.deadlines.operations import extend_clock
from webapp.deadlines.queries import clocks_of
from webapp.triage.models import LocalAction
from webapp.triage.operations.evidence import invalid

# Which clock somebody waits for in each state that can be given more time.
_CLOCKS = {
    "local_action": ("local_action",),
    "escalated": ("accept", "accept_urgent"),
    "accepted": ("conclude",),
    "inspecting": ("conclude",),
    "remedying": ("remedy",),
}


def propose_extension(
    actor: Actor, case: Case, *, reason: str, due_on: date, paper: Paper | None = None
) -> Proposal:
    """Ask for a later day. Raises Forbidden, TransitionRefused, Conflict, Invalid on ``due_on``."""
    given = {"reason": reason, "due_on": due_on}
    running = _running(case)
    present = local(running.due_at).date()
    if demand_ahead(due_on, "due_on") <= present:
        words = _("Hạn mới phải sau hạn đang chạy, ngày %(day)s.", day=f"{present:%d/%m/%Y}")
        raise invalid("due_on", words)
    if case.state == "local_action":
        with take_step(
            actor,
            case,
            "propose_extend",
            voice="front",
            given=given,
            covers=lambda grant: _asks(grant, case),
        ) as line:
            line.note = reason
    else:
        with office_step(actor, case, "propose_extend", given=given, paper=paper) as line:
            line.note = reason
    return propose(
        actor,
        case,
        "extend",
        content={"rule": running.rule.key},
        reason=reason,
        due_on=due_on,
    )


def extend_case(actor: Actor, case: Case) -> None:
    """Sign the later day that was asked for. Raises Forbidden, TransitionRefused, Invalid."""
    pending = demand_pending(case, "extend")
    due_on = pending.due_on
    with take_step(actor, case, "extend", voice="front", given={"due_on": due_on}) as line:
        decide(actor, pending, "taken")
        if due_on is not None:
            running = _running(case)
            before = local(running.due_at).date()
            extend_clock(
                actor,
                subject_of(case),
                running.rule.key,
                due_at=end_of_day(due_on),
                reason=pending.reason,
            )
            line.public_line = str(
                _(
                    "Gia hạn từ ngày %(before)s đến ngày %(day)s.",
                    before=f"{before:%d/%m/%Y}",
                    day=f"{due_on:%d/%m/%Y}",
                )
            )
        line.note = pending.reason


def return_extension(actor: Actor, case: Case, *, reason: str) -> None:
    """Refuse more time. Raises Forbidden, TransitionRefused, Invalid on ``reason``."""
    pending = demand_pending(case, "extend")
    with take_step(actor, case, "return_extend", voice="front", given={"reason": reason}) as line:
        decide(actor, pending, "returned", answer=reason)
        line.note = reason


def running_due(case: Case) -> datetime | None:
    """When the clock that can be given more time is due as it runs now; None where none runs."""
    running = _found(case)
    return running.due_at if running else None


def asks_in_vain(proposal: Proposal) -> bool:
    """Whether more time is asked for on a clock that runs no longer.

    A matter that became urgent, or is so no more, goes on under the other key of the same clock.
    """
    if proposal.kind != "extend":
        return False
    asked = _plain(proposal.content["rule"])
    return not any(
        each.stopped_at is None and _plain(each.rule.key) == asked
        for each in clocks_of(Subject("case", proposal.case_id))
    )


def _plain(key: str) -> str:
    return key.removesuffix("_urgent")


def _running(case: Case) -> Deadline:
    running = _found(case)
    if running is None:
        raise TransitionRefused(_("Không còn thời hạn nào đang chạy để gia hạn."))
    return running


def _found(case: Case) -> Deadline | None:
    keys = _CLOCKS.get(case.state, ())
    clocks = clocks_of(subject_of(case))
    return next((c for c in clocks if c.stopped_at is None and c.rule.key in keys), None)


def _asks(grant: Grant, case: Case) -> bool:
    """The one who acts locally asks, or the Front for them."""
    acting = select(LocalAction.id).where(
        LocalAction.case_id == case.id,
        LocalAction.organisation_id == grant.organisation_id,
        LocalAction.reported_at.is_(None),
    )
    return holds(grant, case, "propose_extend") or session().scalar(acting) is not None
