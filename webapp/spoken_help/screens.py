"""The screens that can be explained and the languages they may be explained in."""

from dataclasses import dataclass
from functools import cache
from typing import Final

from webapp.core.bilingual import Bilingual
from webapp.core.data_files import Row, refuse_repeats, toml_table

_FILE: Final = "screens.toml"


@dataclass(frozen=True)
class Screen:
    """One screen; ``by_category`` when each of the nine pictures has a recording of its own."""

    code: str
    label: Bilingual
    by_category: bool


@cache
def screens() -> dict[str, Screen]:
    """Every screen by its code, in the order of use. Raises DataFileError."""
    found = [_screen(row) for row in toml_table(__package__, _FILE).rows("screen")]
    refuse_repeats(_FILE, (each.code for each in found))
    return {each.code: each for each in found}


@cache
def languages() -> dict[str, Bilingual]:
    """Every language by its code. Raises DataFileError."""
    found = [_language(row) for row in toml_table(__package__, _FILE).rows("language")]
    refuse_repeats(_FILE, (code for code, _ in found))
    return dict(found)


def _screen(row: Row) -> Screen:
    screen = Screen(row.text("code"), row.bilingual(), row.flag("by_category"))
    row.finish()
    return screen


def _language(row: Row) -> tuple[str, Bilingual]:
    language = row.text("code"), row.bilingual()
    row.finish()
    return language
