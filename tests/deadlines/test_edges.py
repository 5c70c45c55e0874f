"""The edges of days: midnight in Việt Nam, the leap day, a pause of years, a job late by days."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from tests.factories.clock import FrozenClock
from webapp.audit.operations import Subject
from webapp.core import clock, events
from webapp.core.unit_of_work import write_unit
from webapp.core.working_days import end_of_day
from webapp.deadlines import operations
from webapp.deadlines.events import DeadlineNear, DeadlinePassed
from webapp.deadlines.models import Deadline
from webapp.deadlines.queries import result_of

CASE = Subject("case", 7)


@pytest.fixture(autouse=True)
def told(app: Flask, frozen: FrozenClock, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What subscribers heard, on a clean database on Monday, 02/03/2026."""
    heard: list[Any] = []
    subscribers = defaultdict(
        list, {each: [heard.append] for each in (DeadlineNear, DeadlinePassed)}
    )
    monkeypatch.setattr(events, "_SUBSCRIBERS", subscribers)
    return heard


def start(key: str = "accept", **more: Any) -> Deadline:
    with write_unit():
        return operations.start_clock(key, CASE, **more)


@pytest.mark.parametrize(
    ("utc", "due"),
    [
        (datetime(2026, 3, 2, 16, 59, 59, tzinfo=UTC), date(2026, 3, 5)),  # 23:59:59, Monday
        (datetime(2026, 3, 2, 17, 0, 0, tzinfo=UTC), date(2026, 3, 6)),  # 00:00:00, Tuesday
    ],
)
def test_the_day_is_that_of_viet_nam(utc: datetime, due: date) -> None:
    assert start(started_at=utc).due_at == end_of_day(due)


def test_a_leap_day_is_a_day(frozen: FrozenClock) -> None:
    frozen.at = datetime(2028, 2, 28, 1, tzinfo=UTC)  # a Monday
    assert start().due_at == end_of_day(date(2028, 3, 2))
    assert start("remedy").due_at == end_of_day(date(2028, 3, 29))


def test_a_pause_of_years(frozen: FrozenClock) -> None:
    deadline = start()
    with write_unit():
        operations.pause_clock(CASE, "accept", "chờ")
    at = frozen.forward(days=7 * 52 * 4)
    with write_unit():
        operations.resume_clock(CASE, "accept")
    assert deadline.due_at == end_of_day(clock.local(at).date() + timedelta(days=3))


def test_a_job_that_is_late_by_days_tells_of_the_passed_day_only(
    frozen: FrozenClock, told: list[Any]
) -> None:
    start()
    frozen.forward(days=40)
    operations.tell_deadlines()
    operations.tell_deadlines()
    assert told == [DeadlinePassed("case", 7, "accept")]


@pytest.mark.parametrize(("seconds", "code"), [(0, "due_soon"), (1, "overdue")])
def test_the_last_second_counts(frozen: FrozenClock, seconds: int, code: str) -> None:
    deadline = start()
    frozen.at = deadline.due_at + timedelta(seconds=seconds)
    assert result_of(deadline, frozen.at).code == code
