"""Which unit and which committee a seeded case belongs to, before and after the cut-over."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from webapp.core.clock import local
from webapp.core.unit_of_work import session
from webapp.directory.models import Organisation, Unit, UnitSuccession
from webapp.directory.served_units import CUT_OVER, OLD_SYSTEM


@dataclass(frozen=True)
class Bodies:
    """A unit with the bodies that a case in it names."""

    unit: Unit
    front_id: int
    office_id: int | None


class Directory:
    """Units and bodies, read once."""

    def __init__(self) -> None:
        units = {unit.id: unit for unit in session().scalars(select(Unit))}
        pairs = session().execute(select(UnitSuccession.old_id, UnitSuccession.new_id))
        self._successor = {old: units[new] for old, new in pairs}
        self._bodies: dict[tuple[int, str], int] = {}
        for body in session().scalars(select(Organisation).order_by(Organisation.valid_from)):
            self._bodies[body.unit_id, body.kind] = body.id
        self.old_communes = sorted(
            (
                unit
                for unit in units.values()
                if unit.code_system == OLD_SYSTEM and unit.kind == "commune"
            ),
            key=lambda unit: unit.code,
        )

    def bodies(self, old: Unit, received: datetime, *, still_open: bool) -> Bodies:
        """The unit in charge: what is open after the cut-over has moved to the successor."""
        before = local(received).date() < CUT_OVER and not still_open
        unit = old if before and (old.id, "front") in self._bodies else self._successor[old.id]
        return Bodies(
            unit,
            self._bodies[unit.id, "front"],
            self._bodies.get((unit.id, "env_office")),
        )
