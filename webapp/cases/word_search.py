"""Searching cases by words: rare ones through an index of words, common ones along the list.

A case is found where its ``search_text`` has, for each given word, one that begins with it; a word
is a run of a-z and 0-9. What few cases have is gathered from the index, wherever it stands in the
list; what many have is met soon on the way from the newest. Both find the same in the same order:
which way is taken is a matter of time alone. The index is PostgreSQL's text search over
``search_text``, and SQLite's FTS5 kept by triggers (migrations 0022, 0030).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Integer,
    Select,
    String,
    bindparam,
    case,
    false,
    func,
    literal_column,
    select,
    text,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from webapp.cases.indexed import Column
from webapp.cases.models import Case
from webapp.core.conditions import in_words
from webapp.core.prepared import Prepared
from webapp.core.search_text import fold
from webapp.core.unit_of_work import session

FEW = 2_000
"""More finds than this make a word common: to gather them takes longer than the way to a page."""
FAR = 10_000
"""So many cases are tested along the list where it is guessed that the words are common."""
_INDEXED = "to_tsvector('simple', regexp_replace(case_file.search_text, '[^a-z0-9]+', ' ', 'g'))"


class Way(Enum):
    """How cases with words are found.

    ``ALL`` where there are no words, ``NONE`` where they are signs only; ``INDEX`` gathers,
    ``WALK`` tests along the list, ``WALK_A_WHILE`` tests FAR cases and gathers if these do not do.
    """

    ALL = auto()
    NONE = auto()
    INDEX = auto()
    WALK = auto()
    WALK_A_WHILE = auto()


@dataclass(frozen=True)
class Shape:
    """All that a statement depends on: the way, and how many words are tested along it."""

    way: Way
    words: int = 0


@dataclass(frozen=True)
class Searched:
    """How to find the cases with words; ``values`` are given to the conditions at execution."""

    shape: Shape
    values: dict[str, Any]


def searched(words: str) -> Searched:
    """How to find the cases with all of the words; one statement at most, none for no words.

    SQLite counts the finds, as far as few. PostgreSQL's index would first gather them all, of a
    common word for longer than the whole page takes: there its planner's estimate decides.
    """
    tokens = _tokens(words)
    if not tokens:
        return Searched(Shape(Way.NONE if words.strip() else Way.ALL), {})
    if _on_sqlite():
        way = Way.INDEX if _counted(tokens) <= FEW else Way.WALK
    else:
        way = Way.INDEX if _estimated(tokens) <= FEW else Way.WALK_A_WHILE
    if way is Way.INDEX:
        return gathered(words)
    values = {f"word_{number}": token for number, token in enumerate(tokens)}
    return Searched(Shape(way, len(tokens)), values)


def gathered(words: str) -> Searched:
    """How to find them from the index, be they few or many."""
    return Searched(Shape(Way.INDEX), {"asked": _asked(_tokens(words))})


def having(shape: Shape) -> list[ColumnElement[bool]]:
    """The conditions on ``Case`` of a search of this shape."""
    if shape.way is Way.NONE:
        return [false()]
    if shape.way is Way.INDEX:
        every = select(Case.id).where(matching()).cte("every").prefix_with("MATERIALIZED")
        return [Case.id.in_(select(every.c.id))]
    return along(shape, Case.search_text)


def along(shape: Shape, searched_text: Column) -> list[ColumnElement[bool]]:
    """The tests of one case along the list, by its text."""
    return [_Begun(searched_text, _value(f"word_{number}")) for number in range(shape.words)]


def matching() -> ColumnElement[bool]:
    """The condition that the index answers.

    It belongs into something ``MATERIALIZED``: PostgreSQL's planner thinks that to cut up a text
    costs a hundredth of what it does, and with a limit in sight it reads the table instead.
    """
    return _Matching(_value("asked"))


def _tokens(words: str) -> list[str]:
    return list(dict.fromkeys(re.findall("[a-z0-9]+", fold(words))))


def _asked(tokens: list[str]) -> str:
    if _on_sqlite():
        return " ".join(f'"{token}"*' for token in tokens)
    return " & ".join(f"'{token}':*" for token in tokens)


def _on_sqlite() -> bool:
    return session().get_bind().dialect.name == "sqlite"


def _counted(tokens: list[str]) -> int:
    """How many cases have the words, one more than few at most.

    FTS5 puts together all that begins with a word before it gives the first find; whole words it
    gives as it goes. So these are counted first: mostly they are common already.
    """
    whole = " ".join(f'"{token}"' for token in tokens)
    [[found]] = _count().rows({"asked": _asked(tokens), "whole": whole})
    return int(found)


@cache
def _count() -> Prepared:
    whole, begun = map(_as_far_as_few, ("whole", "asked"))
    return Prepared(select(case((whole > in_words(FEW), whole), else_=begun)))


def _as_far_as_few(asked: str) -> ColumnElement[int]:
    words: Select[int] = select(literal_column("rowid", Integer())).select_from(text("case_words"))
    some = words.where(text(f"case_words MATCH :{asked}")).limit(in_words(FEW + 1)).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def _estimated(tokens: list[str]) -> int:
    """How many cases have the rarest word, as PostgreSQL's planner sees it in its statistics.

    Of all words together it thinks that they meet by chance, where they are of one sentence.
    """
    asked = {f"asked_{number}": _asked([token]) for number, token in enumerate(tokens)}
    scans = " UNION ALL ".join(
        f"SELECT id FROM case_file WHERE {_MATCHES % f'%({name})s'}"  # noqa: S608  # of constants
        for name in asked
    )
    found = session().connection().exec_driver_sql(f"EXPLAIN (FORMAT JSON) {scans}", asked)
    return int(min(_rows_of_scans(found.scalar_one()[0]["Plan"])))


def _rows_of_scans(plan: dict[str, Any]) -> Iterator[float]:
    if "Relation Name" in plan:
        yield plan["Plan Rows"]
    for part in plan.get("Plans", ()):
        yield from _rows_of_scans(part)


_MATCHES = f"{_INDEXED} @@ to_tsquery('simple', %s)"


def _value(name: str) -> ColumnElement[str]:
    return bindparam(name, type_=String())


class _Begun(FunctionElement[bool]):
    """text, word: whether a word of the text begins with this one.

    PostgreSQL looks for the letters first: that takes a fifth of the time of the pattern.
    """

    inherit_cache = True
    type = Boolean()
    _is_implicitly_boolean = True


@compiles(_Begun, "postgresql")
def _begun_in_cluster(element: _Begun, compiler: SQLCompiler, **kw: Any) -> str:
    searched_text, word = (compiler.process(each, **kw) for each in element.clauses)
    return (
        f"(strpos({searched_text}, {word}) > 0"
        f" AND {searched_text} ~ ('(^|[^a-z0-9])' || CAST({word} AS TEXT)))"
    )


@compiles(_Begun, "sqlite")
def _begun_in_file(element: _Begun, compiler: SQLCompiler, **kw: Any) -> str:
    searched_text, word = (compiler.process(each, **kw) for each in element.clauses)
    return f"(' ' || {searched_text}) GLOB ('*[^a-z0-9]' || {word} || '*')"


class _Matching(FunctionElement[bool]):
    """asked: whether the index of words has the case for what it is asked."""

    inherit_cache = True
    type = Boolean()
    _is_implicitly_boolean = True


@compiles(_Matching, "postgresql")
def _matching_in_cluster(element: _Matching, compiler: SQLCompiler, **kw: Any) -> str:
    return _MATCHES % compiler.process(element.clauses, **kw)


@compiles(_Matching, "sqlite")
def _matching_in_file(element: _Matching, compiler: SQLCompiler, **kw: Any) -> str:
    asked = compiler.process(element.clauses, **kw)
    return f"case_file.id IN (SELECT rowid FROM case_words WHERE case_words MATCH {asked})"  # noqa: S608  # asked is a placeholder
