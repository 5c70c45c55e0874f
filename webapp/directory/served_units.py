"""The units that are served: two provinces before and after 2025-07-01, facts only.

Sources: public unit lists of 2021 and 2025, two agreeing lists of what went into what. Names of
old communes follow the lists printed with the merger; another spelling in use is kept beside it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final, NamedTuple

from webapp.core.data_files import DataFileError, Row, csv_rows, refuse_repeats

OLD_SYSTEM: Final = "gso-2021"
NEW_SYSTEM: Final = "gso-2025"
CUT_OVER: Final = date(2025, 7, 1)

_FILE: Final = "units.csv"
LEVELS: Final = {
    "Tỉnh": "province",
    "Thành phố": "district",
    "Thị xã": "district",
    "Huyện": "district",
    "Phường": "commune",
    "Thị trấn": "commune",
    "Xã": "commune",
}
_PARENT_LEVELS: Final = {
    (OLD_SYSTEM, "province"): None,
    (OLD_SYSTEM, "district"): "province",
    (OLD_SYSTEM, "commune"): "district",
    (NEW_SYSTEM, "province"): None,
    (NEW_SYSTEM, "commune"): "province",
}


class UnitKey(NamedTuple):
    """What identifies a unit: the same code means another place in the other system."""

    code_system: str
    code: str


@dataclass(frozen=True)
class UnitRow:
    """One unit as it ships.

    ``name`` is without its kind; ``lon``/``lat`` is a point inside or near it, 3 decimals (about
    100 m); ``valid_from`` of an old unit is the first day of the 2021 list, not the day it was
    founded; ``valid_to`` is the last day; ``successor`` is the one unit that took it in, None for
    old districts, which were divided, and for units in force; ``area_km2`` is known for communes
    in force.
    """

    key: UnitKey
    level: str
    kind: str
    name: str
    parent: UnitKey | None
    lon: float
    lat: float
    valid_from: date
    valid_to: date | None
    successor: UnitKey | None
    area_km2: float | None
    also_spelled: str

    @property
    def full_name(self) -> str:
        """Kind and name, as on a letterhead: "Xã Mường Phăng"."""
        return f"{self.kind} {self.name}"

    def in_force(self, on: date) -> bool:
        """Whether the unit exists on that day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


class Succession(NamedTuple):
    """An old unit, the unit that took it in, and the first day of that."""

    old: UnitKey
    new: UnitKey
    effective_on: date


@cache
def served_units() -> tuple[UnitRow, ...]:
    """All units, parents before children. Raises DataFileError when the table is not sound."""
    units = tuple(_unit(row) for row in csv_rows(__package__, _FILE))
    _check(units)
    return units


@cache
def successions() -> tuple[Succession, ...]:
    """What went into what on the cut-over, provinces and communes."""
    return tuple(
        Succession(unit.key, unit.successor, CUT_OVER) for unit in served_units() if unit.successor
    )


def _unit(row: Row) -> UnitRow:
    system, kind = row.text("system"), row.text("kind")
    if kind not in LEVELS:
        raise DataFileError(f"{row.place}: unknown kind {kind}")
    unit = UnitRow(
        key=UnitKey(system, row.text("code")),
        level=LEVELS[kind],
        kind=kind,
        name=row.text("name"),
        parent=UnitKey(system, row.text("parent")) if row.has("parent") else None,
        lon=row.decimal("lon"),
        lat=row.decimal("lat"),
        valid_from=row.required_day("valid_from"),
        valid_to=row.day("valid_to"),
        successor=UnitKey(NEW_SYSTEM, row.text("successor")) if row.has("successor") else None,
        area_km2=row.decimal("area_km2") if row.has("area_km2") else None,
        also_spelled=row.text("also_spelled", ""),
    )
    return unit


def _check(units: Iterable[UnitRow]) -> None:
    units = tuple(units)
    refuse_repeats(_FILE, (unit.key for unit in units))
    by_key: dict[UnitKey, UnitRow] = {}
    for unit in units:
        _check_parent(unit, by_key)
        by_key[unit.key] = unit
    for unit in units:
        successor = by_key.get(unit.successor) if unit.successor else None
        if unit.successor and (successor is None or successor.level != unit.level):
            raise DataFileError(f"{_FILE}: {unit.key} has no successor of its own level")


def _check_parent(unit: UnitRow, before: dict[UnitKey, UnitRow]) -> None:
    place = (unit.key.code_system, unit.level)
    if place not in _PARENT_LEVELS:
        raise DataFileError(f"{_FILE}: {unit.key} cannot be a {unit.level}")
    parent = before.get(unit.parent) if unit.parent else None
    if (parent.level if parent else None) != _PARENT_LEVELS[place]:
        raise DataFileError(f"{_FILE}: {unit.key} has no parent of the right level before it")
