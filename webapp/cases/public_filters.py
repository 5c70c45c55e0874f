"""What readers of the public record may ask for; the same for map, list and figures.

Days ask for the day a case became public: the day of a first report may be known only to the month.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement

from webapp.cases.categories import codes_within
from webapp.cases.models import Case
from webapp.cases.workflow import LISTED, OPEN
from webapp.core import clock

ANY_OPEN = "open"
STATES = (ANY_OPEN, *sorted(LISTED))
"""What ``state`` may ask for: any open state together, or one state."""


@dataclass(frozen=True)
class PublicFilters:
    """``state`` is one of STATES; days are local, both included."""

    category: str | None = None
    state: str | None = None
    first_day: date | None = None
    last_day: date | None = None
    overdue: bool = False

    def in_months(self) -> "PublicFilters":
        """Whole months: the first one's first day to the last one's last."""
        first, last = self.first_day, self.last_day
        return replace(
            self,
            first_day=first and first.replace(day=1),
            last_day=last and _month_end(last),
        )

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """The filters as conditions on ``Case``; whether it is listed is asked apart."""
        if self.category:
            yield Case.category.in_(sorted(codes_within(self.category)))
        if self.state == ANY_OPEN:
            yield Case.state.in_(sorted(OPEN))
        elif self.state:
            yield Case.state == self.state
        if self.first_day:
            yield Case.public_since >= _midnight(self.first_day)
        if self.last_day:
            yield Case.public_since < _midnight(self.last_day + timedelta(days=1))
        if self.overdue:
            yield Case.overdue.is_(True)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.LOCAL)


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
