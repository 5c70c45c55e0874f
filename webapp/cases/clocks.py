"""The clocks of a case, started and stopped by the shipped rule table's events."""

from datetime import datetime

from webapp.audit.operations import Subject
from webapp.cases.models import Case
from webapp.cases.workflow import ENDED, WITH_OFFICE
from webapp.core import clock
from webapp.deadlines.operations import apply_event
from webapp.deadlines.queries import next_due


def subject_of(case: Case) -> Subject:
    """How audit, clocks and notices name a case."""
    return Subject("case", case.id)


def tick(case: Case, step: str, *, due_at: datetime | None = None) -> None:
    """Apply a step to the case's clocks; note the nearest due moment, and whether it has passed.

    What still runs on an ended case is the residents' time to ask again: nobody's deadline.
    """
    apply_event(
        f"case.{step}",
        subject_of(case),
        category=case.category,
        severity=case.severity or "",
        level=case.level,
        urgent=case.urgent,
        owner_id=case.office_id if case.state in WITH_OFFICE else case.owner_id,
        due_at=due_at,
    )
    note_due(case)


def note_due(case: Case) -> None:
    """Keep the nearest due moment with the case, and whether it has passed."""
    case.due_at = None if case.state in ENDED else next_due(subject_of(case))
    case.overdue = case.due_at is not None and case.due_at < clock.now()
