"""Reading and checking the shipped weights of the queue's order; see ``webapp.cases.priority``."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from webapp.core.data_files import DataFileError, Row, refuse_repeats, toml_table

_FILE: Final = "priority.toml"
_CODES: Final = ("danger", "severity", "tag", "place", "chosen")
_STEPS: Final = ("households", "reports")


@dataclass(frozen=True)
class Weights:
    """Points by part: ``codes`` by a code, ``steps`` as (from, points) rising."""

    hours_per_point: int
    place_within_m: int
    codes: dict[str, dict[str, int]]
    steps: dict[str, tuple[tuple[int, int], ...]]

    def of(self, part: str, code: str) -> int:
        """The points of a code; 0 when the table leaves it out."""
        return self.codes[part].get(code, 0)

    def reached(self, part: str, number: int) -> int:
        """The points of the largest step that the number reaches."""
        return max((points for least, points in self.steps[part] if number >= least), default=0)


@cache
def weights() -> Weights:
    """The shipped table. Raises DataFileError for an unknown, missing or repeated row."""
    file = toml_table("webapp.cases", _FILE)
    table = Weights(
        hours_per_point=file.whole("hours_per_point"),
        place_within_m=file.whole("place_within_m"),
        codes={name: dict(_by_code(name, file.rows(name))) for name in _CODES},
        steps={name: tuple(_by_number(name, file.rows(name))) for name in _STEPS},
    )
    file.finish()
    return table


def _by_code(name: str, rows: Iterable[Row]) -> list[tuple[str, int]]:
    found = []
    for row in rows:
        found.append((row.text("code"), row.whole("points")))
        row.finish()
    refuse_repeats(f"{_FILE}, {name}", (code for code, _ in found))
    return found


def _by_number(name: str, rows: Iterable[Row]) -> list[tuple[int, int]]:
    found = []
    for row in rows:
        found.append((row.whole("from"), row.whole("points")))
        row.finish()
    if found != sorted(found):
        raise DataFileError(f"{_FILE}, {name}: rows must rise")
    return found
