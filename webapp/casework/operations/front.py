"""The Front's other steps of a case that an office has or had: reassess, hand over."""

from webapp.audit.operations import record, seal_reason
from webapp.cases.clocks import subject_of
from webapp.cases.models import Case
from webapp.cases.operations import take_step
from webapp.cases.permissions import HAND_OVER
from webapp.casework.operations.moves import lock_recommendation, move
from webapp.casework.operations.moves import subject_of as subject_of_letter
from webapp.casework.queries import recommendations_of, sent_recommendation
from webapp.core.actor import Actor
from webapp.core.text import _
from webapp.deadlines.operations import stop_all
from webapp.triage.operations.evidence import MISSING, invalid

HAND_OVER_BODIES = {
    "police": _("Cơ quan Công an"),
    "procuracy": _("Viện kiểm sát"),
    "inspectorate": _("Cơ quan thanh tra"),
    "other": _("Cơ quan khác có thẩm quyền"),
}


def reassess_case(actor: Actor, case: Case, *, reason: str) -> None:
    """Accept the office's refusal, which is the Front's view of that answer.

    Raises Forbidden, TransitionRefused, Invalid on ``reason``.
    """
    with take_step(actor, case, "reassess", voice="front", given={"reason": reason}) as line:
        line.public_line = str(_("Mặt trận xem xét lại sau trả lời của cơ quan."))
        line.note = reason
    sent = sent_recommendation(case)
    if sent is not None and sent.state == "answered":
        recommendation = lock_recommendation(sent)
        with move(actor, recommendation, "agree", words=reason, follows=True):
            recommendation.view = reason


def hand_over_case(actor: Actor, case: Case, *, body: str, reason: str) -> None:
    """Pass the case to the body that may investigate; the words are sealed, the page turns neutral.

    Raises Forbidden, TransitionRefused, Invalid on ``body`` and ``reason``.
    """
    if body and body not in HAND_OVER_BODIES:
        raise invalid("body", MISSING)
    voice = "front" if case.owner_id in actor.organisations_for(HAND_OVER) else "office"
    with take_step(
        actor, case, "hand_over", voice=voice, given={"body": body, "reason": reason}
    ) as line:
        stop_all(subject_of(case))
        for recommendation in recommendations_of(case.id):
            stop_all(subject_of_letter(recommendation))
        line.public_line = str(_("Vụ việc đã chuyển cơ quan có thẩm quyền."))
        record(
            actor,
            "casework.seal_hand_over",
            subject_of(case),
            by=HAND_OVER,
            reason=seal_reason(reason),
            body=body,
        )
