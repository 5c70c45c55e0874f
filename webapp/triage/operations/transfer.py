"""A case that belongs to another unit: proposed, taken there, or returned."""

from sqlalchemy import select, update

from webapp.cases.clocks import subject_of
from webapp.cases.indexed import still_pending
from webapp.cases.models import Case, Proposal
from webapp.cases.operations import Covers, searched_words, take_step
from webapp.cases.permissions import OPEN
from webapp.core import clock
from webapp.core.actor import Actor, Grant
from webapp.core.errors import TransitionRefused
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.directory.models import Unit
from webapp.directory.queries import front_of, province_of, unit
from webapp.notifications.operations import notify
from webapp.reporting.models import Report
from webapp.triage import messages
from webapp.triage.operations.evidence import invalid
from webapp.triage.operations.reporters import tell_reporters


def propose_transfer(actor: Actor, case: Case, *, unit_id: int, reason: str) -> Proposal:
    """Ask the committee of another commune of the province to take the case.

    Raises Forbidden, TransitionRefused (one is pending), Invalid on ``unit``.
    """
    target = unit(unit_id)
    front = front_of(target.id, clock.today_local())
    if front is None or target.id == case.handling_unit_id or target.kind != "commune":
        raise invalid("unit", _("Xin chọn một xã, phường khác."))
    if pending_transfer(case) is not None:
        raise TransitionRefused(_("Đã có một đề nghị chuyển địa bàn đang chờ trả lời."))
    given = {"unit": target, "reason": reason}
    with take_step(actor, case, "propose_transfer", voice="front", given=given) as line:
        line.note = f"{target.name}. {reason}"
        line.facts = {"unit": target.id}
        proposal = Proposal(
            case_id=case.id,
            kind="transfer",
            state="pending",
            content={"from_unit": case.handling_unit_id},
            reason=reason,
            target_unit_id=target.id,
            proposed_by_id=actor.person_id,
            proposed_at=clock.now(),
        )
        session().add(proposal)
    notify(messages.TRANSFER_ASKED, subject_of(case), organisation_id=front.id)
    return proposal


def transfer_case(actor: Actor, case: Case) -> None:
    """Take a proposed case into the own unit; its reports come along, clocks run on.

    Raises Forbidden, TransitionRefused when nothing is proposed.
    """
    proposal = _demand_pending(case)
    target = unit(proposal.target_unit_id or 0)
    with take_step(actor, case, "transfer", voice="front", covers=_receives(proposal)) as line:
        words = f"Đã chuyển đến {target.name}."
        line.public_line, line.facts = words, {"from": case.handling_unit_id, "to": target.id}
        tell_reporters(actor, case, "transfer", words)
        _settle(actor, proposal, "taken")
        _hand_to(case, target)


def return_transfer(actor: Actor, case: Case, *, reason: str) -> None:
    """Send a proposed case back. Raises Forbidden, TransitionRefused, Invalid on ``reason``."""
    proposal = _demand_pending(case)
    given = {"reason": reason}
    with take_step(
        actor, case, "return_transfer", voice="front", given=given, covers=_receives(proposal)
    ) as line:
        line.note = reason
        _settle(actor, proposal, "returned", answer=reason)


def pending_transfer(case: Case) -> Proposal | None:
    """The transfer that waits for an answer."""
    query = select(Proposal).where(
        Proposal.case_id == case.id, Proposal.kind == "transfer", still_pending()
    )
    return session().scalar(query)


def receives(actor: Actor, case: Case) -> bool:
    """Whether the actor's committee is asked to take the case, for its page."""
    proposal = case.proposal("transfer")
    if proposal is None:
        return False
    covers = _receives(proposal)
    return any(covers(grant) for grant in actor.grants_for(OPEN))


def _receives(proposal: Proposal) -> Covers:
    def covers(grant: Grant) -> bool:
        return grant.unit_id == proposal.target_unit_id

    return covers


def _demand_pending(case: Case) -> Proposal:
    proposal = pending_transfer(case)
    if proposal is None:
        raise TransitionRefused(_("Không có đề nghị chuyển địa bàn nào đang chờ."))
    return proposal


def _settle(actor: Actor, proposal: Proposal, state: str, answer: str | None = None) -> None:
    proposal.state, proposal.answer = state, answer
    proposal.decided_by_id, proposal.decided_at = actor.person_id, clock.now()


def _hand_to(case: Case, target: Unit) -> None:
    level_unit = province_of(target) if case.level == "province" else target
    owner = front_of(level_unit.id, clock.today_local())
    session().execute(
        update(Report).where(Report.case_id == case.id).values(handling_unit_id=target.id)
    )
    case.handling_unit = target
    case.handling_unit_id = target.id
    case.assignee_id = None
    case.search_text = searched_words(case)
    if owner is not None:
        case.owner = owner
