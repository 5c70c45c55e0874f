"""Storing rows by a plain INSERT, for what is written with every report.

A flush of the session takes six times as long: it looks for what else has changed, in which order
to write it, and what to read back. Here the caller has set every column that is not to be NULL,
defaults of the model too, and nothing of the same transaction changes the row again.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import bindparam, insert, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import instance_dict, set_committed_value

from webapp.core.base import Base
from webapp.core.unit_of_work import session

_INSERT: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
_KEY = "id"


def add_row(row: Base) -> None:
    """Store a new object now and give it its id; it stays outside the session."""
    stored = session().execute(_insert(type(row)), _values(row))
    set_committed_value(row, _KEY, stored.inserted_primary_key[0])  # type: ignore[attr-defined]  # of an INSERT


def add_rows(rows: Sequence[Base]) -> None:
    """Store new objects now; they get no id and stay outside the session.

    One statement on PostgreSQL, where each is a trip to the server.
    """
    if session().get_bind().dialect.name == "sqlite":
        for row in rows:
            add_row(row)
        return
    values = {
        f"{name}_{place}": value
        for place, row in enumerate(rows)
        for name, value in _values(row).items()
    }
    session().execute(_insert_together(tuple(map(type, rows))), values)


def add_unless_taken(row: Base) -> bool:
    """Store a new object now; False when one of its unique values is taken.

    Waits for a twin that is about to commit: one statement where a savepoint takes three. The
    object is of the session afterwards; relations stay as the caller set them, unstored.
    """
    values = _values(row)
    statement = _insert_unless_taken(type(row), session().get_bind().dialect.name)
    number = session().scalar(statement, values)
    if number is None:
        return False
    instance_dict(row).update(values | {_KEY: number})  # what is unset there would be read anew
    make_transient_to_detached(row)
    session().add(row)
    return True


def _values(row: Base) -> dict[str, Any]:
    held = instance_dict(row)  # a column that was not set has no value yet
    return {name: held.get(name) for name in _columns(type(row))}


@cache
def _columns(model: type[Base]) -> tuple[str, ...]:
    return tuple(each.key for each in inspect(model).column_attrs if each.key != _KEY)


@cache
def _insert(model: type[Base]) -> Any:
    table: Any = model.__table__
    return insert(table)


@cache
def _insert_together(models: tuple[type[Base], ...]) -> Any:
    *others, last = (_insert_at(place, model) for place, model in enumerate(models))
    return last.add_cte(*(each.cte(f"row_{place}") for place, each in enumerate(others)))


def _insert_at(place: int, model: type[Base]) -> Any:
    table: Any = model.__table__
    names = _columns(model)
    values = {name: bindparam(f"{name}_{place}", type_=table.c[name].type) for name in names}
    return insert(table).values(values).inline()


@cache
def _insert_unless_taken(model: type[Base], dialect: str) -> Any:
    table: Any = model.__table__
    return _INSERT[dialect](table).on_conflict_do_nothing().returning(table.c[_KEY])
