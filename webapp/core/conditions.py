"""Conditions that hold many values, written as each database takes them best."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Dialect, String, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

_BRACKETS = {"postgresql": "{%s}", "sqlite": "[%s]"}


def one_of(column: InstrumentedAttribute[Any], ids: Iterable[int]) -> ColumnElement[bool]:
    """Whether a column is one of some ids.

    A province holds hundreds of units. They are sent as one text that is written once for each
    set: a placeholder for each was worked through anew each time, which took a fifth of a page.
    """
    return _OneOf(column, bindparam(None, frozenset(ids), type_=_Ids()))


class _Ids(TypeDecorator[frozenset[int]]):
    """Ids as the text of a PostgreSQL array, or of a JSON array on SQLite."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: frozenset[int] | None, dialect: Dialect) -> str:
        return _written(value or frozenset(), dialect.name)


@lru_cache(maxsize=256)
def _written(ids: frozenset[int], dialect: str) -> str:
    return _BRACKETS[dialect] % ",".join(map(str, sorted(ids)))


class _OneOf(FunctionElement[bool]):
    """column, ids"""

    inherit_cache = True
    type = Boolean()
    _is_implicitly_boolean = True  # else "(…) = 1" hides the column from SQLite's planner


@compiles(_OneOf, "postgresql")
def _postgresql(element: _OneOf, compiler: SQLCompiler, **kw: Any) -> str:
    column, ids = (compiler.process(each, **kw) for each in element.clauses)
    return f"{column} = ANY (CAST({ids} AS BIGINT[]))"


@compiles(_OneOf, "sqlite")
def _sqlite(element: _OneOf, compiler: SQLCompiler, **kw: Any) -> str:
    column, ids = (compiler.process(each, **kw) for each in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608  # both are of the compiler


def one_of_words(column: InstrumentedAttribute[str], name: str) -> ColumnElement[bool]:
    """Whether a column is one of some words, given at execution under a name, joined by commas.

    One statement serves every set of words; a list of values would change its text.
    """
    return _OneOfWords(column, bindparam(name, type_=String()))


class _OneOfWords(FunctionElement[bool]):
    """column, words"""

    inherit_cache = True
    type = Boolean()
    _is_implicitly_boolean = True


@compiles(_OneOfWords, "postgresql")
def _words_postgresql(element: _OneOfWords, compiler: SQLCompiler, **kw: Any) -> str:
    column, words = (compiler.process(each, **kw) for each in element.clauses)
    return f"{column} = ANY (string_to_array({words}, ','))"


@compiles(_OneOfWords, "sqlite")
def _words_sqlite(element: _OneOfWords, compiler: SQLCompiler, **kw: Any) -> str:
    column, words = (compiler.process(each, **kw) for each in element.clauses)
    return f"instr(',' || {words} || ',', ',' || {column} || ',') > 0"
