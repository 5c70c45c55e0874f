"""What outcomes add to the pages of a case."""

from flask import render_template

from webapp.cases.public_queries import PublicCase
from webapp.cases.queries import CaseFile
from webapp.cases.votes import counts_by_role, votes_since_result
from webapp.casework.queries import recommendations_of
from webapp.casework.workflow import SENT
from webapp.core.actor import Actor
from webapp.directory.queries import working_calendar
from webapp.outcomes import permissions as may
from webapp.outcomes.closing import may_close
from webapp.outcomes.conditions import closing_conditions
from webapp.outcomes.facts import WITH_RESULT, letter_record
from webapp.outcomes.policy import PAGE_PERMISSIONS, may_here
from webapp.outcomes.queries import outcome_of
from webapp.outcomes.record import is_public


def staff_panel(actor: Actor, file: CaseFile) -> str | None:
    """Votes with what is still to answer, what closing needs, and the outcome page."""
    works_on_pages = any(may_here(actor, file.case, each) for each in PAGE_PERMISSIONS)
    can_begin = file.case.state in WITH_RESULT and may_here(actor, file.case, may.DRAFT)
    votes = votes_since_result(file.case.id) if file.shows_notes else []
    awaits = file.case.state == "awaiting_confirmation" and file.shows_notes
    outcome = outcome_of(file.case.id) if works_on_pages else None
    if not (votes or awaits or outcome or can_begin):
        return None
    return render_template(
        "outcomes/staff_panel.html",
        case=file.case,
        votes=votes,
        counts=counts_by_role(votes),
        conditions=closing_conditions(file.case) if awaits else [],
        can_answer=may_close(actor, file.case),
        outcome=outcome,
        can_begin=can_begin and outcome is None,
    )


def public_panel(_actor: Actor, case: PublicCase) -> str | None:
    """The letters sent for the case, when they are due and answered, and the outcome page."""
    letters = [letter_record(each) for each in recommendations_of(case.id) if each.state in SENT]
    published = is_public(case.id)
    if not (letters or published):
        return None
    return render_template(
        "outcomes/public_panel.html",
        case=case,
        letters=letters,
        published=published,
        calendar=working_calendar(),
    )
