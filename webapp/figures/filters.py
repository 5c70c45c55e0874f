"""What a board is asked: a stretch of days, and what it is narrowed to. Unknown values drop."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from webapp.cases.categories import UnknownCategory, category, priorities
from webapp.cases.public_filters import PublicFilters
from webapp.cases.workflow import SEVERITIES, WASTE_SOURCES
from webapp.core.clock import today_local
from webapp.figures.window import MONTH, WEEK, YEAR, Window

NOT_SAID = "chua-ghi"
"""The value of a filter for cases where nobody has said yet, or to which nothing applies."""


@dataclass(frozen=True)
class BoardFilters:
    """``unit_id`` is a unit in force; ``priority`` one of the priorities of supervision.

    ``holder_id`` is the organisation that has to act next. Empty means all.
    """

    window: Window
    by: str = MONTH
    unit_id: int | None = None
    category: str = ""
    source: str = ""
    severity: str = ""
    priority: str = ""
    holder_id: int | None = None

    def query(self, **more: str | int) -> dict[str, str]:
        """The query parameters of this board, with others in addition or instead."""
        values = {
            "from": self.window.first.isoformat(),
            "to": self.window.last.isoformat(),
            "theo": "" if self.by == MONTH else self.by,
            "unit": str(self.unit_id or ""),
            "category": self.category,
            "source": self.source,
            "severity": self.severity,
            "priority": self.priority,
            "holder": str(self.holder_id or ""),
            **{name: str(value) for name, value in more.items()},
        }
        return {name: value for name, value in values.items() if value}

    @property
    def of_reports(self) -> bool:
        """Whether the question can be asked of reports: nobody holds one as they hold a case."""
        return not self.holder_id

    def on(self, window: Window) -> "BoardFilters":
        """The same question about other days."""
        return replace(self, window=window)


def board_filters(args: Mapping[str, str], days: PublicFilters) -> BoardFilters:
    """Read the filters from the address; ``days`` are its days, the last twelve months if none."""
    last = days.last_day or today_local()
    first = days.first_day or last - timedelta(days=YEAR - 1)
    return BoardFilters(
        window=Window(min(first, last), last),
        by=WEEK if args.get("theo") == WEEK else MONTH,
        unit_id=_number(args.get("unit", "")),
        category=_category(args.get("category", "")),
        source=_known(args.get("source", ""), WASTE_SOURCES),
        severity=_known(args.get("severity", ""), SEVERITIES),
        priority=_known(args.get("priority", ""), {each.code: each for each in priorities()}),
        holder_id=_number(args.get("holder", "")),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _known(value: str, values: Mapping[str, object]) -> str:
    return value if value in values or value == NOT_SAID else ""


def _category(code: str) -> str:
    try:
        return category(code).code if code else ""
    except UnknownCategory:
        return ""
