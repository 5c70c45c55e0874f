"""Searching cases by words: rare ones through an index of words, common ones along the list.

A word that few cases have is looked up in the index, whatever its place in the list; one that many
have is met soon on the way from the newest. So neither reads the whole table. The index is
PostgreSQL's text search over ``search_text``, and SQLite's FTS5 kept by triggers (migration 0022);
both find a word by its beginning.
"""

import re
from typing import Any

from sqlalchemy import ColumnElement, func, literal_column, select, text

from webapp.cases.models import Case
from webapp.core.conditions import one_of
from webapp.core.search_text import fold
from webapp.core.unit_of_work import session

FEW = 500
"""More finds than this make a word common."""
_INDEXED: ColumnElement[Any] = literal_column(
    "to_tsvector('simple', regexp_replace(case_file.search_text, '[^a-z0-9]+', ' ', 'g'))"
)
_IN_FILE = text("SELECT rowid FROM case_words WHERE case_words MATCH :words LIMIT :few")


def having_words(words: str) -> list[ColumnElement[bool]]:
    """Conditions on ``Case`` for all of the words; none for no words. One statement at most."""
    folded = fold(words).split()
    tokens = [token for word in folded for token in re.findall("[a-z0-9]+", word)]
    found = _found(tokens) if tokens else []
    if tokens and len(found) <= FEW:
        return [one_of(Case.id, found)]
    return [Case.search_text.contains(word, autoescape=True) for word in folded]


def _found(tokens: list[str]) -> list[int]:
    """The ids of cases with a word beginning with each token, one more than are few."""
    if session().get_bind().dialect.name == "sqlite":
        asked = " ".join(f'"{token}"*' for token in tokens)
        return list(session().scalars(_IN_FILE, {"words": asked, "few": FEW + 1}))
    asked = " & ".join(f"'{token}':*" for token in tokens)
    matches = _INDEXED.op("@@")(func.to_tsquery("simple", asked))
    return list(session().scalars(select(Case.id).where(matches).limit(FEW + 1)))
