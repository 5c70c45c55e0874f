"""A unit of work is all or nothing on both databases, and the audit chain closes each one."""

import threading

import pytest
from flask import Flask
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import DBAPIError, OperationalError

from webapp.audit.models import AuditEntry
from webapp.audit.operations import Subject, record
from webapp.audit.queries import first_broken_entry
from webapp.core import clock, engine
from webapp.core.actor import SYSTEM
from webapp.core.unit_of_work import read_unit, session, write_unit
from webapp.directory.models import Person, Unit
from webapp.extensions import db


def test_reference_units_are_there(app: Flask) -> None:
    assert session().scalar(select(func.count(Unit.id))) == 4 + 18 + 237 + 82


def test_commit_keeps_and_exception_drops(app: Flask) -> None:
    with write_unit():
        session().add(Person(name="Lò Thị Ẳng"))
    with pytest.raises(RuntimeError, match="giữa chừng"), write_unit():
        session().add(Person(name="Cà Văn Noọng"))
        raise RuntimeError("hỏng giữa chừng")
    assert list(session().scalars(select(Person.name))) == ["Lò Thị Ẳng"]


def test_a_write_unit_does_not_nest(app: Flask) -> None:
    with write_unit(), pytest.raises(RuntimeError, match="open already"), write_unit():
        pass


def test_a_read_unit_cannot_smuggle_changes_into_a_write_unit(app: Flask) -> None:
    session().add(Person(name="Quàng Văn Sín"))
    with pytest.raises(RuntimeError, match="outside a write unit"), write_unit():
        pass


def test_audit_is_chained_and_append_only(app: Flask) -> None:
    for number in (1, 2, 3):
        with write_unit():
            record(SYSTEM, "thử", Subject("case", number), state="received")
    assert first_broken_entry() is None
    for statement in ("DELETE FROM audit_entry", "UPDATE audit_entry SET action = 'x'"):
        with pytest.raises(DBAPIError, match="append-only"), write_unit():
            session().execute(text(statement))
    assert session().scalar(select(func.count(AuditEntry.id))) == 3


def test_the_command_verifies_the_chain(app: Flask) -> None:
    for number in (1, 2, 3):
        with write_unit():
            record(SYSTEM, "thử", Subject("case", number), state="received")
    done = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert (done.exit_code, done.output) == (0, "Nhật ký nguyên vẹn: 3 dòng.\n")
    with write_unit():
        forged = AuditEntry(
            at=clock.now(),
            action="khác",
            actor_kind="system",
            subject_kind="case",
            subject_id=9,
            facts={},
            chain="0" * 64,
        )
        session().add(forged)
    done = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert (done.exit_code, done.stdout) == (1, "") and f"dòng số {forged.id}." in done.stderr


def test_a_rolled_back_unit_leaves_no_audit(app: Flask) -> None:
    with pytest.raises(ValueError, match="thôi"), write_unit():
        record(SYSTEM, "thử", Subject("case", 1))
        raise ValueError("thôi")
    with write_unit():
        record(SYSTEM, "khác", Subject("case", 2))
    assert list(session().scalars(select(AuditEntry.action))) == ["khác"]


def test_what_a_read_unit_read_is_not_asked_for_again(app: Flask) -> None:
    with read_unit():
        unit = session().scalars(select(Unit).order_by(Unit.id).limit(1)).one()
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    with write_unit():
        assert unit.name
    event.remove(db.engine, "before_cursor_execute", note)
    assert seen == []


def test_a_read_unit_changes_nothing_and_stands_in_no_write_unit(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="outside a write unit"), read_unit():
        session().add(Person(name="Vàng Thị Dế"))
    session().rollback()
    with write_unit(), pytest.raises(RuntimeError, match="open already"), read_unit():
        pass
    assert session().scalar(select(func.count(Person.id))) == 0


@pytest.fixture
def one_writer(app: Flask) -> Flask:
    """SQLite's file, which one writes at a time."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL has many writers at once")
    return app


def test_a_writer_waits_for_the_one_before_and_goes_on(one_writer: Flask) -> None:
    begun = threading.Event()

    def write() -> None:
        begun.set()
        with one_writer.app_context(), write_unit():
            session().add(Person(name="Lường Văn Ọi"))

    second = threading.Thread(target=write)
    with write_unit():
        session().add(Person(name="Tòng Thị Ún"))
        session().flush()
        second.start()
        begun.wait(5)
    second.join(10)
    names = session().scalars(select(Person.name).order_by(Person.id))
    assert list(names) == ["Tòng Thị Ún", "Lường Văn Ọi"]


def test_a_writer_waits_no_longer_than_it_may(
    one_writer: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_MS", 20)
    refused: list[Exception] = []

    def write() -> None:
        try:
            with one_writer.app_context(), write_unit():
                pass
        except OperationalError as error:
            refused.append(error)

    with write_unit():
        waiting = [threading.Thread(target=write) for _ in range(3)]
        for each in waiting:
            each.start()
        for each in waiting:
            each.join(10)
    assert ["locked" in str(each) for each in refused] == [True] * 3
