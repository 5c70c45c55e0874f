"""What leaves the record leaves the dump; what moves in public is told to webhooks."""

import uuid

from webapp.cases.events import CaseMoved
from webapp.cases.models import Case
from webapp.cases.workflow import LISTED
from webapp.core.events import subscribe
from webapp.core.unit_of_work import session
from webapp.jobs.operations import enqueue
from webapp.open_data.operations.webhooks import is_wanted
from webapp.outcomes.events import OutcomeMoved
from webapp.outcomes.workflow import PUBLIC


@subscribe(OutcomeMoved)
def follow_outcome(event: OutcomeMoved) -> None:
    """A page that is retracted or replaced is in the archive no longer; what is public is news."""
    if event.to_state in {"retracted", "corrected"}:
        enqueue("open_data.purge_dump")
    if event.to_state == "retracted":
        _tell("outcome.retracted", event.case_id)
    elif event.to_state in PUBLIC:
        _tell("outcome.published", event.case_id)


@subscribe(CaseMoved)
def follow_case(event: CaseMoved) -> None:
    """What is public no longer, or not in these words, leaves the archive; a step is news."""
    case = session().get(Case, event.case_id)
    if case is None:
        return
    public = case.public_since is not None
    left = public and event.from_state in LISTED and event.to_state not in LISTED
    # These may have made the case secret, or its place coarser, without another state.
    if left or event.step in {"recategorise", "amend"}:
        enqueue("open_data.purge_dump", held_for=event.held_for)
    if public:
        _tell("case.moved", event.case_id, event.held_for)


def _tell(name: str, case_id: int, held_for: str | None = None) -> None:
    """Whether the case is public is asked when the news is spread, after the step is complete."""
    if is_wanted(name):
        enqueue(
            "open_data.tell_webhooks",
            held_for=held_for,
            event=name,
            case_id=case_id,
            news=uuid.uuid4().hex,
        )
