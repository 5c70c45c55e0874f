"""What staff read of recommendations and inspections; visibility is applied in the query."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import joinedload

from webapp.cases.indexed import still_pending
from webapp.cases.models import Case, Proposal
from webapp.cases.policy import Sight, readable, sight
from webapp.cases.workflow import OPEN
from webapp.casework import permissions as may
from webapp.casework.models import (
    CaseLetter,
    CaseLetterStep,
    Inspection,
    Recommendation,
    RecommendationStep,
    UrgingLetter,
)
from webapp.casework.policy import may_see
from webapp.casework.workflow import RECOMMENDATION, SENT
from webapp.core.actor import Actor
from webapp.core.errors import NotFound
from webapp.core.permissions import Permission
from webapp.core.unit_of_work import session
from webapp.documents.models import Delivery, Document
from webapp.documents.queries import document_by_uid

OPEN_DRAFTS = ("drafted", "submitted_for_signature", "signed")
ANSWERABLE = tuple(sorted(RECOMMENDATION.transition("answer", "delivered").sources))
UNJUDGED = ("answered", "clarification_asked", "reconsidered")
"""States of a letter whose answer waits for the Front's view."""
LIST_LIMIT = 100
KEEPERS = (may.DRAFT, may.SIGN, may.ISSUE)
"""Whoever holds one of these for a committee reads its letters."""


@dataclass(frozen=True)
class RecommendationFile:
    """A recommendation as one actor may see it, with its history, oldest step first."""

    recommendation: Recommendation
    steps: list[RecommendationStep]


def recommendation_file(actor: Actor, uid: str) -> RecommendationFile:
    """The recommendation of this document. Raises NotFound when it is not there or not theirs."""
    query = _full().join(Case, Case.id == Recommendation.case_id)
    found = session().scalar(
        query.join(Document, Document.id == Recommendation.document_id).where(
            Document.uid == uid, readable(actor)
        )
    )
    if found is None or not may_see(actor, found):
        raise NotFound
    return RecommendationFile(found, steps_of(found.id))


def steps_of(recommendation_id: int) -> list[RecommendationStep]:
    """Every step of a recommendation, oldest first."""
    query = (
        select(RecommendationStep)
        .where(RecommendationStep.recommendation_id == recommendation_id)
        .options(joinedload(RecommendationStep.person))
        .order_by(RecommendationStep.id)
    )
    return list(session().scalars(query))


def recommendations_of(case_id: int) -> list[Recommendation]:
    """Every recommendation of a case, oldest first, whoever asks; pages ask ``visible_to``."""
    query = _full().where(Recommendation.case_id == case_id).order_by(Recommendation.id)
    return list(session().scalars(query))


def visible_to(actor: Actor, every: Sequence[Recommendation]) -> list[Recommendation]:
    """Of all recommendations of a readable case those that the actor sees, newest first."""
    return [each for each in reversed(every) if may_see(actor, each)]


def letters_by_case(actor: Actor, case_ids: Iterable[int]) -> dict[int, list[Recommendation]]:
    """Of many cases those the actor reads, each with the recommendations they see of it."""
    wanted = sorted(case_ids)
    seen = session().scalars(select(Case.id).where(Case.id.in_(wanted), readable(actor)))
    found: dict[int, list[Recommendation]] = {each: [] for each in seen}
    query = _full().where(Recommendation.case_id.in_(sorted(found)))
    for each in session().scalars(query.order_by(Recommendation.id)):
        if may_see(actor, each):
            found[each.case_id].append(each)
    return found


def in_force(every: Sequence[Recommendation]) -> Recommendation | None:
    """Of all recommendations of a case, oldest first, the newest that went out and is not void."""
    return next((each for each in reversed(every) if each.state in SENT), None)


def sent_recommendation(case: Case) -> Recommendation | None:
    """The recommendation of a case that is in force."""
    query = _full().where(Recommendation.case_id == case.id, Recommendation.state.in_(sorted(SENT)))
    return session().scalar(query.order_by(Recommendation.id.desc()).limit(1))


def unjudged_answers(case: Case) -> list[Recommendation]:
    """Recommendations whose answer waits for the Front's view; a case with one is not closed."""
    query = _full().where(Recommendation.case_id == case.id, Recommendation.state.in_(UNJUDGED))
    return list(session().scalars(query.order_by(Recommendation.id)))


def open_draft(case: Case, author_id: int) -> Recommendation | None:
    """The letter of this committee that is being written, signed or numbered."""
    query = _full().where(
        Recommendation.case_id == case.id,
        Recommendation.author_id == author_id,
        Recommendation.state.in_(OPEN_DRAFTS),
    )
    return session().scalar(query.limit(1))


def letters_to_do(actor: Actor) -> dict[str, list[Recommendation]]:
    """What waits for the actor by state: to write on, sign, number, deliver, judge. Newest last."""
    going_on = Case.state.in_(sorted(OPEN))  # with an ended case nobody can go on with a draft
    rules = [
        _mine(actor, may.SIGN, "submitted_for_signature") & going_on,
        _mine(actor, may.DRAFT, "drafted") & going_on,
        _mine(actor, may.ISSUE, "signed") & going_on,
        _mine(actor, may.ISSUE, "issued"),
        _ours(actor, may.JUDGE, "answered", "clarification_asked"),
        _ours(actor, may.SIGN, "reconsidered"),
    ]
    query = _full().join(Case, Case.id == Recommendation.case_id)
    query = query.where(readable(actor), or_(*rules)).order_by(Recommendation.id).limit(LIST_LIMIT)
    waiting: dict[str, list[Recommendation]] = {}
    for each in session().scalars(query):
        waiting.setdefault(each.state, []).append(each)
    return waiting


def inspections_of(case_id: int) -> list[Inspection]:
    """Every inspection of a case, oldest first."""
    query = (
        select(Inspection)
        .where(Inspection.case_id == case_id)
        .options(joinedload(Inspection.office))
        .order_by(Inspection.id)
    )
    return list(session().scalars(query))


def latest_inspection(case_id: int) -> Inspection | None:
    """The inspection that runs or ran last."""
    query = select(Inspection).where(Inspection.case_id == case_id)
    return session().scalar(query.order_by(Inspection.id.desc()).limit(1))


def pending_proposal(case_id: int, kind: str) -> Proposal | None:
    """The proposal of this kind that waits for a second person."""
    query = select(Proposal).where(
        Proposal.case_id == case_id, Proposal.kind == kind, still_pending()
    )
    return session().scalar(query)


def pending_proposals(case_id: int) -> list[Proposal]:
    """Every proposal of a case that waits for a second person."""
    query = select(Proposal).where(Proposal.case_id == case_id, still_pending())
    return list(session().scalars(query.order_by(Proposal.id)))


def urging_letters_of(case_id: int) -> list[UrgingLetter]:
    """The urging letters of a case, oldest first."""
    query = (
        select(UrgingLetter)
        .where(UrgingLetter.case_id == case_id)
        .options(joinedload(UrgingLetter.document), joinedload(UrgingLetter.recommendation))
        .order_by(UrgingLetter.id)
    )
    return list(session().scalars(query))


def visible_document(actor: Actor, uid: str) -> Document:
    """A letter that the actor may open. Raises NotFound.

    A recommendation or urging letter: Front of the unit, addressee and handling office only; a
    publisher who reads the case does not. Any other letter: the Front of the case.
    """
    document = document_by_uid(uid)
    if document is None:
        raise NotFound
    recommendation = _behind(document)
    if recommendation is None:
        return letter_file(actor, uid).document
    seen = session().scalar(
        select(Case.id).where(Case.id == recommendation.case_id, readable(actor))
    )
    if seen is None or not may_see(actor, recommendation):
        raise NotFound
    return document


@dataclass(frozen=True)
class OwnDocument:
    """A letter with the organisation that issues it."""

    document: Document
    author_id: int


def own_document(actor: Actor, uid: str) -> OwnDocument:
    """A recommendation or another letter, as its own Front reads it. Raises NotFound."""
    document = document_by_uid(uid)
    if document is None:
        raise NotFound
    found = _front_letter(document) or session().scalar(
        _full().where(Recommendation.document_id == document.id)
    )
    if found is None or not _is_of_the_front(actor, found):
        raise NotFound
    return OwnDocument(document, found.author_id)


def letter_file(actor: Actor, uid: str) -> CaseLetter:
    """The letter beside a recommendation: for the Front of its case, else for who wrote it.

    Raises NotFound.
    """
    document = document_by_uid(uid)
    found = _front_letter(document) if document else None
    if found is None or not _is_of_the_front(actor, found):
        raise NotFound
    return found


def letter_steps(letter_id: int) -> list[CaseLetterStep]:
    """Every step of such a letter, oldest first."""
    query = (
        select(CaseLetterStep)
        .where(CaseLetterStep.letter_id == letter_id)
        .options(joinedload(CaseLetterStep.person))
        .order_by(CaseLetterStep.id)
    )
    return list(session().scalars(query))


def case_letters_of(case_id: int) -> list[CaseLetter]:
    """Every such letter of a case, newest first, whoever asks."""
    query = select(CaseLetter).where(CaseLetter.case_id == case_id)
    query = query.options(joinedload(CaseLetter.document))
    return list(session().scalars(query.order_by(CaseLetter.id.desc())))


def committee_letters(author_id: int) -> list[CaseLetter]:
    """The letters of a committee that are about no case, the last ones, oldest first.

    Whoever asks; the caller has authorised.
    """
    query = select(CaseLetter).where(
        CaseLetter.author_id == author_id, CaseLetter.case_id.is_(None)
    )
    query = query.options(joinedload(CaseLetter.document))
    newest = session().scalars(query.order_by(CaseLetter.id.desc()).limit(LIST_LIMIT))
    return list(newest)[::-1]


def case_letters_to_do(actor: Actor) -> list[CaseLetter]:
    """Such letters that wait for the actor: to write on, sign, number, note as arrived.

    Oldest first.
    """
    unknown = exists().where(
        Delivery.document_id == CaseLetter.document_id, Delivery.delivered_on.is_(None)
    )
    rules = [
        _waits(actor, may.SIGN, "submitted_for_signature"),
        _waits(actor, may.DRAFT, "drafted"),
        _waits(actor, may.ISSUE, "signed"),
        and_(_waits(actor, may.ISSUE, "issued"), unknown),
    ]
    query = select(CaseLetter).outerjoin(Case, Case.id == CaseLetter.case_id)
    seen = or_(CaseLetter.case_id.is_(None), readable(actor))
    query = query.where(or_(*rules), seen).options(
        joinedload(CaseLetter.case), joinedload(CaseLetter.document), joinedload(CaseLetter.author)
    )
    return list(session().scalars(query.order_by(CaseLetter.id).limit(LIST_LIMIT)))


def _waits(actor: Actor, permission: Permission, state: str) -> ColumnElement[bool]:
    mine = sorted(actor.organisations_for(permission))
    return and_(CaseLetter.author_id.in_(mine), CaseLetter.state == state)


def _front_letter(document: Document) -> CaseLetter | None:
    query = select(CaseLetter).where(CaseLetter.document_id == document.id)
    return session().scalar(
        query.options(joinedload(CaseLetter.case), joinedload(CaseLetter.document))
    )


def _is_of_the_front(actor: Actor, letter: CaseLetter | Recommendation) -> bool:
    """Whether the actor reads its case as the Front, or works for the committee it is of."""
    if letter.case_id is not None:
        return _reads_as_front(actor, letter.case_id)
    return any(letter.author_id in actor.organisations_for(each) for each in KEEPERS)


def _reads_as_front(actor: Actor, case_id: int) -> bool:
    case = session().scalar(select(Case).where(Case.id == case_id, readable(actor)))
    return case is not None and sight(actor, case) is Sight.FRONT


def _behind(document: Document) -> Recommendation | None:
    own = session().scalar(_full().where(Recommendation.document_id == document.id))
    if own is not None:
        return own
    urging = select(UrgingLetter.recommendation_id).where(UrgingLetter.document_id == document.id)
    return session().scalar(_full().where(Recommendation.id.in_(urging)))


def _mine(actor: Actor, permission: Permission, *states: str) -> ColumnElement[bool]:
    mine = sorted(actor.organisations_for(permission))
    return and_(Recommendation.author_id.in_(mine), Recommendation.state.in_(states))


def _ours(actor: Actor, permission: Permission, *states: str) -> ColumnElement[bool]:
    """Letters of the actor's committees, and of the cases that those hold by now."""
    held = Case.owner_id.in_(sorted(actor.organisations_for(permission)))
    return or_(_mine(actor, permission, *states), and_(held, Recommendation.state.in_(states)))


def _full() -> Select[Recommendation]:
    return select(Recommendation).options(
        joinedload(Recommendation.case),
        joinedload(Recommendation.document),
        joinedload(Recommendation.author),
        joinedload(Recommendation.addressee),
        joinedload(Recommendation.handler),
    )
