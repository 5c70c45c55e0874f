"""Rotation of the identity keys reaches every sealed column and file, and loses nothing."""

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Column, LargeBinary, String, Table, delete, event, insert, select, update
from sqlalchemy.exc import DBAPIError

from tests.factories.media import a_photo_file, a_ready_photo
from tests.factories.papers import a_pdf, a_stored_paper
from webapp.audit.models import AuditEntry, AuditReason
from webapp.audit.operations import open_reason, seal_reason
from webapp.core import crypto, files
from webapp.core.base import Base
from webapp.core.crypto import KeyRing, key_id
from webapp.core.resealing import SealedColumn, reseal_all, sealed_columns
from webapp.core.unit_of_work import session, write_unit
from webapp.extensions import db
from webapp.media.models import Photo
from webapp.media.originals import open_original
from webapp.media.papers import open_paper
from webapp.media.sweep import _key_columns

NEWEST = 7
# Files that are served as they lie: nothing in them is sealed.
OPEN_FILES = {
    "document.docx_key",
    "document.pdf_key",
    "document_scan.file_key",
    "letter_template.file_key",
    "notice_sheet.file_key",
    "paper_page.file_key",
    "redaction.file_key",
    "rendition.file_key",
    "spoken_recording.file_key",
}
# Text columns whose name ends like a key but that hold no file.
NO_FILES = {"site_check.answer_key"}


@pytest.fixture
def newest(app: Flask, monkeypatch: pytest.MonkeyPatch) -> KeyRing:
    """A ring with one more key, not in force yet."""
    ring = crypto.ring()
    monkeypatch.setattr(crypto, "_ring", ring)  # put back afterwards
    return KeyRing({**ring.keys, NEWEST: b"n" * 32})


def name_of(column: Column[Any]) -> str:
    return f"{column.table.name}.{column.name}"


def test_no_sealed_column_is_left_out(app: Flask) -> None:
    told = {place.name for place in sealed_columns()}
    every = [column for table in Base.metadata.sorted_tables for column in table.columns]
    sealed = {
        name_of(column)
        for column in every
        if isinstance(column.type, LargeBinary)
        or (isinstance(column.type, String) and {"sealed", "secret"} & set(column.name.split("_")))
    }
    keys = {name_of(column) for column in _key_columns()} - NO_FILES
    assert sealed <= told, "sealed columns that rotation does not know"
    assert keys - OPEN_FILES <= told, "files that rotation does not know"
    assert told <= sealed | keys and not told & OPEN_FILES


def a_value(column: Column[Any], number: int) -> Any:
    kind = getattr(column.type, "impl_instance", column.type).python_type
    if kind is str:
        return uuid.uuid5(uuid.NAMESPACE_URL, f"{name_of(column)}{number}").hex[
            : getattr(column.type, "length", None) or 32
        ]
    return {
        int: number,
        bool: False,
        float: 1.0,
        bytes: b"",
        object: {},
        datetime: datetime(2026, 3, 2, tzinfo=UTC),
        date: date(2026, 3, 2),
    }[kind]


def a_row(table: Table, number: int) -> dict[str, bytes]:
    """A row with all of its sealed values, other rules of its table set aside; what they hold."""
    places = [place for place in sealed_columns() if place.column.table is table]
    filled = {place.column.name for place in places}
    row = {
        each.name: a_value(each, number)
        for each in table.columns
        if not each.nullable and each.name not in filled
    }
    plain = {place.name: f"Lò Thị Ẳng {place.name}".encode() for place in places}
    for place in places:
        binding = place.binding(row[place.bound.name])
        row[place.column.name] = place.write(crypto.seal(plain[place.name], binding=binding))
    session().execute(insert(table).values(row))
    return plain


def opened(place: SealedColumn) -> tuple[int, bytes]:
    """Under which key the one value of a column lies, and what it holds."""
    stored, bound = session().execute(select(place.column, place.bound)).one()
    sealed = place.read(stored)
    return key_id(sealed), crypto.unseal(sealed, binding=place.binding(bound))


@pytest.fixture
def lenient(app: Flask) -> Iterator[None]:
    """SQLite that neither asks for rows of other tables nor checks values."""
    engine = db.engine
    if engine.dialect.name != "sqlite":
        pytest.skip("the rules of the tables are set aside on SQLite alone")

    def set_aside(connection: Any, *_more: Any) -> None:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("PRAGMA ignore_check_constraints=ON")

    session().rollback()
    event.listen(engine, "checkout", set_aside)
    yield
    event.remove(engine, "checkout", set_aside)
    with write_unit() as current:
        for table in {place.column.table for place in sealed_columns()} - {AuditReason.__table__}:
            current.execute(delete(table))
    session().close()
    engine.dispose()


def test_every_column_goes_under_the_newest_key(app: Flask, newest: KeyRing, lenient: None) -> None:
    tables = {place.column.table for place in sealed_columns()}
    plain: dict[str, bytes] = {}
    with write_unit():
        for number, table in enumerate(tables, start=1000):
            plain |= a_row(table, number)
    assert {opened(place)[0] for place in sealed_columns()} == {crypto.ring().current}
    crypto.configure(newest)
    told = {each.name: (each.resealed, each.broken) for each in reseal_all()}
    assert told == dict.fromkeys(plain, (1, 0))
    assert {place.name: opened(place) for place in sealed_columns()} == {
        name: (NEWEST, words) for name, words in plain.items()
    }
    for table in tables:
        if "key_id" in table.columns:
            assert session().scalar(select(table.c.key_id)) == NEWEST
    assert sum(each.resealed for each in reseal_all()) == 0


def test_real_things_open_afterwards(app: Flask, newest: KeyRing) -> None:
    content, pdf = a_photo_file(), a_pdf("Ket luan")
    photo, paper = a_ready_photo(content), a_stored_paper(pdf)
    with write_unit():
        reason = seal_reason("Xác minh nơi ở")
    was = photo.original_key
    crypto.configure(newest)
    answer = app.test_cli_runner().invoke(args=["keys", "rotate"])
    assert answer.exit_code == 0, answer.output
    assert "photo.original_key: 1 mục, 1 mục niêm phong lại" in answer.output
    session().expire_all()
    crypto.configure(KeyRing({NEWEST: newest.keys[NEWEST]}))  # the old key is gone
    assert open_original(session().get_one(Photo, photo.id)) == content
    assert open_paper(paper) == pdf
    assert open_reason(reason) == "Xác minh nơi ở"
    assert photo.original_key != was
    entry = session().scalars(select(AuditEntry).where(AuditEntry.action == "keys.rotate")).one()
    assert entry.facts == {"resealed": 4, "broken": 0}


def test_what_no_key_opens_is_told_and_the_rest_goes_on(app: Flask, newest: KeyRing) -> None:
    photo, other = a_ready_photo(a_photo_file(40, 30)), a_ready_photo(a_photo_file(50, 30))
    with write_unit():
        row = session().get_one(Photo, photo.id)
        row.original_key, row.facts_sealed = other.original_key, b"\x01\x00\x01" + bytes(40)
    crypto.configure(newest)
    answer = app.test_cli_runner().invoke(args=["keys", "rotate"])
    assert answer.exit_code == 1
    assert "photo.original_key: 1 mục không khóa nào mở được" in answer.output
    session().expire_all()
    kept = session().get_one(Photo, other.id)
    assert kept.original_key is not None
    assert key_id(files.store().get(kept.original_key)) == NEWEST


def test_a_reason_may_only_be_sealed_under_a_newer_key(app: Flask, newest: KeyRing) -> None:
    with write_unit():
        reason = seal_reason("Xác minh nơi ở")
    refused: list[dict[str, Any]] = [
        {"sealed": crypto.seal(b"x", binding="khác")},
        {"uid": uuid.uuid4().hex},
        {"sealed": b""},
    ]
    for values in refused:
        with pytest.raises(DBAPIError, match="append-only"), write_unit():
            session().execute(update(AuditReason).values(values))
    with pytest.raises(DBAPIError, match="append-only"), write_unit():
        session().execute(delete(AuditReason))
    crypto.configure(newest)
    reseal_all()
    session().expire_all()
    assert (key_id(reason.sealed), open_reason(reason)) == (NEWEST, "Xác minh nơi ở")
