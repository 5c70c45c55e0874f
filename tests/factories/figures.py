"""Clocks that have ended, as figures count them."""

from datetime import datetime, timedelta

from sqlalchemy import select

from webapp.core.unit_of_work import session
from webapp.deadlines.models import ClockRule, Deadline


def a_clock(kind: str, subject_id: int, rule: str, start: datetime, hours: float, due: int) -> None:
    """A clock that ran for ``hours`` and was due after ``due`` hours."""
    rule_id = session().scalars(select(ClockRule.id).where(ClockRule.key == rule)).first()
    session().add(
        Deadline(
            rule_id=rule_id,
            subject_kind=kind,
            subject_id=subject_id,
            started_at=start,
            due_at=start + timedelta(hours=due),
            stopped_at=start + timedelta(hours=hours),
        )
    )
