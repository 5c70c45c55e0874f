"""How pages talk to a database: no transaction around what only reads, no question before each."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, NullPool, create_engine, event, func, select, text
from sqlalchemy.exc import DBAPIError

from tests.factories.directory import a_unit
from webapp.core import engine
from webapp.core.prepared import Prepared
from webapp.core.unit_of_work import session, write_unit
from webapp.directory.models import Unit
from webapp.extensions import db

PID = select(func.pg_backend_pid())


@pytest.fixture
def _only_postgis(app: Flask) -> None:
    if db.engine.dialect.name != "postgresql":
        pytest.skip("a file is not at the other end of a line")


@contextmanager
def alone() -> Iterator[list[bool]]:
    """Whether each statement ran without a transaction."""
    seen: list[bool] = []

    def note(connection: Connection, *_more: object) -> None:
        driver: Any = connection.connection.driver_connection
        if connection.dialect.name == "postgresql":
            seen.append(driver.autocommit)
        else:
            seen.append(not driver.in_transaction)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)


def test_a_page_reads_without_a_transaction(app: Flask) -> None:
    with app.test_request_context("/"), alone() as seen:
        session().scalar(select(Unit.id).limit(1))
    assert seen == [True]


def test_what_a_page_changes_by_mistake_is_not_kept(app: Flask) -> None:
    with app.test_request_context("/"), alone() as seen:
        a_unit().name = "Đổi nhầm"
        session().scalar(select(Unit.id).limit(1))  # flushes first
        session().rollback()
    assert seen[-2:] == [False, True]
    assert a_unit().name != "Đổi nhầm"


def test_a_write_unit_of_a_page_is_one_transaction(app: Flask) -> None:
    with app.test_request_context("/"):
        session().scalar(select(Unit.id).limit(1))
        with alone() as seen, write_unit():
            session().scalar(select(Unit.id).limit(1))
    assert seen
    assert not any(seen)


def test_a_form_that_is_sent_reads_in_a_transaction(app: Flask) -> None:
    with app.test_request_context("/", method="POST"), alone() as seen:
        session().scalar(select(Unit.id).limit(1))
    assert seen == [False]


@pytest.mark.usefixtures("_only_postgis")
def test_a_connection_that_lay_idle_is_asked_before_it_is_used(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    pid = session().scalar(PID)
    session().rollback()
    _end(pid)
    monkeypatch.setattr(engine, "UNASKED_SECONDS", 0.0)
    assert session().scalar(PID) != pid


@pytest.mark.usefixtures("_only_postgis")
def test_one_that_answered_just_now_is_not(app: Flask) -> None:
    pid = session().scalar(PID)
    session().rollback()
    _end(pid)
    with pytest.raises(DBAPIError):
        session().scalar(PID)
    session().rollback()
    assert session().scalar(PID) != pid


@pytest.mark.usefixtures("_only_postgis")
def test_a_prepared_statement_gives_a_lost_connection_up(app: Flask) -> None:
    asked = Prepared(PID)
    pid = asked.rows()[0][0]
    asked.rows()
    _end(pid)
    with pytest.raises(DBAPIError) as told:
        asked.rows()
    assert told.value.connection_invalidated
    session().rollback()
    assert asked.rows()[0][0] != pid


def _end(pid: object) -> None:
    """The connection is ended from one that is not of the pool."""
    other = create_engine(db.engine.url, poolclass=NullPool)
    with other.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
