"""What a case does when one of its clocks passes, or is counted anew."""

from webapp.cases.clocks import note_due
from webapp.cases.journal import counted, write_change
from webapp.cases.operations import lock_case
from webapp.cases.workflow import ENDED
from webapp.core.events import subscribe
from webapp.deadlines.events import DeadlineMoved, DeadlinePassed, RecordWanted


@subscribe(RecordWanted)
def lock_first(event: RecordWanted) -> None:
    """The case before its clocks, as every step does."""
    if event.subject_kind == "case":
        lock_case(event.subject_id)


@subscribe(DeadlinePassed)
def mark_late(event: DeadlinePassed) -> None:
    """Count the case as late, on the map too, until a step is taken. Not a step itself.

    Not when residents had until then to confirm.
    """
    if event.subject_kind != "case":
        return
    case = lock_case(event.subject_id)
    if case.state in ENDED:
        return
    before = counted(case)
    note_due(case)
    write_change(before, counted(case))


@subscribe(DeadlineMoved)
def follow_calendar(event: DeadlineMoved) -> None:
    """Keep the nearest due moment of an open case, by which lists are ordered."""
    if event.subject_kind != "case":
        return
    case = lock_case(event.subject_id)
    before = counted(case)
    note_due(case)
    write_change(before, counted(case))
