"""What casework does in the same transaction when something moved: proposals, notices."""

from sqlalchemy import select

from webapp.audit.operations import Subject
from webapp.cases.clocks import note_due, subject_of
from webapp.cases.events import CaseMoved
from webapp.cases.journal import counted, write_change
from webapp.cases.models import Case, Proposal
from webapp.cases.operations import lock_case
from webapp.cases.workflow import CASE, ENDED
from webapp.casework import messages
from webapp.casework.events import RecommendationMoved
from webapp.casework.models import Recommendation
from webapp.casework.operations.extending import asks_in_vain
from webapp.casework.operations.moves import lock_recommendation
from webapp.casework.policy import approving_body
from webapp.casework.queries import pending_proposals
from webapp.core import clock
from webapp.core.events import subscribe
from webapp.core.unit_of_work import session
from webapp.deadlines.events import DeadlineMoved, DeadlineNear, DeadlinePassed, RecordWanted
from webapp.deadlines.operations import hand_clocks, stop_clock
from webapp.deadlines.queries import clocks_of
from webapp.deadlines.rule_table import TIME_OF_RESIDENTS
from webapp.directory.queries import front_of, province_of
from webapp.notifications.operations import notify
from webapp.triage.workflow import CHECK_CLOCKS

# The clock that runs while the second person thinks.
_ANSWERED_IN = {"transfer": "transfer_take", "raise": "raise_take"}


@subscribe(CaseMoved)
def lapse_proposals(event: CaseMoved) -> None:
    """A proposal whose step the case cannot take any more waits for nobody.

    Nor does one for more time, once the clock it was asked for has stopped.
    """
    for proposal in pending_proposals(event.case_id):
        if not CASE.allows(proposal.kind, event.to_state) or asks_in_vain(proposal):
            proposal.state, proposal.decided_at = "lapsed", clock.now()
            _stop_waiting(proposal)


def _stop_waiting(proposal: Proposal) -> None:
    """Nobody is late any more with the answer to a proposal that lapsed."""
    key = _ANSWERED_IN.get(proposal.kind)
    if key is None:
        return
    case = session().get_one(Case, proposal.case_id)
    before = counted(case)
    stop_clock(subject_of(case), key)
    note_due(case)
    write_change(before, counted(case))


@subscribe(CaseMoved)
def hand_views(event: CaseMoved) -> None:
    """The view of an answer is owed by the Front that holds the case by now."""
    if event.step not in {"raise", "transfer", "step_aside", "recategorise"}:
        return
    case = session().get_one(Case, event.case_id)
    letters = select(Recommendation.id).where(Recommendation.case_id == case.id)
    for letter_id in session().scalars(letters.order_by(Recommendation.id)):
        view = {"front_view": case.owner_id}
        hand_clocks(Subject("recommendation", letter_id), view.get)


@subscribe(CaseMoved)
def tell_second_person(event: CaseMoved) -> None:
    """Who has to say yes learns that something waits."""
    if event.step not in {"propose_conclude", "propose_raise", "propose_extend"}:
        return
    case = session().get_one(Case, event.case_id)
    subject = Subject("case", case.id)
    if event.step == "propose_conclude":
        body = approving_body(case)
        if body is not None:
            notify(messages.CONCLUSION_PROPOSED, subject, organisation_id=body.id)
    elif event.step == "propose_extend":
        notify(messages.EXTENSION_PROPOSED, subject, organisation_id=case.owner_id)
    else:
        province = front_of(province_of(case.handling_unit).id, clock.today_local())
        if province is not None:
            notify(messages.RAISE_PROPOSED, subject, organisation_id=province.id)


@subscribe(RecommendationMoved)
def tell_of_letter(event: RecommendationMoved) -> None:
    """The office learns of a letter, the Front of a draft to sign and of an answer."""
    letter = session().get_one(Recommendation, event.recommendation_id)
    subject = Subject("recommendation", letter.id)
    if event.step == "issue":
        for office_id in sorted({letter.addressee_id, letter.handler_id}):
            notify(messages.LETTER_ISSUED, subject, organisation_id=office_id)
    elif event.step == "submit_for_signature":
        notify(messages.LETTER_TO_SIGN, subject, organisation_id=letter.author_id)
    elif event.step == "answer":
        for front_id in _fronts(letter):
            notify(messages.LETTER_ANSWERED, subject, organisation_id=front_id)


def _fronts(letter: Recommendation) -> list[int]:
    """Who wrote a letter, and who holds its case by now: both may judge the answer."""
    return sorted({letter.author_id, letter.case.owner_id})


@subscribe(RecordWanted)
def lock_first(event: RecordWanted) -> None:
    """The case, then its recommendation, before the clocks, as every step does."""
    if event.subject_kind == "recommendation":
        letter = session().get_one(Recommendation, event.subject_id)
        lock_case(letter.case_id)
        lock_recommendation(letter)


@subscribe(DeadlineMoved)
def follow_calendar(event: DeadlineMoved) -> None:
    """A letter says the day of its clock."""
    if event.subject_kind != "recommendation":
        return
    letter = session().get_one(Recommendation, event.subject_id)
    for running in clocks_of(Subject("recommendation", letter.id)):
        if running.stopped_at is None and running.rule.key == letter.term:
            letter.due_on = clock.local(running.due_at).date()


@subscribe(DeadlineNear)
def tell_due_soon(event: DeadlineNear) -> None:
    """Whoever has to act learns that time runs out."""
    _tell_deadline(event, messages.CASE_DUE_SOON, messages.LETTER_DUE_SOON)


@subscribe(DeadlinePassed)
def tell_overdue(event: DeadlinePassed) -> None:
    """Whoever has to act, and the Front, learn that a day has passed.

    Of a site check triage tells: the case comes back to the officer and is not late.
    """
    if event.rule_key in CHECK_CLOCKS:
        return
    _tell_deadline(event, messages.CASE_OVERDUE, messages.LETTER_OVERDUE)


def _tell_deadline(
    event: DeadlineNear | DeadlinePassed, case_message: str, letter_message: str
) -> None:
    subject = Subject(event.subject_kind, event.subject_id)
    if event.rule_key in TIME_OF_RESIDENTS:
        return
    if event.subject_kind == "case":
        case = session().get_one(Case, event.subject_id)
        if case.state in ENDED:
            return
        told = {case.owner_id, event.owner_id or case.owner_id}
        for organisation_id in sorted(told):
            notify(case_message, subject, organisation_id=organisation_id)
    elif event.subject_kind == "recommendation":
        letter = session().get_one(Recommendation, event.subject_id)
        for organisation_id in sorted({*_fronts(letter), letter.handler_id}):
            notify(letter_message, subject, organisation_id=organisation_id)
