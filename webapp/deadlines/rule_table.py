"""The clock rules that ship; a province's own rows, once edited, have the same shape."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from webapp.core.bilingual import Bilingual
from webapp.core.data_files import DataFileError, Row, refuse_repeats, toml_table

UNITS: Final = ("hours", "working_days", "calendar_days")

_FILE: Final = "rules.toml"


@dataclass(frozen=True)
class ClockRule:
    """One limit: ``amount`` of ``unit`` from a start event to a stop event.

    Empty filters fit everything; ``urgent`` True is for urgent cases only. ``due_soon`` is in the
    same unit, counted back from the due moment. ``is_setting`` marks a number that no law gives.
    """

    key: str
    label: Bilingual
    categories: tuple[str, ...]
    severities: tuple[str, ...]
    levels: tuple[str, ...]
    urgent: bool
    amount: int
    unit: str
    due_soon: int
    start_events: tuple[str, ...]
    stop_events: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    source: str
    is_setting: bool

    def in_force(self, on: date) -> bool:
        """Whether a clock that starts on that day takes this rule."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True)
class Subject:
    """What a clock is for: category code of any depth, severity, level, urgency."""

    category: str
    severity: str | None = None
    level: str | None = None
    urgent: bool = False


@cache
def clock_rules() -> tuple[ClockRule, ...]:
    """All shipped rules. Raises DataFileError when the table is not sound."""
    file = toml_table(__package__, _FILE)
    rules = tuple(_rule(row) for row in file.rows("rule"))
    file.finish()
    refuse_repeats(_FILE, map(_identity, rules))
    return rules


def pick_rule(
    rules: Iterable[ClockRule], key: str, subject: Subject, *, on: date
) -> ClockRule | None:
    """The rule with this key that fits the subject and is in force, or None.

    Of several the one with the most filters wins; between equals urgency, then the later one.
    """
    fitting = [rule for rule in rules if rule.key == key and rule.in_force(on)]
    fitting = [rule for rule in fitting if _fits(rule, subject)]
    return max(fitting, key=_rank, default=None)


def _rule(row: Row) -> ClockRule:
    valid_from = row.day("valid_from")
    if valid_from is None:
        raise DataFileError(f"{row.place}: valid_from must be a day")
    rule = ClockRule(
        key=row.text("key"),
        label=row.bilingual(),
        categories=row.texts("categories"),
        severities=row.texts("severities"),
        levels=row.texts("levels"),
        urgent=row.flag("urgent"),
        amount=row.whole("amount"),
        unit=row.text("unit"),
        due_soon=row.whole("due_soon"),
        start_events=row.texts("start"),
        stop_events=row.texts("stop"),
        valid_from=valid_from,
        valid_to=row.day("valid_to"),
        source=row.text("source"),
        is_setting=row.flag("setting"),
    )
    row.finish()
    _check(rule, row.place)
    return rule


def _check(rule: ClockRule, place: str) -> None:
    if rule.unit not in UNITS:
        raise DataFileError(f"{place}: unknown unit {rule.unit}")
    if rule.due_soon > rule.amount:
        raise DataFileError(f"{place}: due_soon is longer than the limit")
    if not (rule.start_events and rule.stop_events):
        raise DataFileError(f"{place}: a clock needs events that start and stop it")
    if rule.valid_to and rule.valid_to < rule.valid_from:
        raise DataFileError(f"{place}: valid_to lies before valid_from")


def _identity(rule: ClockRule) -> tuple[object, ...]:
    filters = (rule.categories, rule.severities, rule.levels, rule.urgent)
    return (rule.key, *filters, rule.valid_from)


def _fits(rule: ClockRule, subject: Subject) -> bool:
    return (
        (not rule.categories or any(_within(subject.category, code) for code in rule.categories))
        and (not rule.severities or subject.severity in rule.severities)
        and (not rule.levels or subject.level in rule.levels)
        and (not rule.urgent or subject.urgent)
    )


def _within(category: str, code: str) -> bool:
    return category == code or category.startswith(f"{code}.")


def _rank(rule: ClockRule) -> tuple[int, bool, date]:
    filters = (rule.categories, rule.severities, rule.levels, rule.urgent)
    return sum(map(bool, filters)), rule.urgent, rule.valid_from
