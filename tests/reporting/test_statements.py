"""What a submission costs the database: few statements, each of its rows written once."""

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from tests.factories.reporting import a_body, new_key
from webapp.extensions import db

MOST = {"sqlite": 12, "postgresql": 11}
"""For a report without photos and name; 14 are allowed (speed.md)."""
_ROWS = ["audit_entry", "deadline", "notice", "report", "report_line"]
_READ_FIRST = 6
"""Unit, consent, what stands near, committee, rules, calendar: before the writing begins."""
_WRITTEN = re.compile(r"\b(?:INSERT INTO|UPDATE|DELETE FROM) (\w+)")


def sent(app: Flask, client: FlaskClient, **changes: Any) -> list[str]:
    """The statements of a second submission, those that begin and end a transaction apart."""
    client.post("/api/v1/reports", json=a_body(), headers={"Idempotency-Key": new_key()})
    db.session.remove()
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        with app.app_context():
            answer = client.post(
                "/api/v1/reports", json=a_body(**changes), headers={"Idempotency-Key": new_key()}
            )
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert answer.status_code == 201, answer.text
    return seen


def written(statements: list[str]) -> list[str]:
    """The tables that were written to, as often as they were."""
    return [table for each in statements for table in _WRITTEN.findall(each)]


def test_a_report_takes_few_statements_and_no_row_is_written_twice(
    app: Flask, client: FlaskClient
) -> None:
    statements = sent(app, client)
    assert len(statements) <= MOST[db.engine.dialect.name], "\n".join(statements)
    assert not written(statements[:_READ_FIRST])
    assert written([statements[_READ_FIRST]]) == ["report"]
    assert sorted(written(statements)) == _ROWS


def test_a_photo_takes_its_two_rows_and_nothing_else(app: Flask, client: FlaskClient) -> None:
    photo = {"sha256": "a" * 64, "size": 1000, "type": "image/jpeg"}
    statements = sent(app, client, photos=[photo])
    assert len(statements) <= MOST[db.engine.dialect.name] + 2, "\n".join(statements)
    assert sorted(written(statements)) == sorted([*_ROWS, "photo", "report_photo"])
