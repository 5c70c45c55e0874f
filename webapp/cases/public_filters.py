"""What readers of the public record may ask for; the same for map, list and figures.

Days ask for the day a case became public: the day of a first report may be known only to the month.
What another feature knows of cases is asked for as a facet, which that feature registers.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, bindparam

from webapp.cases.categories import codes_within
from webapp.cases.models import Case
from webapp.cases.workflow import LISTED, OPEN
from webapp.core import clock
from webapp.core.base import UtcDateTime
from webapp.core.conditions import one_of_codes, one_of_given

ANY_OPEN = "open"
STATES = (ANY_OPEN, *sorted(LISTED))
"""What ``state`` may ask for: any open state together, or one state."""


@dataclass(frozen=True)
class PublicFilters:
    """``state`` is one of STATES; days are local, both included.

    ``words`` are searched for with ``word_search``, all others are ``conditions``. ``results`` asks
    for cases whose outcome is published.
    """

    category: str | None = None
    state: str | None = None
    first_day: date | None = None
    last_day: date | None = None
    overdue: bool = False
    conclusion: str | None = None
    unit_ids: frozenset[int] = frozenset()
    words: str = ""
    results: bool = False

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
            "conclusion": self.conclusion,
            "units": self.unit_ids,
            "results": self.results,
        }
        return {name: value for name, value in found.items() if value}


def register_facet(name: str, case_ids: Select[int]) -> None:
    """Let readers ask for the cases of another feature's table.

    ``case_ids`` selects one column, the ids of cases, and no more of them than anyone may know of.
    Raises ValueError when the name is taken.
    """
    if name in _CONDITIONS or _FACETS.setdefault(name, case_ids) is not case_ids:
        raise ValueError(f"two facets called {name}")


def conditions(names: Iterable[str], *, leading: bool = False) -> list[ColumnElement[bool]]:
    """The conditions of these filters, whose values are given at execution.

    Whether a case is listed is asked apart. ``leading`` is for statements that look cases up by
    what a facet selects; else it is asked of each case that the other conditions leave.
    """
    return [
        _facet(name, leading=leading) if name in _FACETS else _CONDITIONS[name] for name in names
    ]


def _facet(name: str, *, leading: bool) -> ColumnElement[bool]:
    case_ids = _FACETS[name]
    if leading:
        return Case.id.in_(case_ids)
    [column] = case_ids.selected_columns
    return case_ids.where(column == Case.id).exists()


_FACETS: Final[dict[str, Select[int]]] = {}
_CONDITIONS: dict[str, ColumnElement[bool]] = {
    "categories": one_of_codes(Case.category, "categories"),
    "states": one_of_codes(Case.state, "states"),
    "since": Case.public_since >= bindparam("since", type_=UtcDateTime()),
    "before": Case.public_since < bindparam("before", type_=UtcDateTime()),
    "overdue": Case.overdue == bindparam("overdue"),
    "conclusion": Case.conclusion == bindparam("conclusion"),
    "units": one_of_given(Case.handling_unit_id, "units"),
}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.LOCAL)


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
