"""Clocks under dated rules: the most specific rule, working days, pauses, extensions, results."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories.clock import FrozenClock
from webapp.audit.models import AuditEntry
from webapp.audit.operations import Subject
from webapp.core.actor import Actor, ActorKind
from webapp.core.errors import Invalid, TransitionRefused
from webapp.core.unit_of_work import session, write_unit
from webapp.core.working_days import end_of_day
from webapp.deadlines import operations
from webapp.deadlines.models import ClockRule, Deadline, DeadlineChange
from webapp.deadlines.queries import clocks_of, next_due, next_dues, result_of, results_of
from webapp.deadlines.reference import load_rules
from webapp.directory.models import CalendarDay

CASE = Subject("case", 7)
# MONDAY is 02/03/2026, 08:00 in Việt Nam.


@pytest.fixture(autouse=True)
def _set_up(app: Flask, frozen: FrozenClock) -> None:
    """Every test stands on a clean database on that Monday."""


def start(key: str = "front_view", subject: Subject = CASE, **more: object) -> Deadline:
    with write_unit():
        return operations.start_clock(key, subject, **more)  # type: ignore[arg-type]


def do(operation: object, *arguments: object, **named: object) -> None:
    with write_unit():
        operation(*arguments, **named)  # type: ignore[operator]


def days_off(*days: date) -> None:
    with write_unit():
        session().add_all(CalendarDay(day=day, works=False, name="Nghỉ lễ") for day in days)


def a_rule(key: str = "front_view", **changes: object) -> None:
    values = {
        "key": key,
        "amount": 9,
        "unit": "calendar_days",
        "due_soon": 1,
        "valid_from": date(2026, 1, 1),
        "source": "theo cài đặt của tỉnh",
    }
    with write_unit():
        session().add(ClockRule(**values | changes))


def test_loading_the_rules_again_adds_nothing_and_keeps_edits() -> None:
    before = len(session().scalars(select(ClockRule)).all())
    with write_unit():
        session().scalars(select(ClockRule).where(ClockRule.key == "accept")).one().amount = 4
        load_rules()
    rules = session().scalars(select(ClockRule)).all()
    assert len(rules) == before > 20
    assert next(rule.amount for rule in rules if rule.key == "accept") == 4


def test_five_working_days_end_at_midnight_of_the_next_monday() -> None:
    assert start().due_at == end_of_day(date(2026, 3, 9))


def test_days_off_and_days_worked_in_exchange_count() -> None:
    days_off(date(2026, 3, 4))
    with write_unit():
        session().add(CalendarDay(day=date(2026, 3, 7), works=True, name="Làm bù"))
    assert start().due_at == end_of_day(date(2026, 3, 9))
    days_off(date(2026, 3, 5))
    assert start().due_at == end_of_day(date(2026, 3, 10))


def test_hours_run_round_the_clock(frozen: FrozenClock) -> None:
    assert start("accept_urgent").due_at == frozen.at + timedelta(hours=24)


def test_the_most_specific_rule_wins_and_a_clock_keeps_its_own() -> None:
    everywhere = start("local_action", category="water")
    waste = start("local_action", Subject("case", 8), category="waste_collection.missed")
    assert (everywhere.rule.amount, waste.rule.amount) == (7, 3)
    a_rule("local_action", category="water", amount=30)
    assert everywhere.due_at == end_of_day(date(2026, 3, 11))
    later = start("local_action", Subject("case", 9), category="water")
    assert later.due_at == end_of_day(date(2026, 4, 1))


def test_a_rule_counts_from_its_first_day_on_the_local_calendar() -> None:
    a_rule(valid_from=date(2026, 3, 3))
    before = start(started_at=datetime(2026, 3, 2, 16, 59, tzinfo=UTC))
    after = start(started_at=datetime(2026, 3, 2, 17, 1, tzinfo=UTC))
    assert (before.rule.amount, after.rule.amount) == (5, 9)


def test_no_rule_no_clock() -> None:
    with pytest.raises(LookupError, match="no_such_clock"):
        start("no_such_clock")


def test_a_chosen_date_stands_instead_of_the_rules_and_is_noted() -> None:
    chosen = end_of_day(date(2026, 3, 20))
    deadline = start(due_at=chosen)
    change = session().scalars(select(DeadlineChange)).one()
    assert deadline.due_at == chosen
    assert (change.kind, change.old_due_at) == ("set", end_of_day(date(2026, 3, 9)))


def test_starting_again_stops_the_clock_before(frozen: FrozenClock) -> None:
    start()
    frozen.forward(days=1)
    start()
    first, second = clocks_of(CASE)
    assert (first.stopped_at, second.stopped_at) == (frozen.at, None)


@pytest.mark.parametrize(
    ("forward", "code", "days", "label"),
    [
        ({"hours": 1}, "on_time", 5, "Đúng hạn"),
        ({"days": 4}, "due_soon", 1, "Sắp đến hạn"),
        ({"days": 7, "hours": 15}, "due_soon", 0, "Sắp đến hạn"),
        ({"days": 7, "hours": 16}, "overdue", 1, "Quá hạn 1 ngày làm việc"),
        ({"days": 14}, "overdue", 5, "Quá hạn 5 ngày làm việc"),
    ],
)
def test_results_of_a_running_clock(
    frozen: FrozenClock, forward: dict[str, float], code: str, days: int, label: str
) -> None:
    deadline = start()
    result = result_of(deadline, frozen.forward(**forward))
    assert (result.code, result.working_days, str(result.label)) == (code, days, label)


def test_late_by_days_off_only_names_no_number(frozen: FrozenClock) -> None:
    deadline = start("accept")  # until Thursday
    days_off(date(2026, 3, 6))
    result = result_of(deadline, frozen.forward(days=4, hours=2))
    assert (result.code, str(result.label)) == ("overdue", "Quá hạn")


def test_a_stopped_clock_was_met_or_missed(frozen: FrozenClock) -> None:
    met, missed = start("accept"), start("accept", Subject("case", 8))
    frozen.forward(days=2)
    do(operations.stop_clock, CASE, "accept")
    frozen.forward(days=2)
    do(operations.stop_all, Subject("case", 8))
    results = results_of([met, missed], frozen.forward(days=30))
    assert (results[met.id].code, results[missed.id].code) == ("met", "missed")
    assert str(results[missed.id].label) == "Quá hạn 1 ngày làm việc"


def test_stopping_names_one_clock_of_one_record() -> None:
    start("front_view"), start("accept"), start("accept", Subject("report", 7))
    do(operations.stop_clock, CASE, "accept")
    running = session().scalars(select(Deadline).where(Deadline.stopped_at.is_(None)))
    assert {(one.rule.key, one.subject_kind) for one in running} == {
        ("front_view", "case"),
        ("accept", "report"),
    }


def test_a_pause_moves_a_limit_in_days_by_the_working_days_waited(frozen: FrozenClock) -> None:
    deadline = start()
    frozen.forward(days=1)
    do(operations.pause_clock, CASE, "front_view", "chờ người gửi trả lời")
    assert result_of(deadline, frozen.at).code == "paused"
    assert next_due(CASE) is None
    frozen.forward(days=6, hours=3)  # Tuesday to Monday: four working days
    do(operations.resume_clock, CASE, "front_view")
    assert (deadline.paused_at, deadline.due_at) == (None, end_of_day(date(2026, 3, 13)))
    changes = session().scalars(select(DeadlineChange).order_by(DeadlineChange.id)).all()
    assert [(one.kind, one.reason) for one in changes] == [
        ("pause", "chờ người gửi trả lời"),
        ("resume", ""),
    ]
    assert changes[1].old_due_at == end_of_day(date(2026, 3, 9))


def test_a_pause_moves_a_limit_in_hours_by_what_was_waited(frozen: FrozenClock) -> None:
    deadline = start("accept_urgent")
    do(operations.pause_clock, CASE, "accept_urgent", "chờ")
    do(operations.pause_clock, CASE, "accept_urgent", "chờ nữa")
    frozen.forward(minutes=90)
    do(operations.resume_clock, CASE, "accept_urgent")
    do(operations.resume_clock, CASE, "accept_urgent")
    assert deadline.due_at == deadline.started_at + timedelta(hours=25, minutes=30)


def test_a_pause_within_one_day_moves_no_limit_in_days(frozen: FrozenClock) -> None:
    deadline = start("remedy")
    due_at = deadline.due_at
    do(operations.pause_clock, CASE, "remedy", "chờ")
    frozen.forward(hours=6)
    do(operations.resume_clock, CASE, "remedy")
    assert deadline.due_at == due_at


def test_a_clock_stopped_while_it_waits_is_judged_by_what_it_waited(frozen: FrozenClock) -> None:
    deadline = start()
    do(operations.pause_clock, CASE, "front_view", "chờ")
    frozen.forward(days=30)
    do(operations.stop_all, CASE)
    assert result_of(deadline, frozen.at).code == "met"


def test_a_pause_that_is_taken_back_leaves_the_moment_as_it_was(frozen: FrozenClock) -> None:
    deadline = start("accept_urgent")
    due_at = deadline.due_at
    do(operations.pause_clock, CASE, "accept_urgent", "nhầm")
    frozen.forward(seconds=20)
    do(operations.resume_clock, CASE, "accept_urgent", due_at=due_at)
    assert (deadline.due_at, deadline.paused_at) == (due_at, None)


def test_an_extension_keeps_the_old_date_the_reason_and_the_signer(frozen: FrozenClock) -> None:
    start()
    signer = Actor(ActorKind.PERSON)
    later = end_of_day(date(2026, 3, 16))
    named = {"due_at": later, "reason": " mưa lũ, chưa vào được bản "}
    do(operations.extend_clock, signer, CASE, "front_view", **named)
    change = session().scalars(select(DeadlineChange)).one()
    assert (change.kind, change.reason) == ("extend", "mưa lũ, chưa vào được bản")
    assert (change.old_due_at, change.new_due_at) == (end_of_day(date(2026, 3, 9)), later)
    assert next_due(CASE) == later
    assert session().scalars(select(AuditEntry.action)).one() == "deadlines.extend"


@pytest.mark.parametrize(
    ("due_on", "reason", "field"),
    [(date(2026, 3, 9), "mưa lũ", "due_on"), (date(2026, 3, 12), "  ", "reason")],
)
def test_an_extension_is_later_and_has_a_reason(due_on: date, reason: str, field: str) -> None:
    start()
    with pytest.raises(Invalid) as refusal:
        named = {"due_at": end_of_day(due_on), "reason": reason}
        do(operations.extend_clock, Actor(ActorKind.PERSON), CASE, "front_view", **named)
    assert list(refusal.value.fields) == [field]
    assert next_due(CASE) == end_of_day(date(2026, 3, 9))


def test_only_a_running_clock_is_extended() -> None:
    with pytest.raises(TransitionRefused):
        named = {"due_at": end_of_day(date(2026, 3, 16)), "reason": "mưa lũ"}
        do(operations.extend_clock, Actor(ActorKind.PERSON), CASE, "front_view", **named)


def test_the_nearest_clock_of_each_record_in_one_query() -> None:
    start("front_view"), start("accept"), start("remedy", Subject("case", 8))
    start("accept", Subject("report", 8))
    assert next_dues("case", [7, 8, 9]) == {
        7: end_of_day(date(2026, 3, 5)),
        8: end_of_day(date(2026, 4, 1)),
    }


@pytest.mark.parametrize(
    ("event", "urgent", "keys"),
    [
        ("report.submit", False, {"triage_first_look"}),
        ("report.submit", True, {"triage_first_look_urgent", "urgent_unopened"}),
        ("case.escalate", True, {"accept_urgent"}),
        ("recommendation.deliver", True, {"front_reco_reply"}),
        ("case.no_such_step", False, set()),
    ],
)
def test_events_start_the_clocks_of_the_rule_table(
    event: str, urgent: bool, keys: set[str]
) -> None:
    do(operations.apply_event, event, CASE, urgent=urgent)
    assert {clock.rule.key for clock in clocks_of(CASE)} == keys


def test_events_stop_the_clocks_of_the_rule_table() -> None:
    do(operations.apply_event, "case.escalate", CASE)
    do(operations.apply_event, "case.accept", CASE, level="commune")
    assert {(one.rule.key, one.stopped_at is None) for one in clocks_of(CASE)} == {
        ("accept", False),
        ("conclude", True),
    }
