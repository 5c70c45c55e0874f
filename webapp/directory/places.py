"""Schools and clinics: which lie near a point, which there are, taking them in and out."""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from sqlalchemy import Float, bindparam, func, select

from geo.points import Point, box_around, distance_m
from webapp.audit.operations import Subject, record
from webapp.core.actor import Actor
from webapp.core.errors import NotFound
from webapp.core.events import announce
from webapp.core.prepared import Prepared
from webapp.core.search_text import fold
from webapp.core.unit_of_work import session
from webapp.directory.events import PlacesChanged
from webapp.directory.import_results import ImportProblem
from webapp.directory.models import SensitivePlace
from webapp.directory.permissions import MANAGE
from webapp.directory.place_lists import PlaceLine, PlaceList

PAGE: Final = 100
_KIND: Final = "sensitive_place"


def nearest_kind(point: Point, within_m: int) -> str | None:
    """The kind of the nearest school or clinic at most so many metres away; None without one."""
    box = box_around(point, within_m)
    sides = {"west": box.west, "east": box.east, "south": box.south, "north": box.north}
    around = (
        (distance_m(point, Point(lon, lat)), kind) for kind, lon, lat in _around().rows(sides)
    )
    return min((each for each in around if each[0] <= within_m), default=(0.0, None))[1]


@cache
def _around() -> Prepared:
    def side(name: str) -> Any:
        return bindparam(name, type_=Float())

    return Prepared(
        select(SensitivePlace.kind, SensitivePlace.lon, SensitivePlace.lat).where(
            SensitivePlace.lat.between(side("south"), side("north")),
            SensitivePlace.lon.between(side("west"), side("east")),
        )
    )


def how_many_places() -> dict[str, int]:
    """How many there are of each kind that there is any of."""
    counted = select(SensitivePlace.kind, func.count()).group_by(SensitivePlace.kind)
    return {kind: number for kind, number in session().execute(counted)}


def every_place() -> list[SensitivePlace]:
    """All of them, by kind and name."""
    query = select(SensitivePlace).order_by(SensitivePlace.kind.desc(), SensitivePlace.name)
    return list(session().scalars(query))


def find_places(words: str, *, after: int = 0) -> list[SensitivePlace]:
    """At most PAGE + 1 places by id, after one, whose name holds the words."""
    query = select(SensitivePlace).where(SensitivePlace.id > after)
    if words:
        query = query.where(SensitivePlace.search_text.contains(fold(words), autoescape=True))
    return list(session().scalars(query.order_by(SensitivePlace.id).limit(PAGE + 1)))


@dataclass(frozen=True)
class PlacesTaken:
    """What a list did: rows read, places added or renamed, places taken out.

    With any problem nothing was changed.
    """

    read: int
    stored: int
    removed: int
    problems: list[ImportProblem]


def import_places(actor: Actor, places: PlaceList, *, replace: bool = False) -> PlacesTaken:
    """Add the places of the list and rename those that are there, by kind and point.

    ``replace`` takes out every place that the list does not have. Raises Forbidden.
    """
    actor.demand(MANAGE)
    if places.problems:
        return PlacesTaken(places.read, 0, 0, places.problems)
    known = {
        (each.kind, each.lon, each.lat): each for each in session().scalars(select(SensitivePlace))
    }
    gone = [known[key] for key in known.keys() - set(map(_key, places.lines))] if replace else []
    stored = [line for line in places.lines if _store(line, known.get(_key(line)))]
    for place in gone:
        session().delete(place)
    if stored or gone:
        record(
            actor,
            "directory.import_places",
            Subject(_KIND, None),
            by=MANAGE,
            stored=len(stored),
            removed=len(gone),
        )
        announce(PlacesChanged())
    return PlacesTaken(places.read, len(stored), len(gone), [])


def remove_place(actor: Actor, place_id: int) -> None:
    """Take a place out of the list. Raises Forbidden and NotFound."""
    actor.demand(MANAGE)
    place = session().get(SensitivePlace, place_id)
    if place is None:
        raise NotFound
    session().delete(place)
    subject = Subject(_KIND, place_id)
    record(actor, "directory.remove_place", subject, by=MANAGE, kind=place.kind, name=place.name)
    announce(PlacesChanged())


def _key(line: PlaceLine) -> tuple[str, float, float]:
    return line.kind, line.point.lon, line.point.lat


def _store(line: PlaceLine, place: SensitivePlace | None) -> bool:
    """Whether the line was news."""
    if place is not None and place.name == line.name:
        return False
    if place is None:
        place = SensitivePlace(kind=line.kind, lon=line.point.lon, lat=line.point.lat)
        session().add(place)
    place.name, place.search_text = line.name, fold(line.name)
    return True
