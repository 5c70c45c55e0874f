"""Which unit in force a record counts for: its own, or the one that took its unit's place.

A unit that was split among several keeps its own row: nobody decided where its records went.
"""

from collections import defaultdict
from functools import cache

from sqlalchemy import Subquery, func, select

from webapp.core.prepared import Prepared
from webapp.directory.models import UnitSuccession


def present_units() -> Subquery:
    """Pairs ``old_id``, ``present_id`` of every unit that has exactly one unit after it."""
    single = (
        select(UnitSuccession.old_id, func.min(UnitSuccession.new_id).label("new_id"))
        .group_by(UnitSuccession.old_id)
        .having(func.count() == 1)
        .subquery("single")
    )
    hops = select(single.c.old_id, single.c.new_id).cte("hops", recursive=True)
    further = select(hops.c.old_id, single.c.new_id).join(single, single.c.old_id == hops.c.new_id)
    hops = hops.union(further)
    last = hops.c.new_id.not_in(select(single.c.old_id))
    ends = select(hops.c.old_id, hops.c.new_id.label("present_id")).where(last)
    return ends.subquery("present")


@cache
def _present_units() -> Prepared:
    return Prepared(select(present_units()))


class Places:
    """The units after others, read once."""

    def __init__(self) -> None:
        self._present: dict[int, int] = {}
        self._earlier: dict[int, list[int]] = defaultdict(list)
        for old_id, present_id in _present_units().rows():
            self._present[old_id] = present_id
            self._earlier[present_id].append(old_id)

    def present(self, unit_id: int) -> int:
        """The unit that a record of this unit is counted for."""
        return self._present.get(unit_id, unit_id)

    def counted_for(self, unit_id: int | None) -> tuple[int, ...]:
        """Every unit whose records are counted for this one, itself included; none for None."""
        earlier = self._earlier.get(unit_id, ()) if unit_id else ()
        return tuple(sorted({unit_id, *earlier})) if unit_id else ()
