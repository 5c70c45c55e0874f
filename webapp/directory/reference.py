"""The shipped units as rows of the directory."""

from sqlalchemy import select

from webapp.core.search_text import fold
from webapp.core.unit_of_work import session
from webapp.directory.models import Unit, UnitSuccession
from webapp.directory.served_units import UnitKey, UnitRow, served_units, successions

_ENGLISH = {
    "Tỉnh": "province",
    "Thành phố": "city",
    "Thị xã": "town",
    "Huyện": "district",
    "Phường": "ward",
    "Thị trấn": "township",
    "Xã": "commune",
}


def load_units() -> None:
    """Insert the shipped units that are not there yet, with their parents and successors."""
    known = {UnitKey(unit.code_system, unit.code): unit for unit in session().scalars(select(Unit))}
    for row in served_units():
        if row.key not in known:
            known[row.key] = _unit(row, known)
    pairs = session().execute(select(UnitSuccession.old_id, UnitSuccession.new_id))
    present = {(old, new) for old, new in pairs}
    for pair in successions():
        old, new = known[pair.old].id, known[pair.new].id
        if (old, new) not in present:
            session().add(UnitSuccession(old_id=old, new_id=new, effective=pair.effective_on))


def _unit(row: UnitRow, known: dict[UnitKey, Unit]) -> Unit:
    unit = Unit(
        code_system=row.key.code_system,
        code=row.key.code,
        name=row.full_name,
        name_en=f"{fold(row.name).title()} {_ENGLISH[row.kind]}",
        search_text=fold(f"{row.full_name} {row.also_spelled}"),
        kind=row.level,
        parent_id=known[row.parent].id if row.parent else None,
        lon=row.lon,
        lat=row.lat,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )
    session().add(unit)
    session().flush()
    return unit
