"""Writing a recommendation, bringing it to signature, signing it."""

from dataclasses import asdict, replace
from datetime import date

from webapp.cases.models import Case
from webapp.cases.workflow import CASE
from webapp.casework import permissions as may
from webapp.casework.letters import (
    SIGNERS,
    TERMS,
    RecommendationContent,
    addressees_of,
    answer_day,
    compose_recommendation,
    handlers_of,
    needs_assessment,
)
from webapp.casework.models import Recommendation
from webapp.casework.operations.moves import begin, demand_author, move, rewrite
from webapp.casework.queries import open_draft, sent_recommendation
from webapp.casework.workflow import RECOMMENDATION
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import Conflict
from webapp.core.text import _
from webapp.directory.models import Organisation
from webapp.documents.operations import create_document, rewrite_document, sign_document
from webapp.triage.operations.assessment import check_terms
from webapp.triage.operations.evidence import MISSING, invalid


def case_step(case: Case, sent: Recommendation | None) -> str:
    """The step of the case that the issue of a recommendation brings about.

    ``sent`` is the one in force: where an office took the case as urgent without one, the letter
    follows now. Raises TransitionRefused when the case can neither be escalated nor regularised.
    """
    taken = CASE.allows("regularise", case.state) and case.office_id is not None
    if taken and sent is None:
        return "regularise"
    if case.raised and not CASE.allows("escalate", case.state):
        return CASE.transition("escalate_raised", case.state).name
    return CASE.transition("escalate", case.state).name


def draft_recommendation(
    actor: Actor, case: Case, content: RecommendationContent
) -> Recommendation:
    """Write a recommendation on a case that the caller has locked.

    Raises Forbidden, TransitionRefused, Conflict when the committee writes one already, Invalid on
    ``content``, ``addressee``, ``handler``, ``term``, ``summary``, ``severity``, ``waste_source``.
    """
    demand_room(actor, case)
    due_on = _checked(case, content)
    letter = compose_recommendation(case, content, due_on=due_on)
    recommendation = Recommendation(
        case=case,
        document=create_document(actor, case.owner, letter),
        author_id=case.owner_id,
        state="drafted",
        version=0,
    )
    _fill(recommendation, content, due_on)
    begin(actor, recommendation, given={"content": content.request})
    return recommendation


def demand_room(actor: Actor, case: Case) -> None:
    """Raise Forbidden, TransitionRefused, or Conflict when the committee writes one already."""
    demand_author(actor, case, may.DRAFT)
    case_step(case, sent_recommendation(case))
    if open_draft(case, case.owner_id) is not None:
        raise Conflict(_("Vụ việc này đã có một kiến nghị đang soạn. Xin mở kiến nghị đó."))


def revise_draft(
    actor: Actor, recommendation: Recommendation, content: RecommendationContent
) -> None:
    """Write a draft anew, after it came back from the signer or before it went there.

    Raises Forbidden, TransitionRefused when it is not a draft any more, Invalid as drafting does.
    """
    demand_revisable(actor, recommendation)
    due_on = _checked(recommendation.case, content)
    letter = compose_recommendation(recommendation.case, content, due_on=due_on)
    rewrite_document(actor, recommendation.document, letter)
    _fill(recommendation, content, due_on)
    rewrite(actor, recommendation)


def demand_revisable(actor: Actor, recommendation: Recommendation) -> None:
    """Raise Forbidden, or TransitionRefused when it is not a draft any more."""
    demand_author(actor, recommendation.case, may.DRAFT)
    RECOMMENDATION.transition("submit_for_signature", recommendation.state)


def discard_draft(actor: Actor, recommendation: Recommendation, *, reason: str) -> None:
    """Put a draft aside that nobody needs; it stays to be read, and another may be written.

    Raises Forbidden, TransitionRefused, Invalid on ``reason``.
    """
    with move(actor, recommendation, "discard", given={"reason": reason}, words=reason):
        pass


def submit_for_signature(actor: Actor, recommendation: Recommendation) -> None:
    """Bring the draft to the chair or vice chair."""
    with move(actor, recommendation, "submit_for_signature"):
        pass


def return_draft(actor: Actor, recommendation: Recommendation, *, reason: str) -> None:
    """Give the draft back to its writer, with what to change."""
    with move(actor, recommendation, "return_draft", given={"reason": reason}, words=reason):
        pass


def sign_recommendation(
    actor: Actor,
    recommendation: Recommendation,
    *,
    position: str,
    name: str,
    wet: bool = False,
) -> None:
    """Sign as chair or vice chair; ``wet`` when the paper carries the hand's signature.

    Raises Forbidden, TransitionRefused, Invalid on ``position`` and ``name``.
    """
    if position not in SIGNERS:
        raise invalid("position", MISSING)
    if not name.strip():
        raise invalid("name", _("Xin ghi họ tên người ký."))
    with move(actor, recommendation, "sign") as line:
        signature = replace(SIGNERS[position], name=name)
        sign_document(actor, recommendation.document, signature)
        line.facts = {"position": position, "wet": wet}


def _checked(case: Case, content: RecommendationContent) -> date:
    """The day an answer is hoped for. Raises Invalid on what the letter may not say."""
    today = clock.today_local()
    if not content.request.strip():
        raise invalid("content", _("Xin ghi điều Mặt trận kiến nghị."))
    _demand_one_of(content.addressee, addressees_of(case, today), "addressee")
    _demand_one_of(content.handler, handlers_of(case, today), "handler")
    if content.term not in TERMS:
        raise invalid("term", MISSING)
    _check_assessment(case, content)
    return answer_day(case, content.term)


def _demand_one_of(chosen: Organisation, allowed: list[Organisation], field: str) -> None:
    if chosen.id not in {each.id for each in allowed}:
        raise invalid(field, _("Cơ quan này không cùng cấp hoặc không phụ trách địa bàn."))


def _check_assessment(case: Case, content: RecommendationContent) -> None:
    if not needs_assessment(case):
        return
    told = content.assessment
    if told is None or not told.summary.strip():
        raise invalid("summary", _("Xin viết tóm tắt công khai về vụ việc."))
    check_terms(told)


def _fill(recommendation: Recommendation, content: RecommendationContent, due_on: date) -> None:
    recommendation.addressee_id = content.addressee.id
    recommendation.handler_id = content.handler.id
    recommendation.request = content.request
    recommendation.term = content.term
    recommendation.assessment = asdict(content.assessment) if content.assessment else None
    recommendation.due_on = due_on
