"""The role catalogue that ships: what each role permits, and at which level it is held."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from webapp.core.bilingual import Bilingual
from webapp.core.data_files import DataFileError, Row, refuse_repeats, toml_table

LEVELS: Final = ("commune", "district", "province")

_FILE: Final = "roles.toml"
_PERMISSION: Final = re.compile(r"[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*")


class UnknownRole(LookupError):
    """The catalogue has no role with this code."""


@dataclass(frozen=True)
class RoleRow:
    """One role. ``levels`` is empty for roles nobody is assigned to (guest, resident).

    ``valid_to`` is the last day on which the role could be held, None while it can.
    """

    code: str
    label: Bilingual
    levels: tuple[str, ...]
    permissions: frozenset[str]
    valid_to: date | None


@cache
def roles() -> tuple[RoleRow, ...]:
    """The catalogue in its order. Raises DataFileError when the table is not sound."""
    file = toml_table(__package__, _FILE)
    rows = tuple(_role(row) for row in file.rows("role"))
    file.finish()
    refuse_repeats(_FILE, (role.code for role in rows))
    return rows


def role(code: str) -> RoleRow:
    """The role with this code. Raises UnknownRole."""
    for row in roles():
        if row.code == code:
            return row
    raise UnknownRole(code)


def _role(row: Row) -> RoleRow:
    levels, permissions = row.texts("levels"), row.texts("permissions")
    refuse_repeats(row.place, permissions)
    if unknown := set(levels) - set(LEVELS):
        raise DataFileError(f"{row.place}: unknown level {min(unknown)}")
    for name in permissions:
        if not _PERMISSION.fullmatch(name):
            raise DataFileError(f"{row.place}: {name} is no permission, which reads feature.verb")
    result = RoleRow(
        code=row.text("code"),
        label=row.bilingual(),
        levels=levels,
        permissions=frozenset(permissions),
        valid_to=row.day("valid_to"),
    )
    row.finish()
    return result
