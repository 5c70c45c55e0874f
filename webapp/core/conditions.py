"""Conditions that hold many values, written as each database takes them best."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Boolean,
    ColumnElement,
    Dialect,
    Integer,
    Select,
    String,
    bindparam,
    literal_column,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.visitors import replacement_traverse
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

_BRACKETS = {"postgresql": "{%s}", "sqlite": "[ %s ]"}
_COMMAS = {"postgresql": ",", "sqlite": " , "}
"""On SQLite every id stands between blanks, by which ``ids_checked`` finds it."""


def one_of(
    column: InstrumentedAttribute[Any] | ColumnElement[Any], ids: Iterable[int]
) -> ColumnElement[bool]:
    """Whether a column is one of some ids.

    A province holds hundreds of units. They are sent as one text that is written once for each
    set: a placeholder for each was worked through anew each time, which took a fifth of a page.
    """
    return _OneOf(column, bindparam(None, frozenset(ids), type_=_Ids()))


def one_of_given(
    column: InstrumentedAttribute[Any] | ColumnElement[Any], name: str
) -> ColumnElement[bool]:
    """The same for ids that are given at execution under a name, as a frozenset."""
    return _OneOf(column, bindparam(name, type_=_Ids()))


def one_of_codes(
    column: ColumnElement[Any] | InstrumentedAttribute[str], name: str
) -> ColumnElement[bool]:
    """Whether a column is one of some codes, given at execution under a name."""
    return _OneOf(column, bindparam(name, type_=_Codes()))


def one_of_unseen(
    column: ColumnElement[Any] | InstrumentedAttribute[str], name: str
) -> ColumnElement[bool]:
    """The same as ``one_of_codes``, with codes that PostgreSQL's planner does not look at."""
    return _OneOf(column, Unseen(bindparam(name, type_=_Codes())))


def one_of_found(column: ColumnElement[Any], query: Select[Any]) -> ColumnElement[bool]:
    """Whether a column is one of the few ids that a query finds.

    Of what a recursion finds PostgreSQL expects a hundred rows, and reads a small table whole
    rather than search it a hundred times. Of an array it expects ten.
    """
    return _OneOfFound(column, query.scalar_subquery())


class _OneOfFound(FunctionElement[bool]):
    inherit_cache = True
    type = Boolean()
    _is_implicitly_boolean = True  # else SQLite compares it with 1


@compiles(_OneOfFound, "postgresql")
def _of_array(element: _OneOfFound, compiler: SQLCompiler, **kw: Any) -> str:
    column, query = (compiler.process(each, **kw) for each in element.clauses)
    return f"{column} = ANY (ARRAY{query})"


@compiles(_OneOfFound, "sqlite")
def _of_query(element: _OneOfFound, compiler: SQLCompiler, **kw: Any) -> str:
    column, query = (compiler.process(each, **kw) for each in element.clauses)
    return f"{column} IN {query}"


def in_words(number: int) -> ColumnElement[int]:
    """A number that stands in the statement itself, as the limit of a page.

    Planners see it; as a value PostgreSQL would make its plan anew at each execution.
    """
    return literal_column(str(int(number)), Integer)


def states_in_words(states: Iterable[str]) -> list[ColumnElement[str]]:
    """Names of states that stand in the statement itself, so that partial indexes are seen.

    SQLite compares them with those of the index one by one: their order is that of the index.
    """
    return [literal_column(f"'{_plain(each)}'") for each in states]


def _plain(name: str) -> str:
    if not re.fullmatch("[a-z0-9_.]+", name):
        raise ValueError(name)
    return name


class _Array(UserDefinedType[str]):
    """A value that PostgreSQL takes as an array from its text: once for each execution.

    A text that the statement turns into an array it reads again for every row.
    """

    cache_ok = True
    render_bind_cast = True

    def __init__(self, of: str) -> None:
        self.of = of

    def get_col_spec(self, **_options: object) -> str:
        """Its name in SQL."""
        return f"{self.of}[]"


class _Ids(TypeDecorator[frozenset[int]]):
    """Ids as the text of a PostgreSQL array, or of a JSON array on SQLite."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return _Array("BIGINT") if dialect.name == "postgresql" else String()

    def process_bind_param(self, value: frozenset[int] | None, dialect: Dialect) -> str:
        return _written(value or frozenset(), dialect.name)


class _Codes(TypeDecorator[Iterable[str]]):
    """Codes as the text of a PostgreSQL array, or of a JSON array on SQLite."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return _Array("VARCHAR") if dialect.name == "postgresql" else String()

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> str:
        return _written_codes(tuple(value or ()), dialect.name)


@lru_cache(maxsize=256)
def _written_codes(codes: tuple[str, ...], dialect: str) -> str:
    return _BRACKETS[dialect] % ",".join(f'"{_plain(each)}"' for each in codes)


@lru_cache(maxsize=256)
def _written(ids: frozenset[int], dialect: str) -> str:
    return _BRACKETS[dialect] % _COMMAS[dialect].join(map(str, sorted(ids)))


class _OneOf(FunctionElement[bool]):
    """column, ids"""

    inherit_cache = True
    type = Boolean()
    _is_implicitly_boolean = True  # else "(…) = 1" hides the column from SQLite's planner


@compiles(_OneOf, "postgresql")
def _postgresql(element: _OneOf, compiler: SQLCompiler, **kw: Any) -> str:
    column, ids = (compiler.process(each, **kw) for each in element.clauses)
    return f"{column} = ANY ({ids})"


@compiles(_OneOf, "sqlite")
def _sqlite(element: _OneOf, compiler: SQLCompiler, **kw: Any) -> str:
    column, ids = (compiler.process(each, **kw) for each in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608  # both are of the compiler


class Unseen(FunctionElement[Any]):
    """A value that PostgreSQL's planner does not look at, so that it keeps its plan for any value.

    It weighs that plan against plans for the values at hand, in which narrow ranges look so cheap
    that it would plan at every execution: ten times what running takes.
    """

    inherit_cache = True

    def __init__(self, value: BindParameter[Any]) -> None:
        super().__init__(value)
        self.type = value.type


@compiles(Unseen, "postgresql")
def _unseen(element: Unseen, compiler: SQLCompiler, **kw: Any) -> str:
    # The cast tells ANY (…) that this is an array, not a query for rows.
    kind = compiler.dialect.type_compiler_instance.process(element.type)
    return f"CAST((SELECT {compiler.process(element.clauses, **kw)}) AS {kind})"  # a placeholder


@compiles(Unseen, "sqlite")
def _seen(element: Unseen, compiler: SQLCompiler, **kw: Any) -> str:
    return compiler.process(element.clauses, **kw)


class _OneOfChecked(_OneOf):
    inherit_cache = True


@compiles(_OneOfChecked, "sqlite")
def _looked_up(element: _OneOfChecked, compiler: SQLCompiler, **kw: Any) -> str:
    column, ids = (compiler.process(each, **kw) for each in element.clauses)
    return f"instr({ids}, ' ' || {column} || ' ') > 0"


def ids_checked(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """The same condition, for rows that the statement finds by something else.

    SQLite would make a table of each set of ids, hundreds of units, to look up one row in it: a
    third of what reading a case takes. Here it looks the id up in the text of the set. No index is
    used for that, and subqueries of the condition stay as they are.
    """

    def checked(element: Any, **_options: Any) -> Any:
        if isinstance(element, Select):
            return element
        is_set = isinstance(element, _OneOf) and isinstance([*element.clauses][1].type, _Ids)
        return _OneOfChecked(*element.clauses) if is_set else None

    return replacement_traverse(condition, {}, checked)


def ids_unseen(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """The same condition, with sets of ids that PostgreSQL's planner does not look at."""

    def hidden(element: Any, **_options: Any) -> Any:
        is_set = isinstance(element, BindParameter) and isinstance(element.type, _Ids)
        return Unseen(element) if is_set else None

    return replacement_traverse(condition, {}, hidden)
