"""From the commune to the province: proposed by the one, taken or returned by the other."""

from webapp.cases.models import Case, Proposal
from webapp.cases.operations import searched_words, take_step
from webapp.casework.operations.proposals import decide, demand_pending, propose
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import TransitionRefused
from webapp.core.text import _
from webapp.directory.queries import front_of, province_of
from webapp.triage.operations.evidence import MISSING, invalid

RAISE_GROUNDS = {
    "overdue": _("Cơ quan quá hạn trả lời hoặc xử lý"),
    "declined": _("Cơ quan không nhận"),
    "unsatisfactory": _("Kết quả chưa thỏa đáng"),
    "contested": _("Bà con chưa đồng tình với kết quả"),
    "grave": _("Việc rất nặng, vượt quá khả năng của xã"),
}


def propose_raise(actor: Actor, case: Case, *, ground: str, reason: str) -> Proposal:
    """The commune asks the province to take the case; of an assessed one only when it is grave.

    Raises Forbidden, TransitionRefused, Conflict, Invalid on ``ground`` and ``reason``.
    """
    if ground not in RAISE_GROUNDS:
        raise invalid("ground", MISSING)
    if case.raised or case.level == "province":
        raise TransitionRefused(_("Vụ việc này đã do cấp tỉnh giữ."))
    if case.state == "assessed" and case.severity != "grave":
        raise TransitionRefused(_("Khi chưa gửi kiến nghị, chỉ chuyển lên tỉnh việc rất nặng."))
    with take_step(actor, case, "propose_raise", voice="front", given={"reason": reason}) as line:
        line.note = reason
        line.facts = {"ground": ground}
    return propose(actor, case, "raise", content={"ground": ground}, reason=reason)


def raise_case(actor: Actor, case: Case) -> None:
    """The province Front takes the case; the commune keeps sight of it.

    Raises Forbidden, TransitionRefused when nothing was proposed.
    """
    pending = demand_pending(case, "raise")
    with take_step(actor, case, "raise", voice="front") as line:
        decide(actor, pending, "taken")
        owner = front_of(province_of(case.handling_unit).id, clock.today_local())
        if owner is None:
            raise TransitionRefused(_("Chưa có Mặt trận tỉnh trong danh bạ."))
        case.owner_id, case.level, case.raised = owner.id, "province", True
        line.public_line = str(_("Mặt trận tỉnh nhận vụ việc từ Mặt trận xã."))
        line.facts = {"ground": pending.content.get("ground")}


def return_raise(actor: Actor, case: Case, *, reason: str) -> None:
    """Leave the case with the commune. Raises Forbidden, TransitionRefused, Invalid."""
    pending = demand_pending(case, "raise")
    with take_step(actor, case, "return_raise", voice="front", given={"reason": reason}) as line:
        decide(actor, pending, "returned", answer=reason)
        line.note = reason


def may_release(case: Case) -> bool:
    """Whether commune roles see nothing of the case yet."""
    return case.to_province and not case.released and case.public_since is None


def release_to_commune(actor: Actor, case: Case, *, summary: str) -> None:
    """Let commune roles see a case sent straight to the province, by a summary only.

    Of a public case they read what everybody does: words for them alone would be published at once.
    Raises Forbidden, TransitionRefused when there is nothing to release, Invalid on ``summary``.
    """
    if not may_release(case):
        raise TransitionRefused(_("Vụ việc này cấp xã đã xem được."))
    with take_step(
        actor, case, "release_to_commune", voice="front", given={"summary": summary}
    ) as line:
        case.released, case.summary = True, summary
        case.search_text = searched_words(case)
        line.facts = {"released": True}
