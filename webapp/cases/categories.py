"""The category tree as every feature asks it: any depth is a category, known by its code."""

import re
from dataclasses import dataclass
from functools import cache

from webapp.cases.category_table import Category, CategoryTable, Term, load_category_table
from webapp.core.search_text import fold

__all__ = [
    "Branch",
    "Category",
    "Term",
    "UnknownCategory",
    "category",
    "category_codes",
    "children",
    "codes_within",
    "emergency_numbers",
    "first_handlers",
    "handlers",
    "is_secret",
    "is_urgent",
    "never_public",
    "picture_of",
    "pictures",
    "priorities",
    "search",
    "source_groups",
    "tree",
    "urgencies",
]


class UnknownCategory(LookupError):
    """No category has this code."""


@dataclass(frozen=True)
class Branch:
    """A category with what stands below it, for pages that show the tree."""

    category: Category
    branches: tuple["Branch", ...]


def category(code: str) -> Category:
    """The category with this code or alias. Raises UnknownCategory."""
    table = _table()
    try:
        return table.nodes[table.aliases.get(code, code)]
    except KeyError:
        raise UnknownCategory(code) from None


def pictures() -> tuple[Category, ...]:
    """The nine pictures of the first screen, in their order."""
    return tuple(node for node in _table().nodes.values() if node.parent is None)


@cache
def picture_of(code: str) -> str:
    """The picture of the first screen that a category stands under. Raises UnknownCategory."""
    node = category(code)
    return picture_of(node.parent) if node.parent else node.code


def category_codes() -> tuple[str, ...]:
    """Every code of the tree, in its order."""
    return tuple(_table().nodes)


def children(code: str) -> tuple[Category, ...]:
    """What stands directly below; empty below a sub-category. Raises UnknownCategory."""
    above = category(code)
    return tuple(node for node in _table().nodes.values() if node.parent == above.code)


@cache
def tree() -> tuple[Branch, ...]:
    """The whole tree from the pictures down."""
    return tuple(_branch(picture) for picture in pictures())


@cache
def codes_within(code: str) -> frozenset[str]:
    """The code itself and every code below it, for filters. Raises UnknownCategory."""
    below = (codes_within(child.code) for child in children(code))
    return frozenset({category(code).code}).union(*below)


def search(words: str) -> tuple[Category, ...]:
    """Categories that everyday words point to, best first, with or without diacritics.

    A word of the list that equals the query comes first, then a label or word that begins with
    it, then one that holds all its words. Nothing found, or nothing asked, gives an empty tuple.
    """
    query = fold(words)
    if not query:
        return ()
    ranked = [(_rank(query, texts), node) for node, texts in _search_texts()]
    ranked = [(rank, node) for rank, node in ranked if rank is not None]
    return tuple(node for _, node in sorted(ranked, key=lambda pair: pair[0] or 0))


def is_secret(code: str) -> bool:
    """Whether the category asks for the most careful handling by itself."""
    return category(code).secret


def is_urgent(code: str) -> bool:
    """Whether a report of it is khẩn from the moment it is sent."""
    return category(code).urgency == "urgent"


def never_public(code: str) -> bool:
    """Whether it stays off every public page."""
    return category(code).public_never


def first_handlers(code: str) -> tuple[str, ...]:
    """Who handles it, by code of ``handlers``, the first one first."""
    return category(code).first_handlers


def source_groups() -> tuple[Term, ...]:
    """Where waste comes from: six groups and "other" (S0-II.2g)."""
    return _table().lists["group"]


def priorities() -> tuple[Term, ...]:
    """The four priorities of supervision (S1-II.5d)."""
    return _table().lists["priority"]


def urgencies() -> tuple[Term, ...]:
    """The degrees of urgency, most urgent first."""
    return _table().lists["urgency"]


def emergency_numbers() -> tuple[Term, ...]:
    """The numbers to call when life is in danger; the code is the number."""
    return _table().lists["emergency"]


def handlers() -> tuple[Term, ...]:
    """Everybody who can be a first handler."""
    return _table().lists["handler"]


@cache
def _table() -> CategoryTable:
    return load_category_table()


def _branch(node: Category) -> Branch:
    return Branch(node, tuple(_branch(child) for child in children(node.code)))


@cache
def _search_texts() -> tuple[tuple[Category, tuple[str, ...]], ...]:
    nodes = _table().nodes.values()
    return tuple((node, tuple(map(fold, (*node.words, node.label.vi)))) for node in nodes)


def _rank(query: str, texts: tuple[str, ...]) -> int | None:
    if query in texts:
        return 0
    if any(text.startswith(query) for text in texts):
        return 1
    asked, held = _words(query), _words(" ".join(texts))
    return 2 if asked and asked <= held else None


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))
