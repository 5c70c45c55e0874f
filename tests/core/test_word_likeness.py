"""Trigram similarity: the figures of PostgreSQL's pg_trgm, marks folded first."""

import pytest

from webapp.core.word_likeness import likeness, trigrams


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Rác đổ ven suối", "rac do ven suoi", 1.0),
        ("word", "two words", 4 / 11),  # the example of pg_trgm's manual: 0.36
        ("Rác, đổ!", "rác đổ", 1.0),
        ("Mùi hôi", "Xe chở đất", 0.0),
        ("", "rác", 0.0),
        ("…", "…", 0.0),
    ],
)
def test_words_in_common(one: str, other: str, alike: float) -> None:
    assert likeness(trigrams(one), trigrams(other)) == pytest.approx(alike)


def test_only_the_beginning_of_a_long_text_counts() -> None:
    assert trigrams("rác " * 5000 + "suối") == trigrams("rác")
