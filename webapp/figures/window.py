"""Stretches of local days, and how they are cut into months or weeks."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, Final

from sqlalchemy import ColumnElement, bindparam

from webapp.core import clock
from webapp.core.errors import Invalid
from webapp.core.text import _

YEAR = 365
MONTH, WEEK = "thang", "tuan"
MAX_PARTS = 60
_STEPS = {MONTH: timedelta(days=31), WEEK: timedelta(days=7)}


@dataclass(frozen=True)
class Window:
    """Local days, both included."""

    first: date
    last: date

    @classmethod
    def last_year(cls, last: date) -> "Window":
        """The twelve months that end on a day."""
        return cls(last - timedelta(days=YEAR - 1), last)

    def year_before(self) -> "Window":
        """The same stretch one year earlier."""
        back = timedelta(days=YEAR)
        return Window(self.first - back, self.last - back)

    def holds(self, moment: Any) -> ColumnElement[bool]:
        """Whether a moment (a column) lies in it."""
        since, until = self.ends()
        inside: ColumnElement[bool] = (moment >= since) & (moment < until)
        return inside

    def ends(self) -> tuple[datetime, datetime]:
        """The moment it begins, and the one after it."""
        return _midnight(self.first), _midnight(self.last + timedelta(days=1))

    def parts(self, by: str) -> list["Window"]:
        """Its months or weeks in order, the first and last cut where it begins and ends.

        Raises Invalid when there are more than ``MAX_PARTS``.
        """
        step = _STEPS[by]
        if self.last - self.first > MAX_PARTS * step:
            words = _("Thời gian quá dài để chia. Xin chọn ngắn lại, hoặc chia theo tháng.")
            raise Invalid(words, fields={"from": words})
        starts, day = [self.first], _begin(self.first, by)
        while (day := _begin(day + step, by)) <= self.last:
            starts.append(day)
        ends = [*starts, self.last + timedelta(days=1)]
        return [Window(first, after - timedelta(days=1)) for first, after in pairwise(ends)]


@dataclass(frozen=True)
class Given(Window):
    """Days that a kept statement is given at each execution, under a name."""

    first: date = date.min
    last: date = date.max
    name: str = "days"

    def holds(self, moment: Any) -> ColumnElement[bool]:
        """Whether a moment (a column) lies in what is given."""
        since, until = self._names()
        after = moment >= bindparam(since)
        inside: ColumnElement[bool] = after & (moment < bindparam(until))
        return inside

    def values(self, window: Window) -> dict[str, datetime]:
        """What to give for a window."""
        return dict(zip(self._names(), window.ends(), strict=True))

    def _names(self) -> tuple[str, str]:
        return f"{self.name}_since", f"{self.name}_until"


GIVEN: Final = Given()


def _begin(day: date, by: str) -> date:
    return day.replace(day=1) if by == MONTH else day - timedelta(days=day.weekday())


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.LOCAL)
