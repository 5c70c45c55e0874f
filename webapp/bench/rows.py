"""The rows of one seeded case and its reports, in any state, consistent with every CHECK."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from geo.cells import cell_of
from geo.points import Point
from geo.privacy import public_point
from webapp.bench.places import Bodies, Directory
from webapp.bench.settlements import Settlements
from webapp.cases.categories import Category, category, children, pictures
from webapp.cases.models import Case
from webapp.cases.priority import queue_rank
from webapp.cases.workflow import ENDED, OPEN, SEVERITIES, WASTE_SOURCES
from webapp.core.codes import encode
from webapp.core.search_text import fold
from webapp.reporting.models import Report

Row = dict[str, Any]
YEARS = timedelta(days=730)
_OLD = timedelta(days=120)
_SPREAD = 7_919_317  # odd, so that codes look random and never repeat within 32**7
_YOUNG_STATES = {
    "received": 18,
    "verifying": 6,
    "assessed": 12,
    "local_action": 14,
    "escalated": 10,
    "accepted": 6,
    "declined": 2,
    "inspecting": 7,
    "concluded": 4,
    "remedying": 5,
    "awaiting_confirmation": 6,
    "closed": 8,
    "dismissed": 2,
}
_OLD_STATES = {
    "closed": 76,
    "dismissed": 8,
    "merged": 3,
    "handed_over": 1,
    "escalated": 3,
    "inspecting": 2,
    "remedying": 4,
    "awaiting_confirmation": 2,
    "local_action": 1,
}
_WAITING = {
    "submitted": 40,
    "needs_info": 10,
    "rejected": 25,
    "redirected": 15,
    "withdrawn": 10,
}
_SEEN = (
    "Rác đổ thành đống cạnh đường, bốc mùi.",
    "Nước suối đổi màu sau mưa.",
    "Khói và bụi bay vào khu dân cư nhiều ngày.",
    "Bao bì thuốc bảo vệ thực vật vứt ở bờ ruộng.",
    "Rác chưa được thu gom đúng lịch.",
)
_CHANNELS = ("web", "web", "web", "in_person", "phone", "meeting", "zalo")


@dataclass
class Batch:
    """Rows by table, parents first."""

    cases: list[Row] = field(default_factory=list)
    reports: list[Row] = field(default_factory=list)
    lines: list[Row] = field(default_factory=list)
    deadlines: list[Row] = field(default_factory=list)


class Maker:
    """Makes rows one case after another; ids go up from the given ones."""

    def __init__(
        self, random: Random, now: datetime, *, case_id: int, report_id: int, rule_id: int
    ) -> None:
        self._random = random
        self._now = now
        self._case_id = case_id
        self._report_id = report_id
        self._rule_id = rule_id
        self._directory = Directory()
        self._settlements = Settlements(self._directory.old_communes, random)
        self._categories = _categories()
        self._survivor: int | None = None

    def fill(self, batch: Batch, reports: int) -> None:
        """Add about this many reports, and the cases they belong to."""
        wanted = len(batch.reports) + reports
        while len(batch.reports) < wanted:
            if self._random.random() < 0.85:
                self._add_case(batch)
            else:
                self._add_waiting(batch)

    def _add_case(self, batch: Batch) -> None:
        seen = self._seen()
        state = self._state(seen.received)
        if state == "merged" and self._survivor is None:
            state = "closed"
        bodies = self._directory.bodies(seen.old, seen.received, still_open=state in OPEN)
        count = self._random.choices((1, 2, 3, 8), (78, 15, 5, 2))[0]
        case = self._case(seen, state, bodies, count)
        if state != "merged":
            self._survivor = case["id"]
        batch.cases.append(case)
        batch.lines += self._lines(case)
        batch.deadlines.append(self._deadline(case))
        for _each in range(count):
            batch.reports.append(self._report(seen, "attached", bodies, case["id"]))

    def _add_waiting(self, batch: Batch) -> None:
        seen = self._seen()
        state = self._random.choices(list(_WAITING), list(_WAITING.values()))[0]
        waits = state in {"submitted", "needs_info"}
        if waits:  # nobody leaves a report lying for two years
            seen.received = self._now - timedelta(days=20 * self._random.random())
        bodies = self._directory.bodies(seen.old, seen.received, still_open=waits)
        batch.reports.append(self._report(seen, state, bodies, None))

    def _seen(self) -> "_Seen":
        old, place = self._settlements.pick()
        (node,) = self._random.choices(*self._categories)
        # More of late: a platform grows.
        age = YEARS * (1 - self._random.random() ** 0.6)
        return _Seen(old, place, node, self._now - age)

    def _state(self, received: datetime) -> str:
        table = _OLD_STATES if self._now - received > _OLD else _YOUNG_STATES
        return self._random.choices(list(table), list(table.values()))[0]

    def _case(self, seen: "_Seen", state: str, bodies: Bodies, count: int) -> Row:
        self._case_id += 1
        random, node = self._random, seen.node
        public = state not in {"received", "verifying"} and not node.public_never
        shown = public_point(seen.place, node.precision_m)
        summary = random.choice(_SEEN) if state not in {"received", "verifying"} else None
        since = seen.received + timedelta(days=1 + 4 * random.random())
        due = seen.received + timedelta(days=10 + 40 * random.random())
        with_office = state in {"accepted", "inspecting", "concluded", "remedying"}
        case: Row = {
            "id": self._case_id,
            "code": f"VV{encode(self._case_id * _SPREAD % 32**7, 7)}",
            "category": node.code,
            "state": state,
            "version": 3,
            "level": "commune",
            "urgent": node.urgency == "urgent",
            "secret": node.secret,
            "severity": random.choice(list(SEVERITIES)) if summary else None,
            "waste_source": random.choice(list(WASTE_SOURCES)) if summary else None,
            "conclusion": None,
            "dismissal": "not_found" if state == "dismissed" else None,
            "summary": summary,
            "handling_unit_id": bodies.unit.id,
            "observed_unit_id": None,
            "owner_id": bodies.front_id,
            "office_id": bodies.office_id if with_office else None,
            "addressee_id": None,
            "assignee_id": None,
            "opened_by_id": None,
            "merged_into_id": self._survivor if state == "merged" else None,
            "to_province": False,
            "released": False,
            "raised": False,
            "fast": False,
            "last_result": None,
            "lon": seen.place.lon,
            "lat": seen.place.lat,
            "cell": cell_of(seen.place),
            "place_note": None,
            "precision_m": node.precision_m,
            "public_lon": shown.lon,
            "public_lat": shown.lat,
            "public_cell": cell_of(shown),
            "public_place": None,
            "first_reported_at": seen.received,
            "opened_at": seen.received + timedelta(hours=6),
            "public_since": min(since, self._now) if public else None,
            "closed_at": min(due, self._now) if state == "closed" else None,
            "report_count": count,
            "household_count": random.choice((0, 0, 3, 12, 40)),
            "due_at": due if state in OPEN else None,
            "overdue": state in OPEN and due < self._now,
            "not_published_reason": None,
            "search_text": fold(f"{node.label.vi} {bodies.unit.name} {summary or ''}"),
            "priority_chosen": None,
        }
        case["queue_rank"] = queue_rank(Case(**case).priority_facts)
        return case

    def _lines(self, case: Row) -> list[Row]:
        opened = _line(case, "open_case", "received", case["opened_at"], None)
        if case["public_since"] is None:
            return [opened]
        words = "Mặt trận xã đã xem phản ánh của bà con."
        return [opened, _line(case, "assess", "assessed", case["public_since"], words)]

    def _deadline(self, case: Row) -> Row:
        ended = case["state"] in ENDED
        due = case["opened_at"] + timedelta(days=10)
        stopped = case["opened_at"] + timedelta(days=14 * self._random.random())
        return {
            "rule_id": self._rule_id,
            "subject_kind": "case",
            "subject_id": case["id"],
            "owner_id": case["owner_id"],
            "started_at": case["opened_at"],
            "due_at": due if ended else case["due_at"],
            "paused_at": None,
            "stopped_at": stopped if ended else None,
            "told_due_soon": case["overdue"],
            "told_overdue": case["overdue"],
        }

    def _report(self, seen: "_Seen", state: str, bodies: Bodies, case_id: int | None) -> Row:
        self._report_id += 1
        number, random = self._report_id, self._random
        report: Row = {
            "id": number,
            "code": f"PA{encode(number * _SPREAD % 32**7, 7)}",
            "key_digest": _digest("key", number),
            "body_digest": _digest("body", number),
            "tracking_digest": _digest("tracking", number),
            "tracking_version": 1,
            "state": state,
            "version": 1,
            "category": seen.node.code,
            "urgent": seen.node.urgency == "urgent",
            "secret": seen.node.secret,
            "nature": random.choice((None, "sudden", "continuous")),
            "description": random.choice(_SEEN),
            "observed_at": seen.received - timedelta(hours=5),
            "observed_doubtful": False,
            "received_at": seen.received,
            "lon": seen.place.lon,
            "lat": seen.place.lat,
            "accuracy_m": 25.0,
            "place_source": "gps",
            "cell": cell_of(seen.place),
            "place_note": None,
            "unit_doubtful": False,
            "named_unit_id": None,
            "handling_unit_id": bodies.unit.id,
            "observed_unit_id": None,
            "households_affected": None,
            "channel": random.choice(_CHANNELS),
            "on_behalf": False,
            "entered_by_id": None,
            "person_id": None,
            "keep_secret": True,
            "to_province": False,
            "released": False,
            "unchecked": False,
            "consent_version": "1",
            "preferred_language": "vi",
            "interpreter_needed": False,
            "locale": "vi",
            "due_at": seen.received + timedelta(days=3),
            "overdue": state in {"submitted", "needs_info"}
            and seen.received + timedelta(days=3) < self._now,
            "case_id": case_id,
            "rejection": "no_place" if state == "rejected" else None,
            "door": "complaint" if state == "redirected" else None,
            "decided_by_id": None,
            "reprisal_at": None,
            "priority_chosen": None,
        }
        report["queue_rank"] = queue_rank(Report(**report).priority_facts)
        return report


@dataclass
class _Seen:
    """What was seen where and when it was sent."""

    old: Any
    place: Point
    node: Category
    received: datetime


def _categories() -> tuple[list[Category], list[int]]:
    """Categories below the pictures, waste far ahead of the rest."""
    nodes = [node for picture in pictures() for node in children(picture.code)]
    weights = [{"waste_collection": 20, "dumping": 16, "burning": 8}.get(n.code, 3) for n in nodes]
    return [category(node.code) for node in nodes], weights


def _line(case: Row, step: str, state: str, at: datetime, words: str | None) -> Row:
    return {
        "case_id": case["id"],
        "at": at,
        "transition": step,
        "from_state": None,
        "to_state": state,
        "voice": "front",
        "organisation_id": case["owner_id"],
        "person_id": None,
        "public_line": words,
        "note": None,
        "facts": {},
        "visible_from": at,
    }


def _digest(purpose: str, number: int) -> str:
    return hashlib.sha256(f"{purpose}{number}".encode()).hexdigest()
