"""Stretches of local days, and how they are cut into months or weeks."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement

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
        after = moment >= _midnight(self.first)
        inside: ColumnElement[bool] = after & (moment < _midnight(self.last + timedelta(days=1)))
        return inside

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


def _begin(day: date, by: str) -> date:
    return day.replace(day=1) if by == MONTH else day - timedelta(days=day.weekday())


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.LOCAL)
