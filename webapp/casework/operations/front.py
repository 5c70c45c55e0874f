"""The Front's other steps of a case that an office has or had: reassess, urge, hand over."""

from dataclasses import dataclass, replace
from datetime import date

from webapp.audit.operations import record, seal_reason
from webapp.cases.clocks import subject_of
from webapp.cases.models import Case
from webapp.cases.operations import take_step
from webapp.cases.permissions import HAND_OVER
from webapp.casework.letters import SIGNERS, compose_urging
from webapp.casework.models import Recommendation, UrgingLetter
from webapp.casework.operations.moves import lock_recommendation, move
from webapp.casework.operations.moves import subject_of as subject_of_letter
from webapp.casework.operations.proof import demand_ahead
from webapp.casework.queries import recommendations_of, sent_recommendation
from webapp.core.actor import Actor
from webapp.core.errors import TransitionRefused
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.deadlines.operations import stop_all
from webapp.documents.operations import create_document, issue_document, sign_document
from webapp.documents.queries import code_of
from webapp.triage.operations.evidence import MISSING, invalid

HAND_OVER_BODIES = {
    "police": _("Cơ quan Công an"),
    "procuracy": _("Viện kiểm sát"),
    "inspectorate": _("Cơ quan thanh tra"),
    "other": _("Cơ quan khác có thẩm quyền"),
}


@dataclass(frozen=True, kw_only=True)
class UrgingContent:
    """An urging letter as it was signed and entered in the register."""

    number: str
    issued_on: date
    new_due_on: date
    position: str
    name: str
    situation: str = ""


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


def urge_case(actor: Actor, case: Case, content: UrgingContent) -> UrgingLetter:
    """Send a numbered urging letter that recalls the recommendation in force.

    Raises Forbidden, TransitionRefused when no letter was delivered, Invalid by field.
    """
    sent = _delivered(case)
    demand_ahead(content.new_due_on, "new_due_on")
    if content.position not in SIGNERS:
        raise invalid("position", MISSING)
    with take_step(actor, case, "urge", voice="front", given={"document": content.number}) as line:
        letter = _write_urging(actor, case, sent, content)
        line.public_line = str(
            _(
                "Công văn đôn đốc số %(code)s ngày %(day)s gửi %(addressee)s.",
                code=code_of(letter.document),
                day=f"{content.issued_on:%d/%m/%Y}",
                addressee=sent.addressee.name,
            )
        )
        line.facts = {"document": letter.document.uid}
    return letter


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


def _delivered(case: Case) -> Recommendation:
    sent = sent_recommendation(case)
    if sent is None or sent.delivered_on is None:
        raise TransitionRefused(
            _("Chỉ đôn đốc khi công văn kiến nghị đã gửi đến nơi. Xin ghi ngày gửi trước.")
        )
    return sent


def _write_urging(
    actor: Actor, case: Case, sent: Recommendation, content: UrgingContent
) -> UrgingLetter:
    signature = replace(SIGNERS[content.position], name=content.name)
    draft = compose_urging(
        case,
        sent,
        signature=signature,
        new_due_on=content.new_due_on,
        situation=content.situation,
    )
    document = create_document(actor, sent.author, draft)
    sign_document(actor, document, signature)
    issue_document(actor, document, number=content.number, issued_on=content.issued_on)
    letter = UrgingLetter(
        case_id=case.id,
        recommendation_id=sent.id,
        document=document,
        new_due_on=content.new_due_on,
    )
    session().add(letter)
    session().flush()
    return letter
