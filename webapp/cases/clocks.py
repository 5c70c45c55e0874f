"""The clocks of a case, started and stopped by the shipped rule table's events."""

from datetime import datetime

from webapp.audit.operations import Subject
from webapp.cases.models import Case
from webapp.deadlines.operations import apply_event
from webapp.deadlines.queries import next_due


def subject_of(case: Case) -> Subject:
    """How audit, clocks and notices name a case."""
    return Subject("case", case.id)


def tick(case: Case, step: str, *, due_at: datetime | None = None) -> None:
    """Apply a step to the case's clocks and note the nearest due moment on the case."""
    apply_event(
        f"case.{step}",
        subject_of(case),
        category=case.category,
        severity=case.severity or "",
        level=case.level,
        urgent=case.urgent,
        owner_id=case.office_id if case.state in _WITH_OFFICE else case.owner_id,
        due_at=due_at,
    )
    case.due_at = next_due(subject_of(case))


_WITH_OFFICE = frozenset({"escalated", "accepted", "inspecting", "concluded", "remedying"})
