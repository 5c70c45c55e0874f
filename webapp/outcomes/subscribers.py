"""What follows when a case or its page moved, in the same transaction."""

from webapp.accounts.queries import persons_with
from webapp.audit.operations import Subject
from webapp.cases.events import CaseMoved, OutcomePublished
from webapp.cases.models import Case
from webapp.core.actor import SYSTEM
from webapp.core.events import announce, subscribe
from webapp.core.unit_of_work import session
from webapp.deadlines.events import DeadlinePassed
from webapp.deadlines.operations import apply_event
from webapp.deadlines.rule_table import CONFIRMATION_WINDOW
from webapp.directory.queries import province_of
from webapp.notifications.operations import notify
from webapp.outcomes.events import OutcomeMoved
from webapp.outcomes.messages import (
    MAY_CLOSE,
    POSTED_LONG_ENOUGH,
    TAKE_DOWN,
    TO_APPROVE,
    TO_POST,
)
from webapp.outcomes.models import Outcome, Posting
from webapp.outcomes.operations import hide_photos
from webapp.outcomes.permissions import APPROVE
from webapp.outcomes.policy import is_approved
from webapp.outcomes.postings import postings_of
from webapp.outcomes.queries import authors_of_finding, outcome_of, pending
from webapp.outcomes.sheets import remove_sheets

_WRITTEN = frozenset({"draft", "revise"})
_SHOWN = frozenset({"publish", "correct", "republish"})


@subscribe(OutcomeMoved)
def tell_approvers(event: OutcomeMoved) -> None:
    """A text that was written, or that needs one approval more, is told to those who may give it.

    Not to who wrote or approved it already, and not at every edit.
    """
    if event.step not in _WRITTEN | {"approve"}:
        return
    outcome = session().get_one(Outcome, event.outcome_id)
    version = pending(outcome)
    if version is None or is_approved(version, authors_of_finding(outcome.case_id)):
        return
    here = outcome.case.handling_unit
    involved = {version.written_by_id, version.approved_by_id, version.second_approver_id}
    for person_id in persons_with(APPROVE, [here.id, province_of(here).id]):
        if person_id not in involved:
            notify(TO_APPROVE, Subject("outcome", outcome.id), person_id=person_id)


@subscribe(OutcomeMoved)
def pass_on_publication(event: OutcomeMoved) -> None:
    """Those who sent or follow the case are told by the features that know them."""
    if event.step in _SHOWN:
        announce(OutcomePublished(event.case_id))


@subscribe(OutcomeMoved)
def follow_on_boards(event: OutcomeMoved) -> None:
    """What is public waits to be put up; what was retracted is taken down again."""
    subject = Subject("outcome", event.outcome_id)
    outcome = session().get_one(Outcome, event.outcome_id)
    if event.step in _SHOWN:
        apply_event("outcome.shown", subject, owner_id=outcome.case.owner_id)
    elif event.step == "retract":
        apply_event("outcome.retract", subject)
        if any(posting.ended_on is None for posting in postings_of(outcome.id)):
            notify(TAKE_DOWN, subject, organisation_id=outcome.case.owner_id)


@subscribe(DeadlinePassed)
def remind_of_boards(event: DeadlinePassed) -> None:
    """The Front learns what was not put up in time, and what hung long enough."""
    if event.subject_kind == "outcome" and event.rule_key == "post_result":
        case = session().get_one(Outcome, event.subject_id).case
        notify(TO_POST, Subject("outcome", event.subject_id), organisation_id=case.owner_id)
    elif event.subject_kind == "posting":
        case = session().get_one(Posting, event.subject_id).outcome.case
        subject = Subject("posting", event.subject_id)
        notify(POSTED_LONG_ENOUGH, subject, organisation_id=case.owner_id)


@subscribe(DeadlinePassed)
def tell_that_it_may_end(event: DeadlinePassed) -> None:
    """The Front learns that the time in which residents may confirm is over."""
    if event.subject_kind == "case" and event.rule_key == CONFIRMATION_WINDOW:
        case = session().get_one(Case, event.subject_id)
        notify(MAY_CLOSE, Subject("case", case.id), organisation_id=case.owner_id)


@subscribe(CaseMoved)
def hide_what_was_handed_over(event: CaseMoved) -> None:
    """Of a case that police or another body took, the public reads one neutral line, no photo."""
    if event.step != "hand_over":
        return
    outcome = outcome_of(event.case_id)
    if outcome is not None:
        hide_photos(SYSTEM, outcome)
        remove_sheets(outcome)
