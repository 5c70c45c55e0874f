"""The clock rules that ship; a province's own rows, once edited, have the same shape."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final, Protocol, TypeVar

from webapp.core.bilingual import Bilingual
from webapp.core.data_files import DataFileError, Row, refuse_repeats, toml_table

UNITS: Final = ("hours", "working_days", "calendar_days")

CONFIRMATION_WINDOW: Final = "confirmation_window"
TIME_OF_RESIDENTS: Final = (
    *("needs_info_answer", "reconsider_window", "reopen_window"),
    CONFIRMATION_WINDOW,
)
"""Clocks of what residents may do until then; when they pass, nobody is late."""
_FILE: Final = "rules.toml"


class Filters(Protocol):
    """What of a rule decides whether it applies; the shipped rows and the stored ones have it."""

    @property
    def key(self) -> str: ...
    @property
    def category(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def level(self) -> str: ...
    @property
    def valid_from(self) -> date: ...
    @property
    def valid_to(self) -> date | None: ...


@dataclass(frozen=True)
class RuleRow:
    """One limit as it ships: ``amount`` of ``unit`` from a start event to a stop event.

    Empty filters fit everything. ``due_soon`` is in the same unit, counted back from the due
    moment. ``is_setting`` marks a number that no law gives.
    """

    key: str
    label: Bilingual
    category: str
    severity: str
    level: str
    amount: int
    unit: str
    due_soon: int
    start_events: tuple[str, ...]
    stop_events: tuple[str, ...]
    pause_events: tuple[str, ...]
    resume_events: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    source: str
    is_setting: bool


@dataclass(frozen=True)
class Subject:
    """What a clock is for: a category of any depth, a severity and a level where known."""

    category: str
    severity: str = ""
    level: str = ""


AnyRule = TypeVar("AnyRule", bound=Filters)


@cache
def clock_rules() -> tuple[RuleRow, ...]:
    """All shipped rules. Raises DataFileError when the table is not sound."""
    file = toml_table(__package__, _FILE)
    rules = tuple(_rule(row) for row in file.rows("rule"))
    file.finish()
    refuse_repeats(_FILE, map(_identity, rules))
    return rules


def pick_rule(rules: Iterable[AnyRule], key: str, subject: Subject, *, on: date) -> AnyRule | None:
    """The rule with this key that fits the subject and is in force on that day, or None.

    Of several the one with the most filters wins; between equals the later one.
    """
    return max((rule for rule in rules if _fits(rule, key, subject, on)), key=_rank, default=None)


def stopped_by(event: str) -> list[str]:
    """The keys of the rules whose clocks stop at this event."""
    return list(dict.fromkeys(rule.key for rule in clock_rules() if event in rule.stop_events))


def paused_by(event: str) -> list[str]:
    """The keys of the rules whose clocks wait from this event on."""
    return list(dict.fromkeys(rule.key for rule in clock_rules() if event in rule.pause_events))


def resumed_by(event: str, *, urgent: bool) -> list[str]:
    """The keys of the clocks that run again from this event on, chosen as by ``started_by``."""
    found = dict.fromkeys(rule.key for rule in clock_rules() if event in rule.resume_events)
    return [key for key in found if _applies(key, found.keys(), urgent)]


def started_by(event: str, *, urgent: bool) -> list[str]:
    """The keys of the clocks that start at this event.

    Of a key and its ``_urgent`` variant one starts; keys that begin with ``urgent_`` are for urgent
    matters only; a ``_complex`` variant starts only when somebody chooses it.
    """
    found = dict.fromkeys(rule.key for rule in clock_rules() if event in rule.start_events)
    return [key for key in found if _applies(key, found.keys(), urgent)]


def _applies(key: str, keys: Container[str], urgent: bool) -> bool:
    if key.endswith("_complex"):
        return False
    if key.endswith("_urgent") or key.startswith("urgent_"):
        return urgent
    return not (urgent and f"{key}_urgent" in keys)


def _rule(row: Row) -> RuleRow:
    rule = RuleRow(
        key=row.text("key"),
        label=row.bilingual(),
        category=row.text("category", ""),
        severity=row.text("severity", ""),
        level=row.text("level", ""),
        amount=row.whole("amount"),
        unit=row.text("unit"),
        due_soon=row.whole("due_soon"),
        start_events=row.texts("start"),
        stop_events=row.texts("stop"),
        pause_events=row.texts("pause"),
        resume_events=row.texts("resume"),
        valid_from=row.required_day("valid_from"),
        valid_to=row.day("valid_to"),
        source=row.text("source"),
        is_setting=row.flag("setting"),
    )
    row.finish()
    _check(rule, row.place)
    return rule


def _check(rule: RuleRow, place: str) -> None:
    if rule.unit not in UNITS:
        raise DataFileError(f"{place}: unknown unit {rule.unit}")
    if rule.due_soon > rule.amount:
        raise DataFileError(f"{place}: due_soon is longer than the limit")
    if not (rule.start_events and rule.stop_events):
        raise DataFileError(f"{place}: a clock needs events that start and stop it")
    if bool(rule.pause_events) != bool(rule.resume_events):
        raise DataFileError(f"{place}: a clock that pauses needs an event that resumes it")
    if rule.valid_to and rule.valid_to < rule.valid_from:
        raise DataFileError(f"{place}: valid_to lies before valid_from")


def is_of(rule: Filters) -> tuple[str, str, str, str]:
    """What a rule is for: its versions have this in common."""
    return (rule.key, rule.category, rule.severity, rule.level)


def _identity(rule: RuleRow) -> tuple[object, ...]:
    return (*is_of(rule), rule.valid_from)


def _fits(rule: Filters, key: str, subject: Subject, on: date) -> bool:
    return (
        rule.key == key
        and rule.category in ("", subject.category, subject.category.split(".")[0])
        and rule.severity in ("", subject.severity)
        and rule.level in ("", subject.level)
        and rule.valid_from <= on
        and (rule.valid_to is None or on <= rule.valid_to)
    )


def _rank(rule: Filters) -> tuple[int, date]:
    filters = (rule.category, rule.severity, rule.level)
    return sum(map(bool, filters)), rule.valid_from
