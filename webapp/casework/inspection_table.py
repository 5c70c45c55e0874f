"""Which forms of inspection a body may use on a day: dated data, not code."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from webapp.casework.workflow import INSPECTION_FORMS
from webapp.core.data_files import DataFileError, Row, toml_table

_FILE: Final = "inspection_forms.toml"


@dataclass(frozen=True)
class FormRule:
    """One form for bodies of these levels; ``led`` only under the provincial inspectorate."""

    code: str
    levels: tuple[str, ...]
    led: bool
    valid_from: date
    valid_to: date | None

    def allows(self, level: str, on: date) -> bool:
        """Whether a body of this level may use the form on that day."""
        return (
            level in self.levels
            and self.valid_from <= on
            and (self.valid_to is None or on <= self.valid_to)
        )


@cache
def form_rules() -> tuple[FormRule, ...]:
    """The shipped rules. Raises DataFileError when the table is not sound."""
    file = toml_table(__package__, _FILE)
    rules = tuple(_rule(row) for row in file.rows("form"))
    file.finish()
    return rules


def allowed_forms(level: str, on: date) -> dict[str, FormRule]:
    """The forms a body of this level (of its unit) may use on that day."""
    return {rule.code: rule for rule in form_rules() if rule.allows(level, on)}


def _rule(row: Row) -> FormRule:
    rule = FormRule(
        code=row.text("code"),
        levels=row.texts("levels"),
        led=row.flag("led"),
        valid_from=row.required_day("valid_from"),
        valid_to=row.day("valid_to"),
    )
    row.finish()
    if rule.code not in INSPECTION_FORMS:
        raise DataFileError(f"{row.place}: unknown form {rule.code}")
    return rule
