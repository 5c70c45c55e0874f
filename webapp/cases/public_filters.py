"""What readers of the public record may ask for; the same for map, list and figures.

Days ask for the day a case became public: the day of a first report may be known only to the month.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam

from webapp.cases.categories import codes_within
from webapp.cases.models import Case
from webapp.cases.workflow import LISTED, OPEN
from webapp.core import clock
from webapp.core.base import UtcDateTime
from webapp.core.conditions import one_of_codes

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

    def values(self) -> dict[str, Any]:
        """The filters that are set, by the names of ``conditions``."""
        last = self.last_day and _midnight(self.last_day + timedelta(days=1))
        found = {
            "categories": self.category and sorted(codes_within(self.category)),
            "states": self.state and sorted(OPEN if self.state == ANY_OPEN else {self.state}),
            "since": self.first_day and _midnight(self.first_day),
            "before": last,
            "overdue": self.overdue,
        }
        return {name: value for name, value in found.items() if value}


def conditions(names: Iterable[str]) -> list[ColumnElement[bool]]:
    """The conditions of these filters, whose values are given at execution.

    Whether a case is listed is asked apart.
    """
    return [_CONDITIONS[name] for name in names]


_CONDITIONS: dict[str, ColumnElement[bool]] = {
    "categories": one_of_codes(Case.category, "categories"),
    "states": one_of_codes(Case.state, "states"),
    "since": Case.public_since >= bindparam("since", type_=UtcDateTime()),
    "before": Case.public_since < bindparam("before", type_=UtcDateTime()),
    "overdue": Case.overdue == bindparam("overdue"),
}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.LOCAL)


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
