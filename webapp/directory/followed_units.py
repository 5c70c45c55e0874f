"""Which units a wish to hear of one unit reaches, through mergers, and the same turned round."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import CompoundSelect, select, union_all

from webapp.core.unit_of_work import session
from webapp.directory.models import Unit, UnitSuccession
from webapp.directory.queries import units_held
from webapp.directory.unit_graph import closure, pairs_from, predecessor_edges, taking_over
from webapp.directory.validity import valid_on


def units_followed(place: Unit, on: date) -> frozenset[int]:
    """What a reader of a locality follows: all it holds, and once it has ended what came after it.

    So an address or a wish made with an old name finds the new unit, however many mergers ago.
    """
    held = units_held([place.id])[place.id]
    if place.valid_to is None or place.valid_to >= on:
        return held
    later = session().scalars(taking_over(select(Unit.id).where(Unit.id.in_(held)))).all()
    return held.union(*units_held(later).values())


def units_now(place: Unit, on: date) -> list[Unit]:
    """The units that the place is or lies in on that day, by code; none where nothing followed."""
    if place.valid_to is None or place.valid_to >= on:
        return [place]
    later = taking_over(select(Unit.id).where(Unit.id == place.id))
    query = select(Unit).where(Unit.id.in_(later), valid_on(Unit, on)).order_by(Unit.code)
    return list(session().scalars(query))


def units_hearing(unit_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """For each unit every unit whose followers may hear of it: ``units_followed`` turned round.

    Itself, what it took the place of, and whatever holds or followed one of these. Rather one too
    many than one too few: whoever tells asks ``units_followed`` again.
    """
    below = closure(pairs_from(predecessor_edges().subquery()), unit_ids)
    every = frozenset[int]().union(*below.values())
    above = closure(pairs_from(_upward().subquery()), every)
    return {
        unit_id: frozenset[int]().union(*(above[each] for each in former))
        for unit_id, former in below.items()
    }


def _upward() -> CompoundSelect[*tuple[Any, ...]]:
    parents = select(Unit.id.label("above"), Unit.parent_id.label("below")).where(
        Unit.parent_id.is_not(None)
    )
    later = select(UnitSuccession.old_id.label("above"), UnitSuccession.new_id.label("below"))
    return union_all(parents, later)
