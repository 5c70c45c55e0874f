"""Deadlines are told once each, and counted anew when the calendar is edited."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories.clock import FrozenClock
from webapp.audit.models import AuditEntry
from webapp.audit.operations import Subject
from webapp.core import events
from webapp.core.actor import Actor, ActorKind
from webapp.core.unit_of_work import session, write_unit
from webapp.core.working_days import end_of_day
from webapp.deadlines import operations
from webapp.deadlines.events import DeadlineNear, DeadlinePassed
from webapp.deadlines.models import Deadline, DeadlineChange
from webapp.directory.models import CalendarDay, Person

News = DeadlineNear | DeadlinePassed


def listen(monkeypatch: pytest.MonkeyPatch, hear: Callable[[Any], None], *kinds: Any) -> None:
    """From now on these kinds of news are told to this function, and nothing to anybody else."""
    subscribers = defaultdict(list, {kind: [hear] for kind in kinds})
    monkeypatch.setattr(events, "_SUBSCRIBERS", subscribers)


@pytest.fixture(autouse=True)
def told(app: Flask, frozen: FrozenClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[News]]:
    """What subscribers heard."""
    heard: list[News] = []
    listen(monkeypatch, heard.append, DeadlineNear, DeadlinePassed)
    yield heard


def start(key: str, number: int) -> Deadline:
    with write_unit():
        return operations.start_clock(key, Subject("case", number))


def test_near_and_passed_are_told_once_each(frozen: FrozenClock, told: list[News]) -> None:
    start("front_view", 1)  # five working days, due soon two before
    operations.tell_deadlines()
    assert told == []
    frozen.forward(days=3)
    operations.tell_deadlines()
    operations.tell_deadlines()
    assert told == [DeadlineNear("case", 1, "front_view")]
    frozen.forward(days=5)
    operations.tell_deadlines()
    operations.tell_deadlines()
    assert told[1:] == [DeadlinePassed("case", 1, "front_view")]


def test_waiting_and_stopped_clocks_say_nothing(frozen: FrozenClock, told: list[News]) -> None:
    start("front_view", 1), start("front_view", 2)
    with write_unit():
        operations.pause_clock(Subject("case", 1), "front_view", "chờ trả lời")
        operations.stop_all(Subject("case", 2))
    frozen.forward(days=40)
    operations.tell_deadlines()
    assert told == []


def test_an_extended_clock_is_told_again(frozen: FrozenClock, told: list[News]) -> None:
    start("accept", 1)
    frozen.forward(days=4)
    operations.tell_deadlines()
    with write_unit():
        operations.extend_clock(
            Actor(ActorKind.PERSON),
            Subject("case", 1),
            "accept",
            due_at=end_of_day(date(2026, 3, 20)),
            reason="đường sạt lở",
        )
    operations.tell_deadlines()
    frozen.forward(days=30)
    operations.tell_deadlines()
    assert told == [DeadlinePassed("case", 1, "accept")] * 2


def test_one_subscriber_that_fails_holds_up_no_other_clock(
    frozen: FrozenClock, told: list[News], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(news: DeadlinePassed) -> None:
        with_row = Person(name="Vàng A Sếnh")
        session().add(with_row)
        if news.subject_id == 1 and not told:
            raise RuntimeError("hỏng")
        told.append(news)

    listen(monkeypatch, fails, DeadlinePassed)
    start("accept", 1), start("accept", 2)
    frozen.forward(days=10)
    operations.tell_deadlines()
    assert told == [DeadlinePassed("case", 2, "accept")]
    assert len(session().scalars(select(Person).where(Person.name == "Vàng A Sếnh")).all()) == 1
    operations.tell_deadlines()
    assert told[1:] == [DeadlinePassed("case", 1, "accept")]


def test_an_edited_calendar_moves_what_is_not_yet_due_in_one_audited_job(
    frozen: FrozenClock,
) -> None:
    plain, waited = start("front_view", 1), start("front_view", 2)
    decided, hours, late = start("front_view", 3), start("accept_urgent", 4), start("accept", 5)
    with write_unit():
        operations.pause_clock(Subject("case", 2), "front_view", "chờ trả lời")
        operations.extend_clock(
            Actor(ActorKind.PERSON),
            Subject("case", 3),
            "front_view",
            due_at=end_of_day(date(2026, 3, 12)),
            reason="mưa lũ",
        )
    frozen.forward(days=1)
    with write_unit():
        operations.resume_clock(Subject("case", 2), "front_view")
    frozen.forward(days=3)  # Friday: `late` was due on Thursday
    before = {one.id: one.due_at for one in (decided, hours, late)}
    with write_unit():
        session().add(CalendarDay(day=date(2026, 3, 9), works=False, name="Nghỉ bù"))
    operations.recompute_clocks()
    operations.recompute_clocks()
    session().expire_all()
    assert plain.due_at == end_of_day(date(2026, 3, 10))
    assert waited.due_at == end_of_day(date(2026, 3, 11))
    assert {one.id: one.due_at for one in (decided, hours, late)} == before
    audit = session().scalars(select(AuditEntry).where(AuditEntry.action == "deadlines.recompute"))
    assert [entry.facts for entry in audit] == [{"moved": 2}, {"moved": 0}]
    kinds = session().scalars(select(DeadlineChange.kind).order_by(DeadlineChange.id)).all()
    assert kinds[-2:] == ["calendar", "calendar"]


def test_what_a_clock_waited_counts_though_the_calendar_was_edited_meanwhile(
    frozen: FrozenClock,
) -> None:
    waited = start("front_view", 1)  # due 9/3
    with write_unit():
        operations.pause_clock(Subject("case", 1), "front_view", "chờ trả lời")
    for day in (date(2026, 3, 5), date(2026, 3, 6)):
        with write_unit():
            session().add(CalendarDay(day=day, works=False, name="Nghỉ bù"))
        operations.recompute_clocks()
    frozen.forward(days=2)  # Wednesday: two working days waited
    with write_unit():
        operations.resume_clock(Subject("case", 1), "front_view")
    assert waited.due_at == end_of_day(date(2026, 3, 13))
    operations.recompute_clocks()
    session().expire_all()
    assert waited.due_at == end_of_day(date(2026, 3, 13))
