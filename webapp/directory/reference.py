"""The shipped units, their approximate areas and organisations as rows of the directory.

Every loader inserts what is not there yet and leaves edited rows alone, so all may run again.
"""

from datetime import date
from typing import Any

from sqlalchemy import insert, select, update

from geo.areas import approximate_areas, merged_areas, outline_around
from geo.points import Point
from geo.sql import stored_area
from webapp.core.base import Base
from webapp.core.search_text import fold
from webapp.core.unit_of_work import session
from webapp.core.working_days import default_holidays, default_working_swaps
from webapp.directory.models import (
    CalendarDay,
    FocalPoint,
    Organisation,
    Unit,
    UnitArea,
    UnitSuccession,
)
from webapp.directory.organisation_rows import Identity, OrganisationRow, organisation_rows
from webapp.directory.served_units import (
    NEW_SYSTEM,
    UnitKey,
    UnitRow,
    served_units,
    successions,
)

OUTLINE_MARGIN_M = 7_000  # holds 98 in 100 places of the served communes, little of the neighbours
CALENDAR_YEARS = range(2024, 2028)
_LETTERHEAD = ("letter_parent", "letter_name")

_ENGLISH = {
    "Tỉnh": "province",
    "Thành phố": "city",
    "Thị xã": "town",
    "Huyện": "district",
    "Phường": "ward",
    "Thị trấn": "township",
    "Xã": "commune",
}


def load_directory() -> None:
    """Units, successors, approximate areas, organisations with inboxes, and the calendar."""
    ids = _load_units()
    _load_successions(ids)
    _load_areas(ids)
    _load_organisations(ids)
    _load_calendar()


def english_name(kind: str, name: str) -> str:
    """The name of a unit in English: "Muong Phang commune"."""
    return f"{fold(name).title()} {_ENGLISH[kind]}"


def _unit_ids() -> dict[UnitKey, int]:
    rows = session().execute(select(Unit.code_system, Unit.code, Unit.id))
    return {UnitKey(system, code): unit_id for system, code, unit_id in rows}


def _load_units() -> dict[UnitKey, int]:
    ids = _unit_ids()
    missing = [row for row in served_units() if row.key not in ids]
    for level in ("province", "district", "commune"):
        _insert(Unit, [_unit(row, ids) for row in missing if row.level == level])
        ids = _unit_ids() if missing else ids
    return ids


def _unit(row: UnitRow, ids: dict[UnitKey, int]) -> dict[str, Any]:
    return {
        "code_system": row.key.code_system,
        "code": row.key.code,
        "name": row.full_name,
        "name_en": english_name(row.kind, row.name),
        "search_text": fold(f"{row.full_name} {row.also_spelled}"),
        "kind": row.level,
        "parent_id": ids[row.parent] if row.parent else None,
        "lon": row.lon,
        "lat": row.lat,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
    }


def _load_successions(ids: dict[UnitKey, int]) -> None:
    pairs = session().execute(select(UnitSuccession.old_id, UnitSuccession.new_id))
    present = {(old, new) for old, new in pairs}
    rows = [(ids[pair.old], ids[pair.new], pair.effective_on) for pair in successions()]
    _insert(
        UnitSuccession,
        [
            {"old_id": old, "new_id": new, "effective": effective}
            for old, new, effective in rows
            if (old, new) not in present
        ],
    )


def _load_areas(ids: dict[UnitKey, int]) -> None:
    """Stand-ins for communes whose area nobody imported: see ``derived_areas``."""
    present = set(session().scalars(select(UnitArea.unit_id)))
    new = {row.successor for row in served_units() if row.level == "commune" and row.successor}
    missing = {key for key in new if ids[key] not in present}
    if not missing:
        return
    _insert(
        UnitArea,
        [
            {"unit_id": ids[key], "approximate": True, "geom": stored_area(shape)}
            for key, shape in _derived_areas().items()
            if key in missing
        ],
    )


def _derived_areas() -> dict[UnitKey, Any]:
    """Areas of communes in force: the ground nearest to the centre of an old commune they took in.

    Old centres are three times as many as new ones, so the borders come out closer.
    """
    rows = [row for row in served_units() if row.level == "commune"]
    places = [Point(row.lon, row.lat) for row in rows]
    old = {row.key.code: row for row in rows if row.successor}
    centres = {code: Point(row.lon, row.lat) for code, row in old.items()}
    shares = approximate_areas(centres, outline_around(places, OUTLINE_MARGIN_M))
    system = next(row.successor.code_system for row in old.values() if row.successor)
    successors = {code: row.successor.code for code, row in old.items() if row.successor}
    return {UnitKey(system, code): area for code, area in merged_areas(shares, successors).items()}


def _load_organisations(ids: dict[UnitKey, int]) -> None:
    _break_letterheads(ids)
    before = _organisation_ids()
    gone = _ended_since()
    rows = [
        row
        for row in organisation_rows()
        if row.identity(ids) not in before and ids[row.unit.key] not in gone
    ]
    if not rows:
        return
    _insert(Organisation, [row.values(ids) for row in rows])
    stored = _organisation_ids()
    inboxes = [
        box | {"organisation_id": stored[row.identity(ids)]}
        for row in rows
        for box in row.inboxes()
    ]
    _insert(FocalPoint, inboxes)
    _link_successors(rows, ids, stored)


def _break_letterheads(ids: dict[UnitKey, int]) -> None:
    """Stored letterheads with the shipped words take the shipped line breaks; others stay."""
    shipped = {row.identity(ids): row.values(ids) for row in organisation_rows()}
    query = select(
        Organisation.unit_id,
        Organisation.kind,
        Organisation.valid_from,
        Organisation.id,
        *(getattr(Organisation, name) for name in _LETTERHEAD),
    )
    changed = []
    for unit_id, kind, begin, key, *stored in session().execute(query):
        values = shipped.get(Identity(unit_id, kind, begin), {})
        lines = [values.get(name, "") for name in _LETTERHEAD]
        if lines != stored and [each.split() for each in lines] == [
            each.split() for each in stored
        ]:
            changed.append({"id": key} | dict(zip(_LETTERHEAD, lines, strict=True)))
    if changed:
        session().execute(update(Organisation), changed)


def _ended_since() -> set[int]:
    """Units of the shipped list that a later merger ended: their bodies went elsewhere."""
    ended = select(Unit.id).where(
        Unit.code_system == NEW_SYSTEM, Unit.kind == "commune", Unit.valid_to.is_not(None)
    )
    return set(session().scalars(ended))


def _link_successors(
    rows: list[OrganisationRow], ids: dict[UnitKey, int], stored: dict[Identity, int]
) -> None:
    """Point every ended organisation to the one of the same function that follows it."""
    beginning = {(row.template.code, row.unit.key, row.valid_from): row for row in rows}
    links = []
    for row in rows:
        for start in row.next_starts():
            if follower := beginning.get(start):
                old, new = stored[row.identity(ids)], stored[follower.identity(ids)]
                links.append({"id": old, "successor_id": new})
    if links:
        session().execute(update(Organisation), links)


def _organisation_ids() -> dict[Identity, int]:
    rows = session().execute(
        select(Organisation.unit_id, Organisation.kind, Organisation.valid_from, Organisation.id)
    )
    return {Identity(unit_id, kind, begin): key for unit_id, kind, begin, key in rows}


def _load_calendar() -> None:
    """Public holidays and swapped days of the years around, where nobody edited a day yet."""
    proposed: dict[date, tuple[bool, str]] = {}
    for year in CALENDAR_YEARS:
        proposed |= {day: (False, name) for day, name in default_holidays(year).items()}
        proposed |= {day: (True, name) for day, name in default_working_swaps(year).items()}
    present = set(session().scalars(select(CalendarDay.day)))
    _insert(
        CalendarDay,
        [
            {"day": day, "works": works, "name": name}
            for day, (works, name) in proposed.items()
            if day not in present
        ],
    )


def _insert(model: type[Base], rows: list[dict[str, Any]]) -> None:
    if rows:
        session().execute(insert(model), rows)
