"""The organisations of the served units as rows: one per template, unit and span of validity."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from webapp.directory.models import Organisation, Unit
from webapp.directory.organisation_table import OrganisationKind, organisation_kinds
from webapp.directory.served_units import UnitKey, UnitRow, served_units

AREA: Final = "khu dân cư số 1"
MAIL_DOMAIN: Final = "matxanh.invalid"  # reserved: nothing sent there can reach anybody

# Function of the body -> its focal unit and the substitute (S1-IV.2); the bodies that get letters.
_FOCAL_UNITS: Final = {
    "front_commune": ("Thường trực Ủy ban MTTQ Việt Nam", "Văn phòng"),
    "front_province": ("Ban Phong trào và Tuyên giáo", "Văn phòng"),
    "commune": ("Văn phòng HĐND và UBND", "Trung tâm phục vụ hành chính công"),
    "province": ("Văn phòng UBND tỉnh", "Phòng Kinh tế, Văn phòng UBND tỉnh"),
    "env_commune": ("Cán bộ môi trường", "Lãnh đạo phòng"),
    "env_province": ("Phòng Môi trường", "Văn phòng Sở"),
    "waste_operator": ("Tổ điều hành thu gom", "Người thay thế"),
}


class Identity(NamedTuple):
    """What tells a stored organisation from the others without a code of its own."""

    unit_id: int
    kind: str
    valid_from: date


@dataclass(frozen=True)
class OrganisationRow:
    """One organisation to store, from a template and a unit."""

    template: OrganisationKind
    unit: UnitRow

    @property
    def valid_from(self) -> date:
        return max(self.template.valid_from, self.unit.valid_from)

    @property
    def valid_to(self) -> date | None:
        ends = [day for day in (self.template.valid_to, self.unit.valid_to) if day]
        return min(ends, default=None)

    def identity(self, ids: Mapping[UnitKey, int]) -> Identity:
        """How the row is found again in the database."""
        return Identity(ids[self.unit.key], self.template.kind, self.valid_from)

    def next_starts(self) -> list[tuple[str, UnitKey, date]]:
        """Where what takes its place would begin: same function, same or successor unit."""
        if self.valid_to is None:
            return []
        next_day = self.valid_to + timedelta(days=1)
        keys = [key for key in (self.unit.key, self.unit.successor) if key]
        return [(self.template.code, key, next_day) for key in keys]

    def values(self, ids: Mapping[UnitKey, int]) -> dict[str, Any]:
        """The columns of the row."""
        name = self.template.named(self.unit, AREA if self.template.in_area else "")
        parent, own = self.template.letterhead(self.unit)
        return {
            "kind": self.template.kind,
            "name": name.vi,
            "name_en": name.en,
            "unit_id": ids[self.unit.key],
            "signs_in": self.template.signs_in,
            "valid_from": self.valid_from,
            "valid_to": self.valid_to,
            "letter_parent": parent,
            "letter_name": own,
            "letter_place": self.unit.name,
            "notation": self.template.notation,
        }

    def inboxes(self) -> Iterator[dict[str, Any]]:
        """The focal unit and its substitute, for bodies still in force."""
        if self.valid_to is not None:
            return
        local = f"{self.template.code}.{self.unit.key.code}".replace("_", "-")
        for number, name in enumerate(_FOCAL_UNITS.get(self.template.code, ())):
            address = f"{'du-phong.' if number else ''}{local}@{MAIL_DOMAIN}"
            yield {
                "name": name,
                "email": address,
                "substitute": bool(number),
                "valid_from": self.valid_from,
                "valid_to": None,
            }


def organisation_rows() -> tuple[OrganisationRow, ...]:
    """Every organisation of the served units, ended ones included."""
    return tuple(
        OrganisationRow(template, unit)
        for unit in served_units()
        for template in organisation_kinds()
        if template.level == unit.level
        and (not template.unit_kinds or unit.kind in template.unit_kinds)
        and _overlap(template, unit)
    )


def _overlap(template: OrganisationKind, unit: UnitRow) -> bool:
    begins = max(template.valid_from, unit.valid_from)
    ends = min(template.valid_to or date.max, unit.valid_to or date.max)
    return begins <= ends


def body_for(unit: Unit, like: Organisation, valid_from: date) -> Organisation:
    """A body of the same kind as another one, for a commune that has none yet; not stored.

    Name and letterhead come from the template; where no template fits, from the other body.
    """
    kind, _space, name = unit.name.partition(" ")
    row = UnitRow(
        key=UnitKey(unit.code_system, unit.code),
        level=unit.kind,
        kind=kind,
        name=name,
        parent=None,
        lon=unit.lon or 0.0,
        lat=unit.lat or 0.0,
        valid_from=unit.valid_from or valid_from,
        valid_to=unit.valid_to,
        successor=None,
        area_km2=None,
        also_spelled="",
    )
    fitting = (
        each
        for each in organisation_kinds()
        if each.kind == like.kind and each.exists_in(row, valid_from)
    )
    template = next(fitting, None)
    values = (
        OrganisationRow(template, row).values({row.key: unit.id})
        if template
        else {name: getattr(like, name) for name in _COPIED} | {"unit_id": unit.id}
    )
    return Organisation(**values | {"valid_from": valid_from, "valid_to": None})


_COPIED: Final = (
    "kind",
    "name",
    "name_en",
    "signs_in",
    "letter_parent",
    "letter_name",
    "letter_place",
    "notation",
)
