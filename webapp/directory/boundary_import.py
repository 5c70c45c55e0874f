"""Importing surveyed areas in place of the approximate ones."""

from sqlalchemy import select

from geo.areas import Area
from geo.boundaries import BoundaryFeature, BoundaryFile
from geo.points import Point
from geo.sql import stored_area
from webapp.audit.operations import Subject, record
from webapp.core.actor import Actor
from webapp.core.search_text import fold
from webapp.core.text import Text, _
from webapp.core.unit_of_work import session
from webapp.directory.import_results import ImportProblem, ImportSummary, words_for
from webapp.directory.models import Unit, UnitArea
from webapp.directory.permissions import MANAGE


def import_boundaries(
    actor: Actor, file: BoundaryFile, *, code_system: str, dry_run: bool = False
) -> ImportSummary:
    """Store the area of every feature whose code the directory has in this code system.

    Features outside the served table are skipped and counted, whatever is wrong with them. Any
    other problem refuses the file: nothing is changed. Raises Forbidden.
    """
    actor.demand(MANAGE)
    units = {unit.code: unit for unit in _units(code_system)}
    ours = [feature for feature in file.features if feature.code in units]
    problems = [*_file_problems(file, units), *_row_problems(file, units)]
    read = _rows_read(file)
    if not problems and not ours:
        words = _("Tệp không có mã nào thuộc bộ mã %(system)s.", system=code_system)
        problems = [ImportProblem(None, None, words)]
    if problems:
        return ImportSummary(read, 0, 0, sorted(problems, key=lambda each: each.row or 0))
    if not dry_run:
        _store(ours, units)
        record(
            actor,
            "directory.import_boundaries",
            Subject("unit_area", None),
            by=MANAGE,
            system=code_system,
            imported=len(ours),
        )
    return ImportSummary(read, len(ours), read - len(ours))


def _units(code_system: str) -> list[Unit]:
    return list(session().scalars(select(Unit).where(Unit.code_system == code_system)))


def _file_problems(file: BoundaryFile, units: dict[str, Unit]) -> list[ImportProblem]:
    """What reading found, apart from rows that are not ours."""
    return [
        ImportProblem(found.row, found.code, words_for(found.message_code, found.params))
        for found in file.problems
        if found.code is None or found.code in units
    ]


def _row_problems(file: BoundaryFile, units: dict[str, Unit]) -> list[ImportProblem]:
    present = {feature.code for feature in file.features}
    absent = {fold(unit.name): unit for code, unit in units.items() if code not in present}
    found = ((feature, _wrong(feature, units, absent)) for feature in file.features)
    return [ImportProblem(feature.row, feature.code, words) for feature, words in found if words]


def _wrong(
    feature: BoundaryFeature, units: dict[str, Unit], absent: dict[str, Unit]
) -> Text | None:
    """Why the feature's code cannot be right; None when it is, or is of another area."""
    if feature.code is None:
        return _("Vùng này chưa có mã đơn vị.")
    unit = units.get(feature.code)
    if unit is not None and not _same_name(feature, unit):
        return _(
            "Mã %(code)s trong danh mục là %(known)s, trong tệp là %(given)s. "
            "Xin xem lại mã hoặc bộ mã.",
            code=feature.code,
            known=unit.name,
            given=feature.name,
        )
    meant = absent.get(fold(feature.name or "")) if unit is None else None
    if meant is not None and _lies_in(feature, meant):
        return _(
            "Danh mục không có mã %(code)s; %(name)s mang mã %(known)s.",
            code=feature.code,
            name=meant.name,
            known=meant.code,
        )
    return None


def _same_name(feature: BoundaryFeature, unit: Unit) -> bool:
    """Whether the file's name is one of the unit's, with or without its kind, or is missing."""
    return set(fold(feature.name or "").split()) <= set(unit.search_text.split())


def _lies_in(feature: BoundaryFeature, unit: Unit) -> bool:
    """Whether the feature holds the unit's own centre: then it can only be meant for it."""
    if unit.lon is None or unit.lat is None:
        return False
    return Area(unit.code, feature.geometry).contains(Point(unit.lon, unit.lat))


def _rows_read(file: BoundaryFile) -> int:
    rows: set[object] = {feature.row for feature in file.features}
    for problem in file.problems:
        rows |= {problem.row, problem.params.get("first_row")}
    return len(rows - {None})


def _store(features: list[BoundaryFeature], units: dict[str, Unit]) -> None:
    wanted = [units[feature.code].id for feature in features if feature.code]
    stored = select(UnitArea).where(UnitArea.unit_id.in_(wanted))
    areas = {area.unit_id: area for area in session().scalars(stored)}
    for feature in features:
        unit_id = units[feature.code or ""].id
        area = areas.get(unit_id)
        if area is None:
            area = UnitArea(unit_id=unit_id)
            session().add(area)
        area.approximate = False
        area.geom = stored_area(feature.geometry)
    session().flush()
