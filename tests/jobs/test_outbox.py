"""The outbox: an effect with its change or not at all, tried again, held, taken by one worker."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories.clock import FrozenClock
from webapp.core.errors import Conflict, NotFound
from webapp.core.unit_of_work import session, write_unit
from webapp.directory.models import Person
from webapp.jobs import operations
from webapp.jobs.models import OutboxRow
from webapp.jobs.operations import LEASE, MAX_ATTEMPTS, cancel_held, drain, enqueue, is_held


class Effect:
    """A handler that notes what it was asked and can be told to fail."""

    def __init__(self) -> None:
        self.done: list[int] = []
        self.fails = 0
        self.meanwhile: Callable[[], object] = lambda: None

    def __call__(self, number: int) -> None:
        self.meanwhile()
        if self.fails:
            self.fails -= 1
            raise TimeoutError("máy chủ thư không trả lời")
        self.done.append(number)


@pytest.fixture
def effect(app: Flask, frozen: FrozenClock, monkeypatch: pytest.MonkeyPatch) -> Effect:
    made = Effect()
    monkeypatch.setitem(operations._handlers, "thử", made)
    return made


def put(number: int = 1, **more: object) -> OutboxRow:
    with write_unit():
        return enqueue("thử", number=number, **more)  # type: ignore[arg-type]


def row_of(row: OutboxRow) -> OutboxRow:
    return session().get_one(OutboxRow, row.id, populate_existing=True)


def test_an_effect_belongs_to_its_change(effect: Effect) -> None:
    with pytest.raises(RuntimeError, match="hỏng"), write_unit():
        session().add(Person(name="Lò Văn Pánh"))
        enqueue("thử", number=1)
        raise RuntimeError("hỏng")
    assert (drain(), effect.done) == (0, [])
    with write_unit():
        session().add(Person(name="Lò Văn Pánh"))
        enqueue("thử", number=2)
    assert (drain(), effect.done) == (1, [2])


def test_due_rows_go_in_order_and_once(effect: Effect, frozen: FrozenClock) -> None:
    later = put(3, delay=timedelta(minutes=1))
    first, second = put(1), put(2)
    assert (drain(), drain(), effect.done) == (2, 0, [1, 2])
    assert (row_of(first).state, row_of(second).done_at) == ("done", frozen.at)
    frozen.forward(seconds=60)
    assert (drain(), effect.done, row_of(later).state) == (1, [1, 2, 3], "done")


def test_what_fails_is_tried_again_farther_apart(effect: Effect, frozen: FrozenClock) -> None:
    effect.fails = 2
    row = put()
    waits = []
    for _attempt in range(2):
        drain()
        waits.append((row_of(row).due_at - frozen.at).total_seconds())
        assert (row_of(row).state, row_of(row).last_error) == ("waiting", "TimeoutError")
        assert drain() == 0
        frozen.forward(seconds=waits[-1])
    assert waits == [20, 40]
    drain()
    assert (effect.done, row_of(row).state, row_of(row).last_error) == ([1], "done", None)


def test_what_goes_on_failing_is_set_aside(effect: Effect, frozen: FrozenClock) -> None:
    effect.fails = 100
    row, other = put(1), put(2)
    for _attempt in range(MAX_ATTEMPTS + 3):
        drain()
        frozen.forward(hours=2)
    assert effect.fails == 100 - 2 * MAX_ATTEMPTS
    assert {row_of(row).state, row_of(other).state} == {"failed"}
    assert row_of(row).attempts == MAX_ATTEMPTS


def test_a_failure_holds_up_nothing_behind_it(effect: Effect) -> None:
    effect.fails = 1
    put(1), put(2)
    drain()
    assert effect.done == [2]


def test_a_kind_without_a_handler_fails_visibly(effect: Effect) -> None:
    with write_unit():
        row = enqueue("không có")
    drain()
    assert (row_of(row).state, row_of(row).last_error) == ("waiting", "KeyError")


def test_what_a_failing_task_left_half_done_is_dropped(effect: Effect) -> None:
    effect.meanwhile = lambda: session().add(Person(name="Vàng A Sếnh"))
    effect.fails = 1
    put()
    drain()
    assert session().scalars(select(Person)).all() == []


def test_a_row_of_a_dead_worker_comes_back(effect: Effect, frozen: FrozenClock) -> None:
    def dies() -> None:
        raise SystemExit("kill -9")

    effect.meanwhile = dies
    row = put()
    with pytest.raises(SystemExit):
        drain()
    effect.meanwhile = lambda: None
    assert (drain(), row_of(row).state) == (0, "waiting")
    frozen.forward(seconds=LEASE.total_seconds())
    assert (drain(), effect.done) == (1, [1])


def test_a_row_that_kills_every_worker_is_set_aside(effect: Effect, frozen: FrozenClock) -> None:
    row = put()
    with write_unit():
        row_of(row).attempts = MAX_ATTEMPTS
    drain()
    assert (effect.done, row_of(row).state, row_of(row).last_error) == ([], "failed", "WorkerDied")


def test_a_held_row_waits_thirty_seconds(effect: Effect, frozen: FrozenClock) -> None:
    put(held_for="report:5")
    frozen.forward(seconds=29)
    assert is_held("report:5") and not is_held("report:6")
    assert drain() == 0
    frozen.forward(seconds=1)
    assert not is_held("report:5")
    assert (drain(), effect.done) == (1, [1])


def test_a_hold_is_taken_back_whole_and_alone(effect: Effect, frozen: FrozenClock) -> None:
    mine = [put(1, held_for="report:5"), put(2, held_for="report:5")]
    put(3, held_for="report:6")
    with write_unit():
        assert cancel_held("report:5") == 2
    assert not is_held("report:5")
    frozen.forward(seconds=31)
    drain()
    assert effect.done == [3]
    assert {row_of(row).state for row in mine} == {"cancelled"}
    assert [row_of(row).payload for row in mine] == [{}, {}]


def test_nothing_is_left_of_what_an_effect_named(effect: Effect, frozen: FrozenClock) -> None:
    done = put(7)
    drain()
    assert (row_of(done).state, row_of(done).payload) == ("done", {})
    effect.fails = MAX_ATTEMPTS
    failed = put(8)
    for _attempt in range(MAX_ATTEMPTS):
        drain()
        frozen.forward(hours=2)
    assert (row_of(failed).state, row_of(failed).payload) == ("failed", {"number": 8})


def test_what_names_somebody_is_dropped_waiting_failed_or_running(
    effect: Effect, frozen: FrozenClock
) -> None:
    failed, waiting, other = put(7), put(7), put(17)
    with write_unit():
        row_of(failed).state = "failed"
        operations.drop_naming(["thử"], "number", [7, 9])
        operations.drop_naming(["khác"], "number", [17])
        operations.drop_naming(["thử"], "number", [])
    assert {row_of(row).state for row in (failed, waiting)} == {"cancelled"}
    assert [row_of(row).payload for row in (failed, waiting)] == [{}, {}]

    def drop() -> None:
        with write_unit():
            operations.drop_naming(["thử"], "number", [17])

    effect.meanwhile, effect.fails = drop, 1
    assert (drain(), row_of(other).state, row_of(other).payload) == (1, "cancelled", {})


def test_what_a_worker_has_taken_cannot_be_taken_back(effect: Effect, frozen: FrozenClock) -> None:
    seen: list[tuple[bool, int]] = []

    def undo() -> None:
        with write_unit():
            seen.append((is_held("report:5"), cancel_held("report:5")))

    effect.meanwhile = undo
    put(held_for="report:5")
    frozen.forward(seconds=31)
    drain()
    assert (seen, effect.done) == ([(False, 0)], [1])


def test_no_transaction_is_open_while_a_task_runs(effect: Effect) -> None:
    open_ones: list[bool] = []
    effect.meanwhile = lambda: open_ones.append(session().in_transaction())
    put()
    drain()
    assert open_ones == [False]


def test_a_worker_that_shall_stop_takes_no_further_row(effect: Effect) -> None:
    put(1), put(2)
    assert drain(go_on=lambda: not effect.done) == 1
    assert effect.done == [1]


def test_two_workers_never_take_the_same_row(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[int] = []
    monkeypatch.setitem(operations._handlers, "thử", lambda number: taken.append(number))
    with write_unit():
        for number in range(40):
            enqueue("thử", number=number)
    barrier = threading.Barrier(4)
    failures: list[Exception] = []

    def work() -> None:
        try:
            with app.app_context():
                barrier.wait(10)
                drain()
        except Exception as failure:
            failures.append(failure)

    workers = [threading.Thread(target=work) for _number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert failures == []
    assert Counter(taken) == Counter(range(40))
    states = session().scalars(select(OutboxRow.state)).all()
    assert Counter(states) == {"done": 40}


def test_a_failed_row_runs_again_with_all_its_tries(effect: Effect, frozen: FrozenClock) -> None:
    effect.fails = MAX_ATTEMPTS
    row = put()
    for _attempt in range(MAX_ATTEMPTS):
        drain()
        frozen.forward(hours=2)
    with write_unit():
        operations.run_again(row.id)
    assert (row_of(row).attempts, drain(), effect.done) == (0, 1, [1])


def test_done_held_and_unknown_rows_do_not_run_again(effect: Effect) -> None:
    done, held = put(1), put(2, held_for="report:5")
    drain()
    for row_id, error in ((done.id, Conflict), (held.id, Conflict), (held.id + 9, NotFound)):
        with pytest.raises(error), write_unit():
            operations.run_again(row_id)
    assert effect.done == [1]


def test_two_handlers_of_one_kind_are_refused(effect: Effect) -> None:
    operations.register("thử", effect)
    with pytest.raises(ValueError, match="thử"):
        operations.register("thử", Effect())


def test_a_queue_that_is_away_loses_no_row(effect: Effect, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OSError("hàng đợi không mở được")

    monkeypatch.setattr(operations, "_wake", away)
    put()
    assert (drain(), effect.done) == (1, [1])


def test_the_worker_is_woken_after_the_commit_and_only_then(
    effect: Effect, monkeypatch: pytest.MonkeyPatch
) -> None:
    waked: list[bool] = []
    monkeypatch.setattr(operations, "_wake", lambda: waked.append(session().in_transaction()))
    with pytest.raises(RuntimeError, match="hỏng"), write_unit():
        enqueue("thử", number=1)
        raise RuntimeError("hỏng")
    with write_unit():
        session().add(Person(name="Lò Văn Pánh"))
    assert waked == []
    put()
    assert waked == [False]
