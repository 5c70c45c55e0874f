"""SELECTs whose text, values and columns are worked out once for each database.

SQLAlchemy finds out at every execution what a statement is, looks up its text and makes objects of
what comes back: for the statements of hot pages that took twice what the driver takes. Here all of
it is done at the first execution; a later one converts the given values and asks.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Dialect, literal_column, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.selectable import SelectBase

from webapp.core.driver_rows import AS_DRIVER
from webapp.core.unit_of_work import session

Convert = Callable[[Any], Any]
_SOME_SELECT: SelectBase = select(literal_column("1"))  # all are asked where this one would be
_CONNECTION = "matxanh_connection"
_keeps_trees = True
_Given = dict[str, Any] | tuple[Any, ...]
_Columns = tuple[tuple[int, Convert], ...]
"""Places of columns, each with how its value comes out of the database."""


_AS_DRIVER: Final = {AS_DRIVER: True}


@dataclass(frozen=True)
class _Text:
    """A statement as one driver takes it.

    ``constants`` are the values that the statement holds itself, ``order`` the names where the
    driver takes values by place, ``given`` how values go in where the driver does not know.
    """

    sql: str
    constants: dict[str, Any]
    order: tuple[str, ...] | None
    given: dict[str, Convert]


def let_trees_go() -> None:
    """Keep of a statement no more than its text, in a process that asks one database."""
    global _keeps_trees
    _keeps_trees = False


class Prepared:
    """A SELECT of columns, to be kept by whoever made it (``cache``, ``lru_cache``)."""

    def __init__(self, statement: SelectBase) -> None:
        self._statement: SelectBase | None = statement
        self._known: dict[str, tuple[_Text, _Columns]] = {}

    def rows(self, values: Mapping[str, Any] | None = None) -> list[Sequence[Any]]:
        """The rows, each in the order of the columns.

        The names of the values are the same at every execution. Raises ValueError for a list: its
        length would change the text; see ``core.conditions``.
        """
        current, values = session(), values or {}
        if current.autoflush:
            current.flush()
        connection = _connection(current)
        known = self._known.get(connection.dialect.name)
        if known is None:
            return self._first_rows(connection, values)
        text, columns = known
        found = _read(connection, text.sql, _parameters(text, values))
        return [_converted(row, columns) for row in found] if columns else found

    def _first_rows(self, connection: Connection, values: Mapping[str, Any]) -> list[Sequence[Any]]:
        dialect, statement = connection.dialect, self._statement
        if statement is None:
            if dialect.name in self._known:  # another thread was first
                return self.rows(values)
            raise RuntimeError("this process asked another database before")
        text = _text(statement, dialect, values)
        cursor = _executed(connection, text, values)
        columns = _columns(statement, dialect, cursor.description)
        found = _rows_of(cursor)
        self._known[dialect.name] = text, columns
        if not _keeps_trees:
            self._statement = None
        return [_converted(row, columns) for row in found]


def _connection(current: Session) -> Connection:
    """The connection where the session reads, looked up once for each transaction."""
    transaction, bind = current.get_transaction(), current.get_bind(clause=_SOME_SELECT)
    known = current.info.get(_CONNECTION)
    if transaction is not None and known is not None and known[:2] == (transaction, bind):
        found: Connection = known[2]
        return found
    found = current.connection(bind_arguments={"bind": bind})
    current.info[_CONNECTION] = current.get_transaction(), bind, found
    return found


def _read(connection: Connection, sql: str, given: _Given) -> list[Sequence[Any]]:
    """The rows of the driver, asked for without SQLAlchemy unless somebody listens there.

    Raises the errors that SQLAlchemy would. A connection that is lost is given up, as there.
    """
    if connection.dispatch.before_cursor_execute:
        return _rows_of(connection.exec_driver_sql(sql, given, execution_options=_AS_DRIVER))
    driver, dialect = connection.connection, connection.dialect
    errors = dialect.loaded_dbapi
    cursor: Any = driver.cursor()
    try:
        cursor.execute(sql, given)
        return _rows_of(cursor)
    except errors.Error as error:
        lost = dialect.is_disconnect(error, driver, cursor)
        if lost:
            connection.invalidate(error)
        raise DBAPIError.instance(
            sql,
            given,
            error,
            errors.Error,
            hide_parameters=connection.engine.hide_parameters,
            connection_invalidated=lost,
            dialect=dialect,
        ) from error


def _rows_of(cursor: Any) -> list[Sequence[Any]]:
    """All that is left, and no more is asked of the driver's cursor."""
    rows: list[Sequence[Any]] = cursor.fetchall()
    cursor.close()
    return rows


def _executed(connection: Connection, text: _Text, values: Mapping[str, Any]) -> Any:
    """The cursor of the driver."""
    return connection.exec_driver_sql(
        text.sql, _parameters(text, values), execution_options=_AS_DRIVER
    )


def _parameters(text: _Text, values: Mapping[str, Any]) -> _Given:
    every = {**text.constants, **values}
    for name, convert in text.given.items():
        every[name] = convert(every[name])
    return every if text.order is None else tuple(map(every.__getitem__, text.order))


def _converted(row: Sequence[Any], columns: _Columns) -> Sequence[Any]:
    changed = list(row)
    for place, convert in columns:
        changed[place] = convert(changed[place])
    return changed


def _text(statement: SelectBase, dialect: Dialect, values: Mapping[str, Any]) -> _Text:
    compiled = statement.compile(dialect=dialect)
    if not isinstance(compiled, SQLCompiler):
        raise TypeError(statement)
    if any(each.key in values for each in compiled.post_compile_params):
        raise ValueError("a list of values would change the statement")
    expanded = compiled.construct_expanded_state(values)
    into = {name: each.type for name, each in compiled.binds.items()}
    given = {name: _into(kind, dialect) for name, kind in into.items()}
    known: dict[str, Any] = {name: each for name, each in given.items() if each is not None}
    known.update(expanded.processors)
    constants = {
        name: known[name](value) if name in known else value
        for name, value in expanded.parameters.items()
        if name not in values
    }
    return _Text(
        sql=expanded.statement,
        constants=constants,
        order=tuple(expanded.positiontup) if expanded.positiontup is not None else None,
        given={name: known[name] for name in values if name in known},
    )


def _into(kind: Any, dialect: Dialect) -> Convert | None:
    found: Convert | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return found


def _columns(statement: SelectBase, dialect: Dialect, description: Sequence[Any]) -> _Columns:
    """How values come out where the driver does not know; it told the kinds of the columns."""
    every = zip(statement.selected_columns, description, strict=True)
    found = (
        each.type.dialect_impl(dialect).result_processor(dialect, told[1]) for each, told in every
    )
    return tuple((place, convert) for place, convert in enumerate(found) if convert is not None)
