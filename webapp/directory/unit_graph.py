"""Units as a graph over time: what lies in what, what took the place of what, walked in SQL."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import CTE, BigInteger, Select, Subquery, bindparam, select

from webapp.core.unit_of_work import session
from webapp.directory.models import Unit, UnitSuccession


def children_edges() -> Select[int | None, int]:
    """From each unit to those that lie directly in it."""
    return select(Unit.parent_id.label("above"), Unit.id.label("below")).where(
        Unit.parent_id.is_not(None)
    )


def predecessor_edges() -> Select[int, int]:
    """From each unit to those that it took the place of."""
    return select(UnitSuccession.new_id.label("above"), UnitSuccession.old_id.label("below"))


def closure(query: Select[Any], unit_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """Every unit reached from each of the units, in one statement."""
    units: dict[int, set[int]] = defaultdict(set)
    for top, unit_id in session().execute(query, {"tops": list(unit_ids)}):
        units[top].add(unit_id)
    return {top: frozenset(below) for top, below in units.items()}


def reached(start: Select[Any], edges: Subquery) -> CTE:
    """Pairs of a top and every unit that the edges lead to from it."""
    found = start.cte("reached", recursive=True)
    step = select(found.c.top, edges.c.below).join(edges, edges.c.above == found.c.unit_id)
    return found.union(step)


def pairs_from(edges: Subquery) -> Select[Any]:
    """The pairs of the units given as ``tops``."""
    tops: Any = bindparam("tops", type_=BigInteger(), expanding=True)
    start: Any = select(Unit.id.label("top"), Unit.id.label("unit_id"))
    found = reached(start.where(Unit.id.in_(tops)), edges)
    return select(found.c.top, found.c.unit_id)


def taking_over(units: Select[int]) -> Select[int]:
    """Every unit that took the place of one of these, however many mergers later."""
    first = select(UnitSuccession.new_id).where(UnitSuccession.old_id.in_(units))
    later = first.cte("later", recursive=True)
    further = select(UnitSuccession.new_id).join(later, UnitSuccession.old_id == later.c.new_id)
    return select(later.union(further).c.new_id)
