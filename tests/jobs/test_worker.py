"""The worker process: carries out what is waiting, stops when asked; the schedule is a table."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from tests.databases import WAIT_SECONDS, wait_for
from webapp import schedule
from webapp.core.unit_of_work import session, write_unit
from webapp.features import OUTBOX_HANDLERS
from webapp.jobs.models import OutboxRow
from webapp.jobs.operations import enqueue, registered

ROOT = Path(__file__).resolve().parents[2]


def state_of(row_id: int) -> str:
    session().rollback()
    return session().scalars(select(OutboxRow.state).where(OutboxRow.id == row_id)).one()


def test_the_worker_carries_out_and_stops_on_request(
    database: object, app: Flask, tmp_path: Path
) -> None:
    with write_unit():
        row = enqueue("media.remove_file", key="renditions/aa/aa")
    environment = os.environ | {
        "MATXANH_DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        "MATXANH_DATA_DIR": str(tmp_path),
    }
    worker = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "webapp.app", "worker", "run"],
        cwd=ROOT,
        env=environment,
        start_new_session=True,
    )
    try:
        wait_for(lambda: state_of(row.id) == "done")
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(WAIT_SECONDS) == 0
    finally:
        if worker.poll() is None:
            worker.kill()
            worker.wait()


def test_every_handler_of_the_table_is_registered(bare_app: Flask) -> None:
    assert registered() >= OUTBOX_HANDLERS.keys()


def test_the_schedule_names_each_task_once() -> None:
    names = [row.name for row in schedule.SCHEDULE]
    assert len(set(names)) == len(names)
    assert all(1 <= row.every_minutes <= 59 for row in schedule.SCHEDULE)
    assert "tell_deadlines" in names


@pytest.mark.parametrize("row", schedule.SCHEDULE, ids=lambda row: row.name)
def test_every_task_of_the_schedule_runs_on_an_empty_database_twice(
    app: Flask, row: schedule.Periodic
) -> None:
    row.run()
    row.run()
