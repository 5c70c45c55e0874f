"""Reading the tables that ship with the code: every cell checked while loading, none later.

A wrong file stops the start with a sentence that names the file, the row and the cell.
"""

import csv
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from typing import NoReturn

from webapp.core.bilingual import Bilingual


class DataFileError(ValueError):
    """A shipped table breaks one of its own rules."""


@dataclass
class Row:
    """One row of a shipped table; each cell is asked for once, with the type it must have.

    An empty CSV cell counts as absent. ``finish`` raises DataFileError for cells nobody asked for,
    so that a misspelt key is noticed.
    """

    place: str
    cells: Mapping[str, object]
    _read: set[str] = field(default_factory=set)

    def text(self, key: str, default: str | None = None) -> str:
        """A text; required when there is no default."""
        value = self._cell(key, default)
        return value if isinstance(value, str) else self._refuse(key, "a text")

    def texts(self, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """A list of texts."""
        value = self._cell(key, list(default))
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            return self._refuse(key, "a list of texts")
        return tuple(value)

    def flag(self, key: str, default: bool = False) -> bool:
        """True or false."""
        value = self._cell(key, default)
        return value if isinstance(value, bool) else self._refuse(key, "true or false")

    def whole(self, key: str, default: int | None = None) -> int:
        """A whole number of at least 1; required when there is no default."""
        value = self._cell(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            return self._refuse(key, "a whole number of at least 1")
        return value

    def wholes(self, key: str) -> tuple[int, ...]:
        """A list of whole numbers."""
        value = self._cell(key, None)
        if not isinstance(value, list) or not all(isinstance(item, int) for item in value):
            return self._refuse(key, "a list of whole numbers")
        return tuple(value)

    def decimal(self, key: str) -> float:
        """A number, also when written as text."""
        value = self._cell(key, None)
        try:
            return float(value) if isinstance(value, str) else self._refuse(key, "a number")
        except ValueError:
            return self._refuse(key, "a number")

    def day(self, key: str) -> date | None:
        """A day, as a TOML date or as yyyy-mm-dd; None when absent."""
        if not self.has(key):
            self._read.add(key)
            return None
        value = self._cell(key, None)
        try:
            return value if isinstance(value, date) else date.fromisoformat(str(value))
        except ValueError:
            return self._refuse(key, "a day")

    def required_day(self, key: str) -> date:
        """A day that must not be absent."""
        return self.day(key) or self._refuse(key, "a day")

    def bilingual(self, prefix: str = "", default: Bilingual | None = None) -> Bilingual:
        """The texts under ``<prefix>vi`` and ``<prefix>en``: both, or neither with a default."""
        if default is not None and not (self.has(f"{prefix}vi") or self.has(f"{prefix}en")):
            return default
        return Bilingual(self.text(f"{prefix}vi"), self.text(f"{prefix}en"))

    def rows(self, key: str) -> Iterator["Row"]:
        """The rows listed under this key, none when absent."""
        value = self._cell(key, [])
        if not isinstance(value, list):
            self._refuse(key, "a list of rows")
        for number, item in enumerate(value, start=1):
            yield self._nested(f"{key} {number}", item)

    def row(self, key: str) -> "Row":
        """The one required row under this key."""
        return self._nested(key, self._cell(key, None))

    def has(self, key: str) -> bool:
        """Whether the cell holds anything."""
        return self.cells.get(key) not in (None, "")

    def finish(self) -> None:
        """Raise DataFileError for cells that nothing reads."""
        unknown = sorted(self.cells.keys() - self._read)
        if unknown:
            raise DataFileError(f"{self.place}: unknown {', '.join(unknown)}")

    def _cell(self, key: str, default: object) -> object:
        self._read.add(key)
        return self.cells[key] if self.has(key) else default

    def _nested(self, key: str, cells: object) -> "Row":
        if not isinstance(cells, dict):
            self._refuse(key, "a row")
        return Row(f"{self.place}, {key}", cells)

    def _refuse(self, key: str, wanted: str) -> NoReturn:
        raise DataFileError(f"{self.place}: {key} must be {wanted}")


def csv_rows(package: str, name: str) -> Iterator[Row]:
    """The rows of a CSV table in the package's ``data`` folder."""
    lines = _text(package, name).splitlines()
    for number, cells in enumerate(csv.DictReader(lines, strict=True), start=2):
        yield Row(f"{name}, line {number}", cells)


def toml_table(package: str, name: str) -> Row:
    """A TOML file of the package's ``data`` folder; ask it for ``rows``."""
    return Row(name, tomllib.loads(_text(package, name)))


def refuse_repeats(name: str, keys: Iterable[object]) -> None:
    """Raise DataFileError when a key stands twice."""
    seen: set[object] = set()
    for key in keys:
        if key in seen:
            raise DataFileError(f"{name}: {key} stands twice")
        seen.add(key)


def _text(package: str, name: str) -> str:
    return files(package).joinpath("data", name).read_text(encoding="utf-8")
