"""What leaves the record leaves the dump, in the same transaction that takes it away."""

from webapp.cases.events import CaseMoved
from webapp.cases.workflow import LISTED
from webapp.core.events import subscribe
from webapp.jobs.operations import enqueue
from webapp.outcomes.events import OutcomeMoved


@subscribe(OutcomeMoved)
def purge_with_outcome(event: OutcomeMoved) -> None:
    """A retracted page is in the archive no longer."""
    if event.to_state == "retracted":
        enqueue("open_data.purge_dump")


@subscribe(CaseMoved)
def purge_with_case(event: CaseMoved) -> None:
    """Nor is a case that was dismissed, merged or handed over."""
    if event.from_state in LISTED and event.to_state not in LISTED:
        enqueue("open_data.purge_dump", held_for=event.held_for)
