"""The queue's filters as the address has them: unknown values are dropped, never an error."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from webapp.cases.categories import UnknownCategory, category
from webapp.cases.journal import state_group
from webapp.cases.workflow import OPEN, SEVERITIES
from webapp.core.text import _
from webapp.reporting.workflow import WAITING

REPORTS, CASES = "phan-anh", "vu-viec"
_STATES = {REPORTS: WAITING, CASES: OPEN}
_MAX_WORDS = 80

# The shapes of the map, which a reader sees at a glance, and what waits for the Front's next word.
GROUPS = {
    "open": _("Đang xử lý"),
    "inspecting": _("Đang kiểm tra"),
    "concluded": _("Đã có kết luận"),
    "answered": _("Có trả lời"),
}
ANSWERED = frozenset({"declined", "concluded", "awaiting_confirmation"})
HOLDERS = {
    "mine": _("Giao cho tôi"),
    "unit": _("Mặt trận mình giữ"),
    "below": _("Cấp dưới giữ"),
}
DUES = {
    "overdue": _("Quá hạn"),
    "soon": _("Sắp đến hạn"),
    "near": _("Quá hạn hoặc sắp đến hạn"),
}
CASE_DUES = DUES | {"closable": _("Hết thời gian chờ xác nhận")}


@dataclass(frozen=True)
class QueueFilters:
    """What the officer asked for. ``tab`` is reports that wait, or cases.

    ``holder`` is mine, unit or below; ``due`` overdue, soon, near (both), or of cases closable:
    residents had their time to confirm; ``group`` several states of cases.
    """

    tab: str = REPORTS
    category: str = ""
    state: str = ""
    group: str = ""
    severity: str = ""
    due: str = ""
    urgent: bool = False
    unit_id: int | None = None
    holder: str = ""
    words: str = ""

    def query(self) -> dict[str, str]:
        """The filters as query parameters, those that are set."""
        values = {
            "tab": self.tab,
            "category": self.category,
            "state": self.state,
            "group": self.group,
            "severity": self.severity,
            "due": self.due,
            "urgent": "1" if self.urgent else "",
            "unit": str(self.unit_id or ""),
            "holder": self.holder,
            "words": self.words,
        }
        return {name: value for name, value in values.items() if value}

    @property
    def narrowed(self) -> bool:
        """Whether anything but the tab is set."""
        return len(self.query()) > 1

    def without(self, name: str) -> dict[str, str]:
        """The query without one filter: the way to more rows."""
        return {key: value for key, value in self.query().items() if key != name}

    def in_any_state(self) -> "QueueFilters":
        """The same question about every state."""
        return replace(self, state="")


def states_of(group: str) -> frozenset[str]:
    """The open states of a group."""
    if group == "answered":
        return ANSWERED
    return frozenset(state for state in OPEN if state_group(state) == group)


def queue_filters(args: Mapping[str, str]) -> QueueFilters:
    """Read the filters from the address."""
    args = dict(args.items())  # of which what is missing costs nothing; a request's makes an error
    tab = CASES if args.get("tab") == CASES else REPORTS
    of_cases = tab == CASES
    unit = args.get("unit", "")
    return QueueFilters(
        tab=tab,
        category=_category(args.get("category", "")),
        state=_known(args, "state", _STATES[tab]),
        group=_known(args, "group", GROUPS if of_cases else {}),
        severity=_known(args, "severity", SEVERITIES if of_cases else {}),
        due=_known(args, "due", CASE_DUES if of_cases else DUES),
        urgent=args.get("urgent") == "1",
        unit_id=int(unit) if unit.isascii() and unit.isdigit() and len(unit) < 10 else None,
        holder=_known(args, "holder", HOLDERS),
        words=args.get("words", "").strip()[:_MAX_WORDS],
    )


def _known(
    args: Mapping[str, str], name: str, values: Mapping[str, object] | frozenset[str]
) -> str:
    value = args.get(name, "")
    return value if value in values else ""


def _category(code: str) -> str:
    try:
        return category(code).code if code else ""
    except UnknownCategory:
        return ""
