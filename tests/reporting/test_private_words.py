"""Words that tell who somebody is: the same findings here and in the browser's script."""

import json
import unicodedata
from pathlib import Path

import pytest

from webapp.reporting.private_words import found_in, rules

SAMPLES = json.loads(Path(__file__).with_name("private_words.json").read_text())


@pytest.mark.parametrize(("text", "expected"), SAMPLES)
def test_what_looks_private_is_found_and_nothing_else(text: str, expected: list[str]) -> None:
    assert [f"{each.rule.code}:{each.words}" for each in found_in(text)] == expected


def test_marks_written_apart_are_read_the_same() -> None:
    (found,) = found_in(unicodedata.normalize("NFD", "ông Lò Văn Ẳng"))
    assert found.words == "ông Lò Văn Ẳng"


def test_no_text_has_nothing() -> None:
    assert found_in(None) == []


def test_every_rule_is_named_in_both_languages() -> None:
    assert all(rule.label.vi and rule.label.en for rule in rules())
    assert [rule.code for rule in rules()] == ["phone", "id", "plate", "name"]
