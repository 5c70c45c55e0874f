"""What a case does when one of its clocks passes."""

from webapp.cases.journal import counted, write_change
from webapp.cases.operations import lock_case
from webapp.cases.workflow import ENDED
from webapp.core.events import subscribe
from webapp.deadlines.events import DeadlinePassed


@subscribe(DeadlinePassed)
def mark_late(event: DeadlinePassed) -> None:
    """Count the case as late, on the map too, until a step is taken. Not a step itself."""
    if event.subject_kind != "case":
        return
    case = lock_case(event.subject_id)
    if case.state in ENDED:
        return
    before = counted(case)
    case.overdue = True
    write_change(before, counted(case))
