"""What casework does when something else moved, in the same transaction."""

from webapp.cases.events import CaseMoved
from webapp.cases.workflow import CASE
from webapp.casework.queries import pending_proposals
from webapp.core import clock
from webapp.core.events import subscribe


@subscribe(CaseMoved)
def lapse_proposals(event: CaseMoved) -> None:
    """A proposal whose step the case cannot take any more waits for nobody."""
    for proposal in pending_proposals(event.case_id):
        if not CASE.allows(proposal.kind, event.to_state):
            proposal.state, proposal.decided_at = "lapsed", clock.now()
