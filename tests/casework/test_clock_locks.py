"""The clock job and a step on one record take their locks in the same order."""

import threading
import time
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select, text

from tests.factories.cases import make_case
from tests.factories.casework import Desks, make_letter
from tests.factories.clock import FrozenClock
from webapp.audit.operations import Subject
from webapp.cases.operations import lock_case
from webapp.core.unit_of_work import session, write_unit
from webapp.deadlines.models import Deadline
from webapp.deadlines.operations import recompute_clocks, start_clock, stop_all, tell_deadlines
from webapp.directory.models import CalendarDay
from webapp.extensions import db

_BLOCKED = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


def wait_until_blocked(job: threading.Thread) -> None:
    """Until the job waits for what this thread holds; PostgreSQL alone can say so."""
    ends = time.monotonic() + 20
    while job.is_alive() and time.monotonic() < ends:
        with db.engine.connect() as other:
            if other.scalar(_BLOCKED):
                return
        time.sleep(0.02)


def in_background(app: Flask, work: Callable[[], None]) -> threading.Thread:
    def run() -> None:
        with app.app_context():
            try:
                work()
            finally:
                db.session.remove()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.parametrize("job", [tell_deadlines, recompute_clocks])
def test_a_clock_job_waits_for_a_step_and_holds_nothing_it_needs(
    app: Flask,
    committed: Desks,
    frozen: FrozenClock,
    caplog: pytest.LogCaptureFixture,
    job: Callable[[], None],
) -> None:
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    with write_unit():
        letter = make_letter(committed, "delivered", case=make_case("assessed"))
        case, answer = Subject("case", letter.case_id), Subject("recommendation", letter.id)
        start_clock("front_view", case)
        session().add(CalendarDay(day=date(2026, 3, 4), works=False, name="Nghỉ bù"))
    if job is tell_deadlines:
        frozen.forward(days=60)
    with write_unit():
        lock_case(case.id or 0)
        thread = in_background(app, job)
        wait_until_blocked(thread)
        stop_all(case)
        stop_all(answer)
    thread.join(20)
    assert not thread.is_alive()
    assert not [each for each in caplog.messages if "could not be told" in each]
    session().expire_all()
    assert all(each.stopped_at for each in session().scalars(select(Deadline)))
    assert not session().scalars(select(Deadline.id).where(Deadline.told_overdue)).all()
