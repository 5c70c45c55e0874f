"""SELECTs whose text, values and columns are worked out once for each database.

SQLAlchemy finds out at every execution what a statement is, looks up its text and makes objects of
what comes back: for the statements of hot pages that took twice what the driver takes. Here all of
it is done at the first execution; a later one converts the given values and asks.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.selectable import SelectBase

from webapp.core.unit_of_work import session

Convert = Callable[[Any], Any]
_MARK = "matxanh_plain"
_PLAIN = {_MARK: True}
_Columns = tuple[tuple[int, Convert], ...]
"""Places of columns, each with how its value comes out of the database."""


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


@dataclass(frozen=True)
class _Rows:
    """What the driver found, without SQLAlchemy's own rows around it."""

    cursor: Any

    def close(self) -> None:
        self.cursor.close()


class _PlainContext:
    """What goes around the execution of a statement of ours.

    SQLAlchemy would describe each column of the result anew, which took longer than SQLite does.
    """

    cursor: Any
    execution_options: Mapping[str, Any]

    def _setup_result_proxy(self) -> Any:
        if _MARK in self.execution_options:
            return _Rows(self.cursor)
        return super()._setup_result_proxy()  # type: ignore[misc]  # of the dialect's own class


def give_plain_rows(dialect: Dialect) -> None:
    """Let this database give prepared statements the rows of its driver."""
    usual = dialect.execution_ctx_cls
    dialect.execution_ctx_cls = type("PlainContext", (_PlainContext, usual), {})


class Prepared:
    """A SELECT of columns, to be kept by whoever made it (``cache``, ``lru_cache``)."""

    def __init__(self, statement: SelectBase) -> None:
        self.statement = statement
        self._texts: dict[str, _Text] = {}
        self._columns: dict[str, _Columns] = {}

    def rows(self, values: Mapping[str, Any] | None = None) -> list[Sequence[Any]]:
        """The rows, each in the order of the columns.

        The names of the values are the same at every execution. Raises ValueError for a list: its
        length would change the text; see ``core.conditions``.
        """
        current, values = session(), values or {}
        if current.autoflush:
            current.flush()
        connection = current.connection(bind_arguments={"clause": self.statement})
        dialect = connection.dialect
        text = self._texts.get(dialect.name)
        if text is None:
            text = self._texts[dialect.name] = _text(self.statement, dialect, values)
        result = connection.exec_driver_sql(
            text.sql, _parameters(text, values), execution_options=_PLAIN
        )
        cursor: Any = result.cursor
        columns = self._columns.get(dialect.name)
        if columns is None:
            columns = _columns(self.statement, dialect, cursor.description)
            self._columns[dialect.name] = columns
        found: list[Sequence[Any]] = cursor.fetchall()
        result.close()
        return [_converted(row, columns) for row in found] if columns else found


def _parameters(text: _Text, values: Mapping[str, Any]) -> dict[str, Any] | tuple[Any, ...]:
    every = text.constants | {
        name: text.given[name](value) if name in text.given else value
        for name, value in values.items()
    }
    return every if text.order is None else tuple(every[name] for name in text.order)


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
