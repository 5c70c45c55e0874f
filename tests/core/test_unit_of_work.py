"""A unit of work is all or nothing on both databases, and the audit chain closes each one."""

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from webapp.audit.models import AuditEntry
from webapp.audit.operations import Subject, record
from webapp.audit.queries import first_broken_entry
from webapp.core import clock
from webapp.core.actor import SYSTEM
from webapp.core.unit_of_work import session, write_unit
from webapp.directory.models import Person, Unit


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
