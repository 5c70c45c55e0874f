"""What triage does when a case goes on by somebody else's step; imported once by features.py."""

from webapp.cases.clocks import note_due, subject_of
from webapp.cases.events import CaseMoved
from webapp.cases.journal import counted, write_change
from webapp.cases.models import Case
from webapp.cases.operations import lock_case
from webapp.core.events import subscribe
from webapp.core.unit_of_work import session
from webapp.deadlines.events import DeadlinePassed
from webapp.deadlines.operations import stop_clock
from webapp.directory.events import PlacesChanged
from webapp.jobs.operations import enqueue
from webapp.triage.operations.verification import close_checks, return_check
from webapp.triage.workflow import CHECK_CLOCKS

_CHECKED = frozenset({"received", "verifying"})


@subscribe(CaseMoved)
def call_off_site_checks(event: CaseMoved) -> None:
    """A case that goes on without a finding needs nobody to go any more."""
    if event.from_state not in _CHECKED or event.to_state in _CHECKED:
        return
    if not close_checks(event.case_id):
        return
    case = session().get_one(Case, event.case_id)
    before = counted(case)
    for key in CHECK_CLOCKS:
        stop_clock(subject_of(case), key)
    note_due(case)
    write_change(before, counted(case))


@subscribe(DeadlinePassed)
def return_to_desk(event: DeadlinePassed) -> None:
    """A site check that nobody made in time comes back to the officer."""
    if event.subject_kind != "case" or event.rule_key not in CHECK_CLOCKS:
        return
    case = lock_case(event.subject_id)
    if case.state == "verifying":
        return_check(case)


@subscribe(PlacesChanged)
def rank_anew(_event: PlacesChanged) -> None:
    """What lies near a school or clinic changes its place in the queue, in one job."""
    enqueue("triage.rank")
