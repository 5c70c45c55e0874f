"""Waiting costs nobody a day, whatever day it ends and however the calendar is edited meanwhile."""

from collections import defaultdict
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories.clock import FrozenClock
from webapp.audit.models import AuditEntry
from webapp.audit.operations import Subject
from webapp.core import events
from webapp.core.unit_of_work import session, write_unit
from webapp.core.working_days import end_of_day
from webapp.deadlines import operations
from webapp.deadlines.events import DeadlineMoved, DeadlineNear
from webapp.deadlines.models import Deadline
from webapp.deadlines.queries import result_of
from webapp.directory.models import CalendarDay

CASE = Subject("case", 7)
# Every test begins on Monday, 02/03/2026, 08:00 in Việt Nam.


@pytest.fixture(autouse=True)
def _set_up(app: Flask, frozen: FrozenClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test stands on a clean database on that Monday; no case stands behind its clocks."""
    monkeypatch.setattr(events, "_SUBSCRIBERS", defaultdict(list))


def start(key: str = "front_view", subject: Subject = CASE) -> Deadline:
    with write_unit():
        return operations.start_clock(key, subject)


def pause(key: str = "front_view") -> None:
    with write_unit():
        operations.pause_clock(CASE, key, "chờ người gửi trả lời")


def resume(key: str = "front_view", **how: Any) -> None:
    with write_unit():
        operations.resume_clock(CASE, key, **how)


def off(day: date, *, works: bool = False) -> None:
    with write_unit():
        session().add(CalendarDay(day=day, works=works, name="Nghỉ bù"))


@pytest.mark.parametrize(
    ("weeks", "days", "due"),
    [
        (0, 3, date(2026, 3, 9)),  # Monday: one working day later
        (0, 1, date(2026, 3, 9)),  # Saturday: nobody works, so Monday too
        (1, 1, date(2026, 3, 16)),
        (1, 0, date(2026, 3, 13)),
    ],
)
def test_what_waits_on_its_last_day_is_not_late_because_the_wait_ended_on_a_day_off(
    frozen: FrozenClock, weeks: int, days: int, due: date
) -> None:
    frozen.forward(days=1)
    deadline = start("accept")  # three working days: Friday
    frozen.forward(days=3)
    pause("accept")
    at = frozen.forward(days=7 * weeks + days, minutes=5)
    resume("accept")
    assert deadline.due_at == end_of_day(due)
    assert result_of(deadline, at).code == "due_soon"
    operations.recompute_clocks()
    session().expire_all()
    assert deadline.due_at == end_of_day(due)


def test_what_was_late_before_it_waited_stays_late(frozen: FrozenClock) -> None:
    deadline = start("accept")  # Thursday
    frozen.forward(days=4)
    pause("accept")
    at = frozen.forward(days=1)
    resume("accept")
    assert (deadline.due_at, result_of(deadline, at).code) == (
        end_of_day(date(2026, 3, 5)),
        "overdue",
    )


def test_a_day_off_declared_while_it_waited_past_its_day_is_no_day_lost(
    frozen: FrozenClock,
) -> None:
    deadline = start()  # due on Monday, 9/3
    frozen.forward(days=1)
    pause()  # four working days are left
    frozen.forward(days=13)
    off(date(2026, 3, 5))  # storm: declared afterwards
    operations.recompute_clocks()
    frozen.forward(days=2)  # Wednesday, 18/3
    resume()
    assert deadline.due_at == end_of_day(date(2026, 3, 24))


def test_a_pause_taken_back_after_midnight_gives_no_day(frozen: FrozenClock) -> None:
    deadline = start()
    due_at = deadline.due_at
    frozen.forward(hours=15, minutes=59, seconds=50)
    pause()
    frozen.forward(seconds=20)
    resume(due_at=due_at)
    operations.recompute_clocks()
    session().expire_all()
    assert deadline.due_at == due_at


def test_a_wait_that_moves_nothing_is_not_told_again(
    frozen: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[DeadlineNear] = []
    monkeypatch.setattr(events, "_SUBSCRIBERS", defaultdict(list, {DeadlineNear: [told.append]}))
    start("accept")
    frozen.forward(days=2)
    operations.tell_deadlines()
    pause("accept")
    frozen.forward(hours=2)
    resume("accept")
    operations.tell_deadlines()
    assert len(told) == 1


def test_one_record_that_fails_holds_up_no_other_when_the_calendar_is_edited(
    frozen: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(news: DeadlineMoved) -> None:
        if news.subject_id == 1:
            raise RuntimeError("hỏng")

    subscribers = defaultdict(list, {DeadlineMoved: [fails]})
    monkeypatch.setattr(events, "_SUBSCRIBERS", subscribers)
    broken, sound = start(subject=Subject("case", 1)), start(subject=Subject("case", 2))
    off(date(2026, 3, 4))
    with pytest.raises(RuntimeError):
        operations.recompute_clocks()
    session().expire_all()
    assert (broken.due_at, sound.due_at) == (
        end_of_day(date(2026, 3, 9)),
        end_of_day(date(2026, 3, 10)),
    )
    subscribers.clear()
    operations.recompute_clocks()  # the queue tries it again
    session().expire_all()
    assert broken.due_at == end_of_day(date(2026, 3, 10))
    audit = session().scalars(select(AuditEntry).where(AuditEntry.action == "deadlines.recompute"))
    assert [entry.facts["moved"] for entry in audit] == [1, 1]


def test_the_warning_comes_as_early_as_the_rule_says(
    frozen: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[DeadlineNear] = []
    monkeypatch.setattr(events, "_SUBSCRIBERS", defaultdict(list, {DeadlineNear: [told.append]}))
    deadline = start("remedy")
    with write_unit():
        deadline.rule.amount, deadline.rule.due_soon = 120, 90
        deadline.due_at = end_of_day(date(2026, 6, 30))
    frozen.forward(days=29)
    operations.tell_deadlines()
    assert told == []
    at = frozen.forward(days=1)  # 90 days before
    operations.tell_deadlines()
    assert result_of(deadline, at).code == "due_soon"
    assert [news.rule_key for news in told] == ["remedy"]
