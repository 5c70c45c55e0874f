"""Schools and clinics of the demonstration: one of each where people live."""

from geo.points import Point
from webapp.core.actor import SYSTEM
from webapp.core.clock import today_local
from webapp.core.unit_of_work import write_unit
from webapp.directory.models import PLACE_KINDS
from webapp.directory.place_lists import KIND_WORDS, PlaceLine, PlaceList
from webapp.directory.places import import_places
from webapp.directory.queries import served_communes

_BESIDE = {"school": (0.004, 0.002), "clinic": (-0.003, -0.004)}
"""Degrees east and north of the middle of a commune: a few hundred metres."""


def make_places() -> None:
    """One school and one clinic in each commune; a second time nothing is added."""
    spots = [
        (unit.name, kind, Point(round(unit.lon + east, 5), round(unit.lat + north, 5)))
        for unit in served_communes(today_local())
        if unit.lon is not None and unit.lat is not None
        for kind in PLACE_KINDS
        for east, north in [_BESIDE[kind]]
    ]
    lines = [
        PlaceLine(row, kind, f"{KIND_WORDS[kind].source} {name} (thử)", point)
        for row, (name, kind, point) in enumerate(spots, start=1)
    ]
    with write_unit():
        import_places(SYSTEM, PlaceList(len(lines), lines, []))
