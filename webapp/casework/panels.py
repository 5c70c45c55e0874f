"""What casework adds to the staff page of a case: letters, inspection, what waits for a yes."""

from sqlalchemy import exists

from webapp.cases.holdings import register_holding
from webapp.cases.models import Case, Proposal
from webapp.cases.permissions import APPROVE_CONCLUSION
from webapp.cases.policy import Sight
from webapp.cases.queries import CaseFile
from webapp.cases.workflow import CASE
from webapp.casework import permissions as may
from webapp.casework.case_letters import HINTS, fits, urgeable
from webapp.casework.models import CaseLetter, Inspection, Recommendation, UrgingLetter
from webapp.casework.operations.drafting import case_step
from webapp.casework.operations.extending import running_due
from webapp.casework.operations.raising import RAISE_GROUNDS
from webapp.casework.outgoing import cases_of_number
from webapp.casework.policy import acts_as_office
from webapp.casework.queries import (
    OPEN_DRAFTS,
    case_letters_of,
    in_force,
    inspections_of,
    recommendations_of,
    urging_letters_of,
    visible_to,
)
from webapp.casework.suggestions import suggestion_for
from webapp.casework.workflow import (
    INSPECTION_FORMS,
    LETTER_KINDS,
    LETTER_STATES,
    RECOMMENDATION_STATES,
)
from webapp.core.actor import Actor
from webapp.core.errors import TransitionRefused
from webapp.documents.queries import code_of
from webapp.web.panels import Panel, panel_markup

register_holding("recommendation", exists().where(Recommendation.case_id == Case.id))
register_holding("urging", exists().where(UrgingLetter.case_id == Case.id))
register_holding("case_letter", exists().where(CaseLetter.case_id == Case.id))
register_holding("inspection", exists().where(Inspection.case_id == Case.id))


def letters_panel(actor: Actor, file: CaseFile) -> str | None:
    """Recommendations and other letters that the actor sees, and the way to a new one."""
    case = file.case
    letters = visible_to(actor, file.once(_recommendations))
    urging = file.once(_urging) if letters else []
    drafts = _may_draft(actor, file)
    others = case_letters_of(case.id) if _shows_others(file) else []
    kinds = _kinds(actor, file)
    if not letters and not drafts and not others and not kinds:
        return None
    return panel_markup(
        "casework/panel_letters.html",
        case=case,
        letters=letters,
        urging=urging,
        may_draft=drafts,
        letter_states=RECOMMENDATION_STATES,
        code_of=code_of,
        others=others,
        other_states=LETTER_STATES,
        kinds=kinds,
        kind_labels=LETTER_KINDS,
        hints=HINTS,
        has_originals=any(link.purpose == "before" for link, _photo in file.photos),
    )


def suggestion_panel(actor: Actor, file: CaseFile) -> str | None:
    """What a passed date calls for, to the Front of the case."""
    suggestion = suggestion_for(actor, file.case, lambda: file.once(_urging))
    if suggestion is None:
        return None
    return panel_markup(
        "casework/panel_suggestion.html",
        case=file.case,
        suggestion=suggestion,
        may_urge=_fits("urging", file),
    )


def inspection_panel(actor: Actor, file: CaseFile) -> str | None:
    """What the office did, found and ordered; drafts of a conclusion stay with the office."""
    inspections = inspections_of(file.case.id) if "inspection" in file.holds else []
    if not inspections:
        return None
    return panel_markup(
        "casework/panel_inspection.html",
        inspections=inspections,
        forms=INSPECTION_FORMS,
        shows_findings=file.sight is not Sight.PUBLISHER,
    )


def proposals_panel(actor: Actor, file: CaseFile) -> str | None:
    """What waits for a second person, for those it concerns."""
    shown = [each for each in file.case.proposals if _concerns(actor, file, each)]
    if not shown:
        return None
    return panel_markup(
        "casework/panel_proposals.html",
        proposals=shown,
        running_due=running_due(file.case) if file.case.proposal("extend") else None,
        grounds=RAISE_GROUNDS,
        forms=INSPECTION_FORMS,
    )


def numbered_panel(actor: Actor, words: str) -> str | None:
    """The cases of the letter whose number was typed where nothing else was found."""
    found = cases_of_number(actor, words)
    if not found:
        return None
    return panel_markup("casework/panel_numbered.html", found=found, code_of=code_of)


def _recommendations(file: CaseFile) -> list[Recommendation]:
    return recommendations_of(file.case.id) if "recommendation" in file.holds else []


def _urging(file: CaseFile) -> list[UrgingLetter]:
    return urging_letters_of(file.case.id) if "urging" in file.holds else []


def _shows_others(file: CaseFile) -> bool:
    return file.sight is Sight.FRONT and "case_letter" in file.holds


def _may_draft(actor: Actor, file: CaseFile) -> bool:
    case = file.case
    if case.owner_id not in actor.organisations_for(may.DRAFT):
        return False
    try:
        case_step(case, in_force(file.once(_recommendations)))
    except TransitionRefused:
        return False
    letters = file.once(_recommendations)
    return not any(
        each.author_id == case.owner_id and each.state in OPEN_DRAFTS for each in letters
    )


def _kinds(actor: Actor, file: CaseFile) -> list[str]:
    """The other letters that could be written now."""
    if file.case.owner_id not in actor.organisations_for(may.DRAFT):
        return []
    return [kind for kind in LETTER_KINDS if _fits(kind, file)]


def _fits(kind: str, file: CaseFile) -> bool:
    """``fits``, with the letter to recall out of those that the page has read."""
    if kind != "urging":
        return fits(kind, file.case)
    return CASE.allows("urge", file.case.state) and urgeable(in_force(file.once(_recommendations)))


def _concerns(actor: Actor, file: CaseFile, proposal: Proposal) -> bool:
    ours = acts_as_office(actor, file.case) or acts_as_office(actor, file.case, APPROVE_CONCLUSION)
    if proposal.kind == "conclude":
        return ours
    front = file.sight is Sight.FRONT
    return front or (ours and proposal.kind == "extend")


PANELS = (
    Panel("queue.nothing", 1, numbered_panel),
    Panel("case.staff", 1, suggestion_panel),
    Panel("case.staff", 4, proposals_panel),
    Panel("case.staff", 5, letters_panel),
    Panel("case.staff", 6, inspection_panel),
    *(
        Panel(f"case.step.{step}", 1, proposals_panel)
        for step in (
            "conclude",
            "return_conclude",
            "extend",
            "return_extend",
            "raise",
            "return_raise",
        )
    ),
)
