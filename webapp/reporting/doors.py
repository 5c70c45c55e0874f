"""The other doors: where to go with what is no matter of the report form. Nothing is stored."""

from dataclasses import dataclass
from functools import cache

from webapp.core.bilingual import Bilingual
from webapp.core.data_files import DataFileError, refuse_repeats, toml_table
from webapp.reporting.workflow import DOORS

_FILE = "doors.toml"


@dataclass(frozen=True)
class Door:
    """One door; ``code`` is one of ``workflow.DOORS``, ``law`` what its times were read from."""

    code: str
    slug: str
    ask: Bilingual
    title: Bilingual
    about: Bilingual
    where: Bilingual
    bring: Bilingual
    time: Bilingual
    safe: Bilingual
    law: tuple[str, ...]


@cache
def doors() -> tuple[Door, ...]:
    """The shipped doors in their order. Raises DataFileError when the table is not sound."""
    file = toml_table("webapp.reporting", _FILE)
    found = []
    for row in file.rows("door"):
        door = Door(
            code=row.text("code"),
            slug=row.text("slug"),
            law=row.texts("law"),
            **{
                name: row.bilingual(f"{name}_")
                for name in ("ask", "title", "about", "where", "bring", "time", "safe")
            },
        )
        row.finish()
        found.append(door)
    file.finish()
    refuse_repeats(_FILE, (door.code for door in found))
    if unknown := {door.code for door in found} - set(DOORS):
        raise DataFileError(f"{_FILE}: unknown door {min(unknown)}")
    return tuple(found)


def door_of(slug: str) -> Door | None:
    """The door at this address; None when there is none."""
    return next((door for door in doors() if door.slug == slug), None)
