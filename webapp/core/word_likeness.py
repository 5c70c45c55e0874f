"""How alike two texts are in their words: trigram similarity, in Python for both databases.

The measure is the one of PostgreSQL's pg_trgm: each folded word with two blanks before and one
after it gives its runs of three characters; alike is what both texts have, of what either has.
"""

from webapp.core.search_text import Written, fold

_LETTERS = Written(lambda mark: mark if mark.isalnum() else " ")
_LONGEST = 2000
"""Characters of a text that count; what is written further down rarely says what the matter is."""


def trigrams(text: str) -> frozenset[str]:
    """The runs of three characters of the folded words of a text."""
    words = set(fold(text[:_LONGEST]).translate(_LETTERS).split())
    padded = [f"  {word} " for word in words]
    return frozenset({word[at : at + 3] for word in padded for at in range(len(word) - 2)})


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """From 0 (nothing in common, or one of them empty) to 1 (the same words)."""
    if not one or not other:
        return 0.0
    both = len(one & other)
    return both / (len(one) + len(other) - both)
