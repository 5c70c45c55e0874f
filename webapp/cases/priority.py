"""What comes first in the queue: one score of visible parts, stored so that an index sorts by it.

Waiting adds points evenly, so two matters never change places by waiting alone. What is stored is
therefore no score, which would be stale tomorrow, but a moment: when the matter began, moved back
by what its points are worth in time. The earliest comes first. Urgent matters stand before all
others, unchecked ones behind them.
"""

from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Final, NamedTuple

from webapp.cases.categories import category
from webapp.cases.priority_table import weights
from webapp.core.text import Text, _

CHOSEN: Final = {
    "top": _("Lên đầu hàng"),
    "high": _("Cao"),
    "low": _("Thấp"),
}
_PARTS: Final = {
    "danger": _("nguy hại"),
    "households": _("số hộ"),
    "reports": _("số lần phản ánh"),
    "tag": _("nhóm ưu tiên"),
    "place": _("gần trường học, cơ sở y tế"),
    "chosen": _("cán bộ đặt"),
    "age": _("đã chờ"),
}
_BAND: Final = 1_000_000_000
"""More minutes than any moment has since 1970: what stands before all of a later band."""


class Facts(NamedTuple):
    """What counts of a report or a case; ``chosen`` replaces the parts but not the waiting.

    ``near_place`` is the kind of the nearest school or clinic within the table's distance.
    """

    category: str
    urgent: bool
    since: datetime
    severity: str | None = None
    households: int = 0
    reports: int = 1
    unchecked: bool = False
    chosen: str | None = None
    near_place: str | None = None


class Part(NamedTuple):
    """One part of a score."""

    code: str
    points: int

    @property
    def label(self) -> Text:
        """What the part is called."""
        return _PARTS[self.code]


def parts_of(facts: Facts, at: datetime) -> list[Part]:
    """The parts of the score at a moment, those that give points; waiting comes last."""
    age = (at - facts.since) // _step()
    return [*_standing(facts), Part("age", age)] if age > 0 else list(_standing(facts))


def score(facts: Facts, at: datetime) -> int:
    """The points at a moment."""
    return sum(part.points for part in parts_of(facts, at))


def queue_rank(facts: Facts) -> int:
    """The number the queue is sorted by, smallest first."""
    standing = sum(part.points for part in _standing(facts))
    minutes = int(facts.since.timestamp() // 60) - standing * weights().hours_per_point * 60
    return _band(facts) * _BAND + minutes


def _band(facts: Facts) -> int:
    """Urgent, usual, unchecked; an officer's word moves a matter out of its band."""
    if facts.chosen:
        return 0 if facts.chosen == "top" else 1
    if facts.unchecked:
        return 2
    return 0 if facts.urgent else 1


@cache
def _step() -> timedelta:
    """How long a matter waits for a point."""
    return timedelta(hours=weights().hours_per_point)


def _standing(facts: Facts) -> tuple[Part, ...]:
    return _points(
        facts.category,
        facts.severity,
        facts.households,
        facts.reports,
        facts.chosen,
        facts.near_place,
    )


@lru_cache(maxsize=2048)
def _points(
    code: str,
    severity: str | None,
    households: int,
    reports: int,
    chosen: str | None,
    near_place: str | None,
) -> tuple[Part, ...]:
    """The parts that give points without waiting.

    The table is shipped and does not change: a queue asks the same again and again.
    """
    table = weights()
    if chosen:
        points = table.of("chosen", chosen)
        return (Part("chosen", points),) if points else ()
    node = category(code)
    danger = max(table.of("danger", node.urgency), table.of("severity", severity or ""))
    tag = max((table.of("tag", each) for each in node.priorities), default=0)
    every = (
        Part("danger", danger),
        Part("households", table.reached("households", households)),
        Part("reports", table.reached("reports", reports)),
        Part("tag", tag),
        Part("place", table.of("place", near_place or "")),
    )
    return tuple(part for part in every if part.points)
