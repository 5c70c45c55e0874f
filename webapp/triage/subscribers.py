"""What triage does when a case goes on by somebody else's step; imported once by features.py."""

from webapp.cases.clocks import subject_of
from webapp.cases.events import CaseMoved
from webapp.cases.models import Case
from webapp.core.events import subscribe
from webapp.core.unit_of_work import session
from webapp.deadlines.operations import stop_clock
from webapp.deadlines.queries import next_due
from webapp.triage.operations.verification import close_checks

_CLOCKS = ("verification_task", "verification_task_urgent")


@subscribe(CaseMoved)
def call_off_site_checks(event: CaseMoved) -> None:
    """A case that leaves "verifying" without a finding needs nobody to go any more."""
    if event.from_state != "verifying" or event.to_state == "verifying":
        return
    if not close_checks(event.case_id):
        return
    case = session().get_one(Case, event.case_id)
    for key in _CLOCKS:
        stop_clock(subject_of(case), key)
    case.due_at = next_due(subject_of(case))
