"""The queue's filters as the address has them: unknown values are dropped, never an error."""

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.cases.categories import UnknownCategory, category
from webapp.cases.workflow import OPEN
from webapp.reporting.workflow import WAITING

REPORTS, CASES = "phan-anh", "vu-viec"
_STATES = {REPORTS: WAITING, CASES: OPEN}
_MAX_WORDS = 80


@dataclass(frozen=True)
class QueueFilters:
    """What the officer asked for. ``tab`` is reports that wait, or cases."""

    tab: str = REPORTS
    category: str = ""
    state: str = ""
    overdue: bool = False
    urgent: bool = False
    unit_id: int | None = None
    mine: bool = False
    words: str = ""

    def query(self) -> dict[str, str]:
        """The filters as query parameters, those that are set."""
        values = {
            "tab": self.tab,
            "category": self.category,
            "state": self.state,
            "overdue": "1" if self.overdue else "",
            "urgent": "1" if self.urgent else "",
            "unit": str(self.unit_id or ""),
            "assignee": "me" if self.mine else "",
            "words": self.words,
        }
        return {name: value for name, value in values.items() if value}

    @property
    def narrowed(self) -> bool:
        """Whether anything but the tab is set."""
        return len(self.query()) > 1


def queue_filters(args: Mapping[str, str]) -> QueueFilters:
    """Read the filters from the address."""
    tab = CASES if args.get("tab") == CASES else REPORTS
    state = args.get("state", "")
    unit = args.get("unit", "")
    return QueueFilters(
        tab=tab,
        category=_category(args.get("category", "")),
        state=state if state in _STATES[tab] else "",
        overdue=args.get("overdue") == "1",
        urgent=args.get("urgent") == "1",
        unit_id=int(unit) if unit.isascii() and unit.isdigit() and len(unit) < 10 else None,
        mine=tab == CASES and args.get("assignee") == "me",
        words=args.get("words", "").strip()[:_MAX_WORDS],
    )


def _category(code: str) -> str:
    try:
        return category(code).code if code else ""
    except UnknownCategory:
        return ""
