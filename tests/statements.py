"""What a block asks of the database, and how the database would answer it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from webapp.core.unit_of_work import session
from webapp.extensions import db

_NO_QUESTION = ("PRAGMA", "BEGIN", "SAVEPOINT", "SET ")
Asked = list[tuple[str, Any]]


@contextmanager
def asked() -> Iterator[Asked]:
    """Every statement of the block with its parameters."""
    seen: Asked = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        if not statement.upper().startswith(_NO_QUESTION):
            seen.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def plans(ask: Callable[[], object]) -> str:
    """The plans of every SELECT that the question sends, were the tables large."""
    with asked() as seen:
        ask()
    connection = session().connection()
    sqlite = db.engine.dialect.name == "sqlite"
    if not sqlite:  # with few rows every scan is cheap: what could be used is asked for
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    word = "EXPLAIN QUERY PLAN" if sqlite else "EXPLAIN"
    questions = [each for each in seen if each[0].lstrip().startswith(("SELECT", "WITH"))]
    rows = [connection.exec_driver_sql(f"{word} {sql}", values).all() for sql, values in questions]
    return "\n".join(str(row) for plan in rows for row in plan)
