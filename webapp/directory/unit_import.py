"""Importing unit lists: units are added or their facts brought up to date, never removed."""

from collections.abc import Mapping

from sqlalchemy import select

from webapp.audit.operations import Subject, record
from webapp.core.actor import Actor
from webapp.core.search_text import fold
from webapp.core.text import Text, _
from webapp.core.unit_of_work import session
from webapp.directory.import_results import ImportProblem, ImportSummary
from webapp.directory.models import Unit, UnitSuccession
from webapp.directory.permissions import MANAGE
from webapp.directory.reference import english_name
from webapp.directory.served_units import CUT_OVER, UnitKey
from webapp.directory.unit_lists import UnitLine, UnitList

_ABOVE: Mapping[str, tuple[str, ...]] = {
    "province": (),
    "district": ("province",),
    "commune": ("province", "district"),
}
_ORDER = ("province", "district", "commune")


def import_units(actor: Actor, units: UnitList, *, dry_run: bool = False) -> ImportSummary:
    """Add the units of the list and correct those that are there, by (code system, code).

    ``skipped`` counts lines that change nothing. Any problem refuses the list: nothing is
    changed. Raises Forbidden.
    """
    actor.demand(MANAGE)
    stored = {
        UnitKey(unit.code_system, unit.code): unit for unit in session().scalars(select(Unit))
    }
    levels = {key: unit.kind for key, unit in stored.items()}
    levels |= {line.key: line.level for line in units.lines}
    problems = [*units.problems, *_misplaced(units.lines, levels)]
    if problems:
        return ImportSummary(units.read, 0, 0, sorted(problems, key=lambda each: each.row or 0))
    news = [line for line in units.lines if _is_news(line, stored)]
    if news and not dry_run:
        for line in sorted(news, key=lambda each: _ORDER.index(each.level)):
            _store(line, stored)
        _link(news, stored)
        record(
            actor, "directory.import_units", Subject("unit", None), by=MANAGE, imported=len(news)
        )
    return ImportSummary(units.read, len(news), units.read - len(news))


def _misplaced(lines: list[UnitLine], levels: Mapping[UnitKey, str]) -> list[ImportProblem]:
    found = ((line, _misplacement(line, levels)) for line in lines)
    return [ImportProblem(line.row, line.key.code, words) for line, words in found if words]


def _misplacement(line: UnitLine, levels: Mapping[UnitKey, str]) -> Text | None:
    allowed = _ABOVE[line.level]
    if line.parent is None:
        return _("Thiếu mã đơn vị cấp trên.") if allowed else None
    if line.parent not in levels:
        return _("Không có đơn vị cấp trên mang mã %(code)s.", code=line.parent.code)
    if levels[line.parent] not in allowed:
        return _("Đơn vị mang mã %(code)s không thể là cấp trên.", code=line.parent.code)
    if line.successor is not None and line.successor not in levels:
        return _("Không có đơn vị kế thừa mang mã %(code)s.", code=line.successor.code)
    return None


def _is_news(line: UnitLine, stored: Mapping[UnitKey, Unit]) -> bool:
    unit = stored.get(line.key)
    return unit is None or any(getattr(unit, name) != value for name, value in _facts(line).items())


def _facts(line: UnitLine) -> dict[str, object]:
    """The columns a line decides; what it leaves open stays as it is."""
    facts: dict[str, object] = {
        "name": line.full_name,
        "name_en": english_name(line.kind, line.name),
        "search_text": fold(f"{line.full_name} {line.also_spelled}"),
        "kind": line.level,
        "valid_from": line.valid_from,
        "valid_to": line.valid_to,
    }
    if line.centre is not None:
        facts |= {"lon": line.centre.lon, "lat": line.centre.lat}
    return facts


def _store(line: UnitLine, stored: dict[UnitKey, Unit]) -> None:
    unit = stored.get(line.key)
    if unit is None:
        unit = Unit(code_system=line.key.code_system, code=line.key.code)
        session().add(unit)
        stored[line.key] = unit
    for name, value in _facts(line).items():
        setattr(unit, name, value)
    unit.parent_id = stored[line.parent].id if line.parent else None
    session().flush()


def _link(lines: list[UnitLine], stored: Mapping[UnitKey, Unit]) -> None:
    pairs = session().execute(select(UnitSuccession.old_id, UnitSuccession.new_id))
    known = {(old, new) for old, new in pairs}
    for line in lines:
        if line.successor is None:
            continue
        pair = (stored[line.key].id, stored[line.successor].id)
        if pair not in known:
            begins = stored[line.successor].valid_from or CUT_OVER
            session().add(UnitSuccession(old_id=pair[0], new_id=pair[1], effective=begins))
