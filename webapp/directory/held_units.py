"""What units hold, kept while the tree of units is the same.

Every request of an officer asks which units lie below those of the grants. Walking there took more
than all the rest of signing in, and the tree changes with a merger or an import only. So a request
asks for the mark of the tree, and what was found under the same mark holds still: whoever changes
the tree, by whatever means, changes the mark (``UnitTree``).
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import ScalarSelect, select, union_all

from webapp.core.conditions import one_of_given
from webapp.core.prepared import Prepared
from webapp.directory.models import Unit, UnitTree
from webapp.directory.unit_graph import children_edges, predecessor_edges, reached

_KEPT = 1024
_held: dict[tuple[int, int], frozenset[int]] = {}


def tree_mark() -> ScalarSelect[int]:
    """A number that stays the same only while every edge between units does."""
    return select(UnitTree.mark).scalar_subquery()


def held_under(mark: int, unit_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """What ``units_held`` finds, from what is kept under this mark or in one statement."""
    wanted = frozenset(unit_ids)
    found = {unit_id: _held.get((mark, unit_id)) for unit_id in wanted}
    if None in found.values():
        return _read(wanted)
    return {unit_id: held for unit_id, held in found.items() if held is not None}


def _read(unit_ids: frozenset[int]) -> dict[int, frozenset[int]]:
    """Kept under the mark of the same moment, which may be a newer one than was asked for."""
    pairs = _query().rows({"tops": unit_ids})
    found: dict[int, set[int]] = {unit_id: {unit_id} for unit_id in unit_ids}
    for _mark, top, unit_id in pairs:
        found[top].add(unit_id)
    held = {unit_id: frozenset(below) for unit_id, below in found.items()}
    if len(_held) > _KEPT:
        _held.clear()
    _held.update({(mark, top): held[top] for mark, top, _unit_id in pairs})
    return held


@cache
def _query() -> Prepared:
    start: Any = select(Unit.id.label("top"), Unit.id.label("unit_id"))
    pairs = reached(
        start.where(one_of_given(Unit.id, "tops")),
        union_all(children_edges(), predecessor_edges()).subquery(),
    )
    return Prepared(select(tree_mark(), pairs.c.top, pairs.c.unit_id))
