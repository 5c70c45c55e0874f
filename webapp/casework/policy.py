"""Who may take which step of a recommendation, and who sees one (rings of sight, workflow.md).

The Front of the unit sees every letter of a case it may read; addressee and handling office see
letters that went out to them; nobody else sees any.
"""

from webapp.cases.models import Case
from webapp.cases.permissions import HANDLE, READ_AS_OFFICE, RECORD_FOR_OFFICE
from webapp.cases.policy import Sight, sight
from webapp.casework.models import Recommendation
from webapp.casework.workflow import RECOMMENDATION, SENT
from webapp.core.actor import Actor, Grant
from webapp.core.permissions import Permission
from webapp.directory.models import Organisation


def holds(grant: Grant, recommendation: Recommendation, step: str) -> bool:
    """Whether a grant's permission counts for this step of this recommendation.

    It counts for the author, or for the Front that owns the case by now; for the answer also for
    those the letter is addressed to.
    """
    ours = {recommendation.author_id, recommendation.case.owner_id}
    theirs = {recommendation.addressee_id, recommendation.handler_id}
    return grant.organisation_id in (ours | theirs if step == "answer" else ours)


def may_step(actor: Actor, recommendation: Recommendation, step: str) -> bool:
    """Whether to offer the step now: for buttons, the rule that counts is the operation's."""
    if not RECOMMENDATION.allows(step, recommendation.state):
        return False
    if step == "answer" and not answers_itself(actor, recommendation):
        both = recommendation.addressee.signs_in and recommendation.handler.signs_in
        if both or recommendation.state == "issued":
            return False
    permissions = RECOMMENDATION.transition(step, recommendation.state).permissions
    grants = (grant for each in permissions for grant in actor.grants_for(each))
    return any(holds(grant, recommendation, step) for grant in grants)


def answers_itself(actor: Actor, recommendation: Recommendation) -> bool:
    """Whether the actor works for those the letter went to."""
    theirs = {recommendation.addressee_id, recommendation.handler_id}
    return bool(actor.organisations_for(HANDLE) & theirs)


def may_see(actor: Actor, recommendation: Recommendation) -> bool:
    """Whether the actor, who may read the case, sees this letter."""
    if sight(actor, recommendation.case) is Sight.FRONT:
        return True
    theirs = {recommendation.addressee_id, recommendation.handler_id}
    mine = actor.organisations_for(READ_AS_OFFICE)
    return recommendation.state in SENT and bool(mine & theirs)


def acts_as_office(actor: Actor, case: Case, permission: Permission = HANDLE) -> bool:
    """Whether the actor works for the office or authority that the case lies with."""
    theirs = {case.office_id, case.addressee_id}
    return bool(actor.organisations_for(permission) & theirs)


def records_for_office(actor: Actor, case: Case) -> bool:
    """Whether the actor is of the Front that writes down what an office did on paper."""
    return case.owner_id in actor.organisations_for(RECORD_FOR_OFFICE)


def approving_body(case: Case) -> Organisation | None:
    """Whose leader approves a conclusion: the commune's People's Committee, or the department."""
    office = case.office
    if office is not None and office.unit.kind == "commune" and case.addressee is not None:
        return case.addressee
    return office
