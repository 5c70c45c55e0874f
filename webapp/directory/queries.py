"""Units, places, organisations, dated settings and the calendar. All of it is public data."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Date,
    Select,
    bindparam,
    func,
    select,
    union_all,
)

from geo.areas import Area
from geo.points import Point, box_around, distance_m
from geo.sql import area_from, contains_point, within_box
from webapp.core.errors import NotFound
from webapp.core.prepared import Prepared
from webapp.core.search_text import fold
from webapp.core.unit_of_work import session
from webapp.core.working_days import Calendar
from webapp.directory.models import (
    CalendarDay,
    DatedSetting,
    FocalPoint,
    Organisation,
    Unit,
    UnitArea,
    UnitSuccession,
)
from webapp.directory.served_units import CUT_OVER
from webapp.directory.unit_graph import (
    children_edges,
    closure,
    pairs_from,
    predecessor_edges,
    taking_over,
)
from webapp.directory.validity import valid_on

TOLERANCE_M = 2_000
APPROXIMATE_TOLERANCE_M = 10_000
ACCURACY_LIMIT_M = 50_000  # a coarser reading tells nothing about the commune
GROUP_KINDS = ("group", "front_area", "waste_operator")
SEARCH_LIMIT = 20
_DAY: Any = CalendarDay.__table__  # of which rows are read, no objects
_CALENDAR = Prepared(select(_DAY.c.day, _DAY.c.works))


@dataclass(frozen=True)
class UnitMatch:
    """The commune of a place.

    ``doubtful``: the place lies ``distance_m`` outside every area, shown as "chưa chắc địa bàn";
    ``approximate``: the area was derived from points, not surveyed.
    """

    unit: Unit
    doubtful: bool
    distance_m: float
    approximate: bool


def unit(unit_id: int) -> Unit:
    """The unit with this id. Raises NotFound."""
    found = session().get(Unit, unit_id)
    if found is None:
        raise NotFound
    return found


def middle_of(unit_id: int) -> tuple[float, float] | None:
    """Longitude and latitude (WGS84 degrees) of the middle of a unit, None where it is unknown."""
    for lon, lat in _middle_query().rows({"unit": unit_id}):
        return None if lon is None or lat is None else (lon, lat)
    return None


@cache
def _middle_query() -> Prepared:
    by_id = Unit.id == bindparam("unit", type_=BigInteger())
    return Prepared(select(Unit.lon, Unit.lat).where(by_id))


def unit_by_key(code_system: str, code: str) -> Unit | None:
    """The unit with this key; a code alone names another place in the other system."""
    by_key = select(Unit).where(Unit.code_system == code_system, Unit.code == code)
    return session().scalar(by_key)


def unit_asked(key: str) -> Unit | None:
    """The unit of a key as addresses carry it, ``<code system>:<code>``."""
    system, _colon, code = key.partition(":")
    return unit_by_key(system, code)


def served_communes(on: date) -> list[Unit]:
    """The communes in force on that day, by province, then code."""
    return list(session().scalars(_in_force("commune", on)))


class NamedCommune(NamedTuple):
    """A commune with its province's name, for lists to choose from."""

    id: int
    code_system: str
    code: str
    name: str
    name_en: str
    province: str
    province_en: str

    def in_language(self, language: str) -> str:
        """Its own name."""
        return self.name_en if language == "en" else self.name

    def province_in_language(self, language: str) -> str:
        """Its province's name, empty for a commune in none."""
        return self.province_en if language == "en" else self.province


def named_communes(on: date) -> list[NamedCommune]:
    """The communes in force on that day, by province, then code; names only, one statement."""
    return list(map(NamedCommune._make, _named_query().rows({"on": on})))


@cache
def _named_query() -> Prepared:
    unit: Any = Unit.__table__
    province = unit.alias("province")
    names = (func.coalesce(each, "") for each in (province.c.name, province.c.name_en))
    return Prepared(
        select(unit.c.id, unit.c.code_system, unit.c.code, unit.c.name, unit.c.name_en, *names)
        .select_from(unit.outerjoin(province, province.c.id == unit.c.parent_id))
        .where(unit.c.kind == "commune", valid_on(unit.c, bindparam("on", type_=Date())))
        .order_by(unit.c.parent_id, unit.c.code)
    )


def served_provinces(on: date) -> list[Unit]:
    """The provinces in force on that day, by code."""
    return list(session().scalars(_in_force("province", on)))


def province_of(place: Unit) -> Unit:
    """The province a unit lies in, itself when it is one."""
    while place.kind != "province" and place.parent is not None:
        place = place.parent
    return place


def units_below(unit_id: int) -> frozenset[int]:
    """The unit itself and every unit below it in the same structure."""
    return closure(pairs_from(children_edges().subquery()), [unit_id])[unit_id]


def units_held(unit_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """For each unit: itself, all below it, and all that these took the place of.

    Who is in charge of a unit now also answers for what was left open in its predecessors.
    """
    return closure(_held_query(), unit_ids)


def unit_at(point: Point, on: date, accuracy_m: float | None = None) -> UnitMatch | None:
    """The commune that holds the place on that day; on a border the smaller code.

    Outside every area the nearest one, as far as the larger of ``accuracy_m`` and 2 km, 10 km
    while areas are approximate; farther out None (workflow: border reports). Before the cut-over
    of 2025-07-01 it is the old unit of the present one, unless old areas were imported.
    """
    inside = _holding(point, on)
    if inside is not None:
        return inside
    if on < CUT_OVER:
        return _before_cut_over(point, accuracy_m)
    return _nearest(point, on, min(accuracy_m or 0, ACCURACY_LIMIT_M))


def old_unit_of(point: Point, unit: Unit) -> Unit | None:
    """The predecessor of the unit whose centre is nearest to the place; always approximate."""
    centred = [
        (distance_m(point, Point(old.lon, old.lat)), old.code, old)
        for old in predecessors(unit)
        if old.lon is not None and old.lat is not None
    ]
    return min(centred, key=lambda each: each[:2], default=(0.0, "", None))[2]


def predecessors(place: Unit) -> list[Unit]:
    """The units that this one took the place of, by code."""
    replaced = select(UnitSuccession.old_id).where(UnitSuccession.new_id == place.id)
    return list(session().scalars(select(Unit).where(Unit.id.in_(replaced)).order_by(Unit.code)))


def predecessors_of_all(units: Iterable[Unit]) -> dict[int, list[Unit]]:
    """For each unit those that it took the place of, by code, in one statement."""
    query = (
        select(UnitSuccession.new_id, Unit)
        .join(Unit, Unit.id == UnitSuccession.old_id)
        .where(UnitSuccession.new_id.in_([unit.id for unit in units]))
    )
    found: dict[int, list[Unit]] = {}
    for new_id, old in session().execute(query.order_by(Unit.code)):
        found.setdefault(new_id, []).append(old)
    return found


def successors(place: Unit) -> list[Unit]:
    """The units that took this one's place, by code; none for a unit in force."""
    taken = select(UnitSuccession.new_id).where(UnitSuccession.old_id == place.id)
    return list(session().scalars(select(Unit).where(Unit.id.in_(taken)).order_by(Unit.code)))


def search_units(words: str, on: date) -> list[Unit]:
    """Communes in force whose name, kind or other spelling holds all the words, marks apart.

    Words that belong to a unit that ended find the unit that took its place.
    """
    folded = fold(words).split()
    if not folded:
        return []
    hits = select(Unit.id).where(
        Unit.kind == "commune", *(Unit.search_text.contains(w, autoescape=True) for w in folded)
    )
    found = _in_force("commune", on).where(Unit.id.in_(hits) | Unit.id.in_(taking_over(hits)))
    ranked = found.order_by(None).order_by(Unit.id.in_(hits).desc(), Unit.code).limit(SEARCH_LIMIT)
    return list(session().scalars(ranked))


def organisation(organisation_id: int) -> Organisation:
    """The organisation with this id. Raises NotFound."""
    found = session().get(Organisation, organisation_id)
    if found is None:
        raise NotFound
    return found


def organisation_of(unit_id: int, kind: str, on: date) -> Organisation | None:
    """The unit's own organisation of this kind in force on that day."""
    asked = {"unit_id": unit_id, "on": on, "kind": kind}
    return session().scalars(_organisation_query(), asked).first()


def front_of(unit_id: int, on: date) -> Organisation | None:
    """The Front committee of the unit."""
    return organisation_of(unit_id, "front", on)


def peoples_committee_of(unit_id: int, on: date) -> Organisation | None:
    """The People's Committee of the unit."""
    return organisation_of(unit_id, "peoples_committee", on)


def env_office_of(unit_id: int, on: date) -> Organisation | None:
    """The environment office of the unit: of the commune, or the province's department."""
    return organisation_of(unit_id, "env_office", on)


def groups_of(unit_id: int, on: date) -> list[Organisation]:
    """Self-managed groups, area committees and waste operators of the unit, by kind and name."""
    groups = _organisations(unit_id, on).where(Organisation.kind.in_(GROUP_KINDS))
    return list(session().scalars(groups))


def inboxes_of(organisation_id: int, on: date) -> list[FocalPoint]:
    """The focal unit and the substitute in force on that day, the focal unit first (S1-IV.2)."""
    inboxes = select(FocalPoint).where(
        FocalPoint.organisation_id == organisation_id, valid_on(FocalPoint, on)
    )
    return list(session().scalars(inboxes.order_by(FocalPoint.substitute, FocalPoint.id)))


def organisations_in(unit_id: int) -> list[Organisation]:
    """Every organisation the unit has or had, those in force first."""
    found = select(Organisation).where(Organisation.unit_id == unit_id)
    return list(
        session().scalars(
            found.order_by(
                Organisation.valid_to.is_not(None), Organisation.kind, Organisation.valid_from
            )
        )
    )


def setting(key: str, on: date) -> str | None:
    """The value of a dated setting on that day, None when nothing is set yet."""
    rows = select(DatedSetting.value).where(DatedSetting.key == key, DatedSetting.valid_from <= on)
    return session().scalar(rows.order_by(DatedSetting.valid_from.desc()).limit(1))


def calendar_days(year: int) -> list[CalendarDay]:
    """The days of a year that do not follow the week, in order."""
    days = select(CalendarDay).where(
        CalendarDay.day >= date(year, 1, 1), CalendarDay.day <= date(year, 12, 31)
    )
    return list(session().scalars(days.order_by(CalendarDay.day)))


def working_calendar() -> Calendar:
    """The calendar as edited: days off and the weekend days worked in exchange."""
    days = _CALENDAR.rows()
    return Calendar(
        holidays=frozenset(day for day, works in days if not works),
        working_swaps=frozenset(day for day, works in days if works),
    )


@cache
def _held_query() -> Select[Any]:
    return pairs_from(union_all(children_edges(), predecessor_edges()).subquery())


def _in_force(kind: str, on: date) -> Select[Unit]:
    communes = select(Unit).where(Unit.kind == kind, valid_on(Unit, on))
    return communes.order_by(Unit.parent_id, Unit.code)


def _organisations(
    unit_id: int | BindParameter[int], on: date | BindParameter[date]
) -> Select[Organisation]:
    found = select(Organisation).where(Organisation.unit_id == unit_id, valid_on(Organisation, on))
    return found.order_by(Organisation.kind, Organisation.name, Organisation.id)


@cache
def _organisation_query() -> Select[Organisation]:
    """Built once, as the next one: building them takes four times as long as asking."""
    found = _organisations(bindparam("unit_id", type_=BigInteger()), bindparam("on", type_=Date()))
    return found.where(Organisation.kind == bindparam("kind")).limit(1)


@cache
def _holding_query() -> Select[Unit, bool]:
    areas = (
        select(Unit, UnitArea.approximate)
        .join(UnitArea, UnitArea.unit_id == Unit.id)
        .where(
            contains_point(UnitArea.geom),
            Unit.kind == "commune",
            valid_on(Unit, bindparam("on", type_=Date())),
        )
    )
    return areas.order_by(UnitArea.approximate, Unit.code).limit(1)  # surveyed first


def _holding(point: Point, on: date) -> UnitMatch | None:
    asked = {"lon": point.lon, "lat": point.lat, "on": on}
    row = session().execute(_holding_query(), asked).first()
    return UnitMatch(row.Unit, False, 0.0, row.approximate) if row else None


def _before_cut_over(point: Point, accuracy_m: float | None) -> UnitMatch | None:
    present = unit_at(point, CUT_OVER, accuracy_m)
    old = old_unit_of(point, present.unit) if present else None
    if present is None or old is None:
        return None
    return UnitMatch(old, present.doubtful, present.distance_m, approximate=True)


def _nearest(point: Point, on: date, accuracy_m: float) -> UnitMatch | None:
    reach = max(accuracy_m, APPROXIMATE_TOLERANCE_M)
    areas = (
        select(Unit, UnitArea.approximate, UnitArea.geom)
        .join(UnitArea, UnitArea.unit_id == Unit.id)
        .where(
            # A box suffices here: the metres are counted once, below.
            within_box(UnitArea.geom, box_around(point, reach)),
            Unit.kind == "commune",
            valid_on(Unit, on),
        )
    )
    near = []
    for unit, approximate, geom in session().execute(areas):
        metres = Area(unit.code, area_from(geom)).distance_outside_m(point)
        tolerance = APPROXIMATE_TOLERANCE_M if approximate else TOLERANCE_M
        if metres <= max(accuracy_m, tolerance):
            near.append((metres, unit.code, UnitMatch(unit, True, metres, approximate)))
    return min(near, key=lambda each: each[:2], default=(0.0, "", None))[2]
