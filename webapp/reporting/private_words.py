"""Words of a description that may tell who somebody is: a warning, never a refusal.

One table serves both sides: the page carries its rules to the script that warns while somebody
writes, and ``found_in`` warns who sends without script.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from webapp.core.bilingual import Bilingual
from webapp.core.data_files import refuse_repeats, toml_table

_FILE = "private_words.toml"


@dataclass(frozen=True)
class Rule:
    """One kind of private words; ``pattern`` reads the same in Python and in JavaScript."""

    code: str
    label: Bilingual
    pattern: str


@dataclass(frozen=True)
class Finding:
    """What looks private, as it was written."""

    rule: Rule
    words: str


@cache
def rules() -> tuple[Rule, ...]:
    """The shipped rules in their order. Raises DataFileError when the table is not sound."""
    file = toml_table("webapp.reporting", _FILE)
    letters = {"{U}": file.text("capital"), "{L}": file.text("letter")}
    found = []
    for row in file.rows("rule"):
        pattern = row.text("pattern")
        for name, members in letters.items():
            pattern = pattern.replace(name, members)
        found.append(Rule(row.text("code"), row.bilingual(), pattern))
        row.finish()
    file.finish()
    refuse_repeats(_FILE, (rule.code for rule in found))
    return tuple(found)


def found_in(text: str | None) -> list[Finding]:
    """Everything in a text that looks private; what an earlier rule took no later one names."""
    rest = unicodedata.normalize("NFC", text or "")
    findings = []
    for rule in rules():
        expression = re.compile(rule.pattern)
        findings += [Finding(rule, each[0]) for each in expression.finditer(rest)]
        rest = expression.sub(" ", rest)
    return findings
