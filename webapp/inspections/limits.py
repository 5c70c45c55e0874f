"""Common limits of the QCVN: dated data with its source, and the comparison with a value.

A shipped limit is the regulation's table value. Waste water rules multiply it by factors of the
receiving water and the flow, so the officer may write the limit that holds for the place.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Final

from webapp.core.data_files import DataFileError, Row, csv_rows, refuse_repeats

_FILE: Final = "limits.csv"
_NUMBER: Final = re.compile(r"[0-9]{1,12}(\.[0-9]{1,8})?")
_GROUPED: Final = re.compile(r"[0-9]{1,3}(\.[0-9]{3})+,[0-9]+")
_DOUBTFUL: Final = re.compile(r"[1-9][0-9]{0,2}(\.[0-9]{3})+")


@dataclass(frozen=True)
class Limit:
    """One parameter under one column of a regulation; either end may be open.

    ``replaced_on`` is the day a newer regulation came: establishments in their time of transition
    are still held to this one.
    """

    code: str
    standard: str
    column: str
    parameter: str
    unit: str
    lowest: str | None
    highest: str | None
    valid_from: date
    replaced_on: date | None
    source: str
    note: str

    @property
    def cited(self) -> str:
        """The regulation with its column."""
        return f"{self.standard}, {self.column}"

    @property
    def label(self) -> str:
        """How it is offered and chosen: parameter and regulation."""
        return f"{self.parameter} · {self.cited}"


@dataclass(frozen=True)
class Judged:
    """How a value stands to its limits; ``times`` is value by upper limit, where that is passed."""

    over: bool
    times: Decimal | None = None


@cache
def limits() -> tuple[Limit, ...]:
    """The shipped table in its order. Raises DataFileError when it is not sound."""
    table = tuple(_limit(row) for row in csv_rows(__package__, _FILE))
    refuse_repeats(_FILE, (limit.code for limit in table))
    return table


def limits_on(day: date) -> tuple[Limit, ...]:
    """The limits that were in force on that day, replaced ones of a transition among them."""
    return tuple(limit for limit in limits() if limit.valid_from <= day)


def limit_labelled(text: str) -> Limit | None:
    """The limit that was chosen by its label, None for words of one's own."""
    wanted = " ".join(text.split())
    return next((limit for limit in limits() if limit.label == wanted), None)


@dataclass(frozen=True)
class EndedEdition:
    """A regulation whose limits were used, with its days; ``replaced_on`` has come."""

    standard: str
    valid_from: date
    replaced_on: date


def ended_editions(limits_used: Iterable[Limit], day: date) -> list[EndedEdition]:
    """Which of the regulations had been replaced on that day; each once, in the order used."""
    ended = {
        each.standard: EndedEdition(each.standard, each.valid_from, each.replaced_on)
        for each in limits_used
        if each.replaced_on is not None and each.replaced_on <= day
    }
    return list(ended.values())


def read_number(text: str) -> str | None:
    """A number as people type it ("0,25", "1.500,5", "5 000", "< 0,05") in its stored form.

    The comma is the decimal mark. "1.500" alone is refused: it may be read as 1500 and as 1,5.
    None for what is no number.
    """
    plain = "".join(text.split())
    below = plain.startswith("<")
    plain = plain.removeprefix("<")
    if _GROUPED.fullmatch(plain):
        plain = plain.replace(".", "")
    elif ("," in plain and "." in plain) or _DOUBTFUL.fullmatch(plain):
        return None
    plain = plain.replace(",", ".")
    if not _NUMBER.fullmatch(plain):
        return None
    return f"<{plain}" if below else plain


def shown_number(stored: str | None) -> str:
    """A stored number as it is written in Vietnamese: decimal comma."""
    return (stored or "").replace(".", ",")


def judge(value: str, lowest: str | None, highest: str | None) -> Judged:
    """Compare a stored value with its limits. Below detection is never over a limit."""
    if value.startswith("<"):
        return Judged(over=False)
    number = Decimal(value)
    if highest is not None and number > Decimal(highest):
        top = Decimal(highest)
        return Judged(over=True, times=round(number / top, 1) if top else None)
    return Judged(over=lowest is not None and number < Decimal(lowest))


def _limit(row: Row) -> Limit:
    limit = Limit(
        code=row.text("code"),
        standard=row.text("standard"),
        column=row.text("column"),
        parameter=row.text("parameter"),
        unit=row.text("unit"),
        lowest=row.text("lowest", "") or None,
        highest=row.text("highest", "") or None,
        valid_from=row.required_day("valid_from"),
        replaced_on=row.day("replaced_on"),
        source=row.text("source"),
        note=row.text("note", ""),
    )
    row.finish()
    try:
        ends = [Decimal(each) for each in (limit.lowest, limit.highest) if each is not None]
    except InvalidOperation as exc:
        raise DataFileError(f"{row.place}: a limit must be a number") from exc
    if not ends or ends != sorted(ends):
        raise DataFileError(f"{row.place}: a limit needs an end, the lowest first")
    return limit
