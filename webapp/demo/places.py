"""Schools and clinics of the demonstration: one of each where people live."""

from sqlalchemy import select

from geo.points import Point
from webapp.core.actor import SYSTEM
from webapp.core.unit_of_work import session, write_unit
from webapp.directory.models import PLACE_KINDS, Unit
from webapp.directory.place_lists import KIND_WORDS, PlaceLine, PlaceList
from webapp.directory.places import import_places
from webapp.directory.served_units import OLD_SYSTEM

_BESIDE = {"school": (0.002, 0.001), "clinic": (-0.001, -0.003)}
"""Degrees east and north of the middle of a settlement: a few hundred metres."""


def make_places() -> None:
    """One school and one clinic in the middle of each former commune, where people live."""
    settled = select(Unit).where(Unit.code_system == OLD_SYSTEM, Unit.kind == "commune")
    spots = [
        (unit.name, kind, Point(round(unit.lon + east, 5), round(unit.lat + north, 5)))
        for unit in session().scalars(settled.order_by(Unit.code))
        if unit.lon is not None and unit.lat is not None
        for kind in PLACE_KINDS
        for east, north in [_BESIDE[kind]]
    ]
    lines = [
        PlaceLine(row, kind, f"{KIND_WORDS[kind].source} ở {_lower(name)} (thử)", point)
        for row, (name, kind, point) in enumerate(spots, start=1)
    ]
    with write_unit():
        import_places(SYSTEM, PlaceList(len(lines), lines, []))


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]
