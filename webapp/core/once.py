"""Storing a row unless its twin is there: one statement where a savepoint would take three."""

from functools import cache
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from webapp.core.base import Base
from webapp.core.unit_of_work import session

_INSERT: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def add_unless_taken(row: Base) -> bool:
    """Store the columns of a new object now; False when one of its unique values is taken.

    Waits for a twin that is about to commit. The object is of the session afterwards, with the
    values that the database gave it; relations stay as the caller set them, unstored.
    """
    given = {name: getattr(row, name) for name in _columns(type(row))}
    stored = (
        session()
        .execute(
            _statement(type(row), session().get_bind().dialect.name),
            {name: value for name, value in given.items() if value is not None},
        )
        .first()
    )
    if stored is None:
        return False
    for name in given:
        set_committed_value(row, name, getattr(stored, name))
    make_transient_to_detached(row)
    session().add(row)
    return True


@cache
def _columns(model: type[Base]) -> tuple[str, ...]:
    return tuple(each.key for each in inspect(model).column_attrs)


@cache
def _statement(model: type[Base], dialect: str) -> Any:
    """Built once: a wide table has a parameter for each column."""
    table = model.__table__
    return _INSERT[dialect](table).on_conflict_do_nothing().returning(*table.c)
