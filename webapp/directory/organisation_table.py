"""The bodies a unit has, by date: templates from which the directory is filled."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from webapp.core.bilingual import Bilingual
from webapp.core.data_files import DataFileError, Row, refuse_repeats, toml_table
from webapp.directory.served_units import UnitRow

_FILE: Final = "organisations.toml"
_LEVELS: Final = ("commune", "district", "province")


@dataclass(frozen=True)
class OrganisationKind:
    """A body every unit of a level has, while it is valid.

    ``code`` is its function ("env_commune"), the same before and after a reform; ``kind`` the kind
    of organisation it becomes. ``unit_kinds`` is empty when it exists in units of every kind.
    ``pairs_with`` are the functions of the same level it works with as equals (S1-I.1c).
    ``in_area`` bodies belong to a village or block; their name needs it.
    """

    code: str
    kind: str
    level: str
    unit_kinds: tuple[str, ...]
    name: Bilingual
    valid_from: date
    valid_to: date | None
    pairs_with: tuple[str, ...]
    in_area: bool
    signs_in: bool
    letter_parent: str
    letter_name: str
    notation: str

    def exists_in(self, unit: UnitRow, on: date) -> bool:
        """Whether that unit has this body on that day; False on days the unit does not exist."""
        return (
            self.level == unit.level
            and (not self.unit_kinds or unit.kind in self.unit_kinds)
            and self.valid_from <= on
            and (self.valid_to is None or on <= self.valid_to)
            and unit.in_force(on)
        )

    def named(self, unit: UnitRow, area: str = "") -> Bilingual:
        """Its name in that unit. Raises ValueError when it needs an area and gets none."""
        if self.in_area and not area:
            raise ValueError(f"{self.code} needs a village or block")
        return Bilingual(_fill(self.name.vi, unit, area), _fill(self.name.en, unit, area))

    def letterhead(self, unit: UnitRow) -> tuple[str, str]:
        """The two lines at the top left of its letters; the first may be empty."""
        return _fill(self.letter_parent, unit), _fill(self.letter_name, unit)


@cache
def organisation_kinds() -> tuple[OrganisationKind, ...]:
    """All templates. Raises DataFileError when the table is not sound."""
    file = toml_table(__package__, _FILE)
    kinds = tuple(_kind(row) for row in file.rows("organisation"))
    file.finish()
    refuse_repeats(_FILE, ((kind.code, kind.unit_kinds, kind.valid_from) for kind in kinds))
    codes = {kind.code for kind in kinds}
    for kind in kinds:
        if unknown := set(kind.pairs_with) - codes:
            raise DataFileError(f"{_FILE}: {kind.code} pairs with unknown {min(unknown)}")
    return kinds


def organisations_of(unit: UnitRow, *, on: date) -> tuple[OrganisationKind, ...]:
    """The bodies of that unit on that day."""
    return tuple(kind for kind in organisation_kinds() if kind.exists_in(unit, on))


def _kind(row: Row) -> OrganisationKind:
    level = row.text("level")
    if level not in _LEVELS:
        raise DataFileError(f"{row.place}: unknown level {level}")
    kind = OrganisationKind(
        code=row.text("code"),
        kind=row.text("kind"),
        level=level,
        unit_kinds=row.texts("unit_kinds"),
        name=row.bilingual(),
        valid_from=row.required_day("valid_from"),
        valid_to=row.day("valid_to"),
        pairs_with=row.texts("pairs_with"),
        in_area=row.flag("in_area"),
        signs_in=row.flag("signs_in"),
        letter_parent=row.text("letter_parent", ""),
        letter_name=row.text("letter_name", ""),
        notation=row.text("notation", ""),
    )
    row.finish()
    return kind


def _fill(pattern: str, unit: UnitRow, area: str = "") -> str:
    in_text = f"{unit.kind.lower()} {unit.name}"
    return pattern.format(unit=in_text, UNIT=in_text.upper(), name=unit.name, area=area)
