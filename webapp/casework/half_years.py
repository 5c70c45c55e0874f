"""Half years, after each of which the authority hears the Front (Luật Mặt trận Tổ quốc, Đ.30.1)."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Self

_HALVES: Final = {
    1: ("6 tháng đầu năm", (1, 1), (6, 30)),
    2: ("6 tháng cuối năm", (7, 1), (12, 31)),
}
_CHOICE: Final = 3


@dataclass(frozen=True, order=True)
class Half:
    """A half year; ``number`` is 1 or 2."""

    year: int
    number: int

    @property
    def key(self) -> str:
        """How a form and a letter keep it: "2026-1"."""
        return f"{self.year}-{self.number}"

    @property
    def name(self) -> str:
        """As letters call it: "6 tháng đầu năm 2026"."""
        return f"{_HALVES[self.number][0]} {self.year}"

    @property
    def days(self) -> tuple[date, date]:
        """Its first and last day."""
        _name, first, last = _HALVES[self.number]
        return date(self.year, *first), date(self.year, *last)

    @property
    def before(self) -> Self:
        """The half year before."""
        year, number = (self.year, 1) if self.number > 1 else (self.year - 1, 2)
        return type(self)(year, number)


def half_of(key: str) -> Half:
    """The half year of a key that a checked form gave. Raises ValueError."""
    year, _dash, number = key.partition("-")
    half = Half(int(year), int(number))
    if half.number not in _HALVES:
        raise ValueError(key)
    return half


def half_before(day: date) -> Half:
    """The last half year that has ended."""
    return Half(day.year, 1 if day.month < 7 else 2).before


def recent_halves(day: date) -> list[Half]:
    """What a hearing of these days may be about: the last half years that ended, and this one."""
    last = half_before(day)
    found = [Half(day.year, 1 if day.month < 7 else 2)]
    while len(found) < _CHOICE:
        found.append(found[-1].before)
    return [last, *(each for each in found if each != last)]
