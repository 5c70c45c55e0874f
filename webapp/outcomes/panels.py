"""What outcomes add to the pages of a case."""

from sqlalchemy import exists

from webapp.cases.holdings import register_holding
from webapp.cases.models import Case, CaseVote
from webapp.cases.public_queries import PublicCase
from webapp.cases.queries import CaseFile
from webapp.cases.votes import counts_by_role, votes_since_result
from webapp.cases.workflow import WITH_RESULT
from webapp.casework.models import Recommendation
from webapp.casework.queries import recommendations_of
from webapp.casework.workflow import SENT
from webapp.core.actor import Actor
from webapp.outcomes import permissions as may
from webapp.outcomes.closing import may_close
from webapp.outcomes.conditions import shown_conditions
from webapp.outcomes.facts import letter_record
from webapp.outcomes.models import Outcome
from webapp.outcomes.policy import PAGE_PERMISSIONS, rights_here
from webapp.outcomes.queries import outcome_of
from webapp.outcomes.workflow import PUBLIC
from webapp.web.panels import panel_markup

_OUTCOME = Outcome.case_id == Case.id
register_holding("vote", exists().where(CaseVote.case_id == Case.id))
register_holding("outcome", exists().where(_OUTCOME))
register_holding("recommendation", exists().where(Recommendation.case_id == Case.id), public=True)
register_holding(
    "outcome", exists().where(_OUTCOME, Outcome.state.in_(sorted(PUBLIC))), public=True
)


def staff_panel(actor: Actor, file: CaseFile) -> str | None:
    """Votes with what is still to answer, what closing needs, and the outcome page."""
    rights = rights_here(actor, file.case)
    can_begin = file.case.state in WITH_RESULT and may.DRAFT in rights
    has_votes = file.shows_notes and "vote" in file.holds
    votes = votes_since_result(file.case.id) if has_votes else []
    awaits = file.case.state == "awaiting_confirmation" and file.shows_notes
    outcome = (
        outcome_of(file.case.id)
        if "outcome" in file.holds and rights.intersection(PAGE_PERMISSIONS)
        else None
    )
    if not (votes or awaits or outcome or can_begin):
        return None
    return panel_markup(
        "outcomes/staff_panel.html",
        case=file.case,
        votes=votes,
        counts=counts_by_role(votes),
        conditions=shown_conditions(file.case) if awaits else [],
        can_answer=may_close(actor, file.case),
        outcome=outcome,
        can_begin=can_begin and outcome is None,
    )


def public_panel(_actor: Actor, case: PublicCase) -> str | None:
    """The letters sent for the case, when they are due and answered, and the outcome page."""
    sent = recommendations_of(case.id) if "recommendation" in case.holds else []
    letters = [letter_record(each) for each in sent if each.state in SENT]
    published = "outcome" in case.holds
    if not (letters or published):
        return None
    return panel_markup(
        "outcomes/public_panel.html",
        case=case,
        letters=letters,
        published=published,
    )
