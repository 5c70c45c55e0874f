"""Searching cases by words: rare ones through an index of words, common ones along the list.

A word that few cases have is looked up in the index, whatever its place in the list; one that many
have is met soon on the way from the newest. So neither reads the whole table. The index is
PostgreSQL's text search over ``search_text``, and SQLite's FTS5 kept by triggers (migration 0022);
both find a word by its beginning.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, bindparam, func, literal_column, select, text

from webapp.cases.models import Case
from webapp.core.conditions import in_words, one_of_given
from webapp.core.prepared import Prepared
from webapp.core.search_text import fold
from webapp.core.unit_of_work import session

FEW = 500
"""More finds than this make a word common."""
BY_INDEX = -1
_INDEXED: ColumnElement[Any] = literal_column(
    "to_tsvector('simple', regexp_replace(case_file.search_text, '[^a-z0-9]+', ' ', 'g'))"
)


@dataclass(frozen=True)
class Searched:
    """How cases with words are found.

    ``shape`` is ``BY_INDEX`` where they are few and known by their ids, else the number of words to
    look for; ``values`` are those of the conditions (``having``), given at execution.
    """

    shape: int
    values: dict[str, Any]


def searched(words: str) -> Searched:
    """How to find the cases with all of the words; one statement at most, none for no words."""
    folded = fold(words).split()
    tokens = [token for word in folded for token in re.findall("[a-z0-9]+", word)]
    found = _found(tokens) if tokens else []
    if tokens and len(found) <= FEW:
        return Searched(BY_INDEX, {"found": frozenset(found)})
    patterns = {f"word_{number}": f"%{_escaped(word)}%" for number, word in enumerate(folded)}
    return Searched(len(folded), patterns)


def having(shape: int) -> list[ColumnElement[bool]]:
    """The conditions on ``Case`` of a search of this shape."""
    if shape == BY_INDEX:
        return [one_of_given(Case.id, "found")]
    return [
        Case.search_text.like(bindparam(f"word_{number}"), escape="/") for number in range(shape)
    ]


def _escaped(word: str) -> str:
    return re.sub("([/%_])", r"/\1", word)


def _found(tokens: list[str]) -> list[int]:
    """The ids of cases with a word beginning with each token, one more than are few."""
    if session().get_bind().dialect.name == "sqlite":
        query, asked = _in_file(FEW + 1), " ".join(f'"{token}"*' for token in tokens)
    else:
        query, asked = _in_cluster(FEW + 1), " & ".join(f"'{token}':*" for token in tokens)
    return [number for [number] in query.rows({"asked": asked})]


@cache
def _in_file(most: int) -> Prepared:
    words: Select[int] = select(literal_column("rowid", Integer())).select_from(text("case_words"))
    return Prepared(words.where(text("case_words MATCH :asked")).limit(in_words(most)))


@cache
def _in_cluster(most: int) -> Prepared:
    """Materialized: the planner weighs finding all of them, and takes the index.

    With the limit in sight it read the table from its beginning and cut up the text of thousands of
    cases until it had enough, as such a condition costs a hundred times what the planner thinks.
    """
    matches = _INDEXED.op("@@")(func.to_tsquery("simple", bindparam("asked")))
    every = select(Case.id).where(matches).cte("every").prefix_with("MATERIALIZED")
    return Prepared(select(every.c.id).limit(in_words(most)))
