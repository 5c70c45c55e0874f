"""What outcomes do when a case moved, in the same transaction."""

from webapp.cases.events import CaseMoved
from webapp.core.actor import SYSTEM
from webapp.core.events import subscribe
from webapp.outcomes.operations import hide_photos
from webapp.outcomes.queries import outcome_of


@subscribe(CaseMoved)
def hide_what_was_handed_over(event: CaseMoved) -> None:
    """Of a case that police or another body took, the public reads one neutral line, no photo."""
    if event.step != "hand_over":
        return
    outcome = outcome_of(event.case_id)
    if outcome is not None:
        hide_photos(SYSTEM, outcome)
