"""What a rule means in time: due moments, waiting, due soon. Pure, the calendar is handed in."""

from datetime import datetime, timedelta
from typing import Protocol

from webapp.core.clock import local
from webapp.core.working_days import (
    Calendar,
    add_hours,
    add_working_days,
    calendar_days_deadline,
    end_of_day,
    working_days_between,
    working_days_deadline,
)


class Term(Protocol):
    """An amount of hours, working days or calendar days."""

    @property
    def amount(self) -> int: ...
    @property
    def unit(self) -> str: ...
    @property
    def due_soon(self) -> int: ...


def due_moment(calendar: Calendar, term: Term, started_at: datetime) -> datetime:
    """When a clock under this rule is due: hours to the minute, days with their last second."""
    if term.unit == "hours":
        return add_hours(started_at, term.amount)
    if term.unit == "working_days":
        return working_days_deadline(calendar, started_at, term.amount)
    return calendar_days_deadline(started_at, term.amount)


def moved_by_wait(
    calendar: Calendar, unit: str, due_at: datetime, waited: tuple[datetime, datetime]
) -> datetime:
    """The due moment after a pause, later by what was waited in the rule's own unit.

    A pause within one day moves no limit that counts days. What was not late when it began to wait
    is not late when the wait ends on a day off either: it is due on the next working day.
    """
    start, end = waited
    if unit == "hours":
        return due_at + (end - start)
    days = days_passed(calendar, unit, start, end)
    if unit == "calendar_days":
        return end_of_day(local(due_at).date() + timedelta(days=days)) if days else due_at
    moved = end_of_day(add_working_days(calendar, local(due_at).date(), days)) if days else due_at
    if start <= due_at and moved < end:
        return end_of_day(add_working_days(calendar, local(end).date(), 1))
    return moved


def days_passed(calendar: Calendar, unit: str, start: datetime, end: datetime) -> int:
    """Working or calendar days from the local day of ``start`` to that of ``end``."""
    first, last = local(start).date(), local(end).date()
    if unit == "working_days":
        return working_days_between(calendar, first, last)
    return (last - first).days


def is_due_soon(calendar: Calendar, term: Term, due_at: datetime, at: datetime) -> bool:
    """Whether a clock that is not overdue has at most ``due_soon`` of its unit left."""
    if term.unit == "hours":
        return due_at - at <= timedelta(hours=term.due_soon)
    return days_passed(calendar, term.unit, at, due_at) <= term.due_soon
