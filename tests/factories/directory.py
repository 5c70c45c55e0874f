"""Units and organisations of the reference data, and new ones."""

from datetime import date

from webapp.core.search_text import fold
from webapp.core.unit_of_work import session
from webapp.directory import queries
from webapp.directory.models import Organisation, Unit
from webapp.directory.served_units import NEW_SYSTEM

TODAY = date(2026, 3, 2)
MUONG_PHANG = "03325"
NA_TAU = "03316"
DIEN_BIEN = "11"
THAI_NGUYEN = "19"


def a_unit(code: str = MUONG_PHANG, system: str = NEW_SYSTEM) -> Unit:
    """A unit of the reference data; Xã Mường Phăng unless told otherwise."""
    found = queries.unit_by_key(system, code)
    assert found is not None, (system, code)
    return found


def an_organisation(kind: str = "front", *, unit: Unit | None = None) -> Organisation:
    """The organisation of this kind in a unit; the Front of Xã Mường Phăng by default."""
    found = queries.organisation_of((unit or a_unit()).id, kind, TODAY)
    assert found is not None, kind
    return found


def make_unit(code: str = "99001", *, name: str = "Xã Thử Nghiệm", **changes: object) -> Unit:
    """A new commune of Điện Biên."""
    values = {
        "code_system": NEW_SYSTEM,
        "code": code,
        "name": name,
        "name_en": "Thu Nghiem commune",
        "search_text": fold(name),
        "kind": "commune",
        "parent_id": a_unit(DIEN_BIEN).id,
        "valid_from": date(2025, 7, 1),
    }
    unit = Unit(**values | changes)
    session().add(unit)
    session().flush()
    return unit
