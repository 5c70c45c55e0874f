"""Rotation of the identity keys: every sealed value and file is sealed anew under the newest key.

A feature says beside its own sealing where sealed things lie (``sealed_in``); a test holds that
list to the tables. Values are swapped only where they are still what was read, so that rotation
runs beside the application and may be broken off and run again.
"""

import logging
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from sqlalchemy import Column, LargeBinary, Row, Table, select, update
from sqlalchemy.orm import InstrumentedAttribute

from webapp.core import crypto, files
from webapp.core.unit_of_work import session, write_unit

BATCH: Final = 200
_AREA: Final = "sealed"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SealedColumn:
    """A column of sealed values or of keys of sealed files, and what each is bound to."""

    column: Column[Any]
    bound: Column[Any]
    binding: Callable[[Any], str]

    @property
    def name(self) -> str:
        """``table.column``."""
        return f"{self.column.table.name}.{self.column.name}"

    def read(self, stored: Any) -> bytes:
        """The sealed bytes of a stored value. Raises FileNotFoundError, ValueError."""
        if isinstance(self.column.type, LargeBinary):
            return bytes(stored)
        return files.store().get(stored) if self._is_file else b64decode(stored, validate=True)

    def write(self, sealed: bytes) -> Any:
        """What to store for these sealed bytes; a file is safe on disk then."""
        if isinstance(self.column.type, LargeBinary):
            return sealed
        return files.store().put(_AREA, sealed) if self._is_file else b64encode(sealed).decode()

    @property
    def _is_file(self) -> bool:
        return self.column.name.endswith("_key")


@dataclass
class Resealed:
    """What became of one column: values in all, those sealed anew, those that did not open."""

    name: str
    values: int = 0
    resealed: int = 0
    broken: int = 0


_columns: dict[str, SealedColumn] = {}


def sealed_in(
    column: InstrumentedAttribute[Any],
    *,
    bound: InstrumentedAttribute[Any],
    binding: Callable[[Any], str],
) -> None:
    """Say that a column holds sealed values (bytes, or text in base64), or keys of sealed files.

    ``binding`` gives what a value is bound to from the row's ``bound``.
    """
    place = SealedColumn(column.property.columns[0], bound.property.columns[0], binding)
    _columns[place.name] = place


def sealed_columns() -> list[SealedColumn]:
    """All of them, by table and name."""
    return [_columns[name] for name in sorted(_columns)]


def reseal_all() -> list[Resealed]:
    """Seal everything anew that lies under an older key; outside any write unit.

    Files of before stay until the nightly sweep of files without rows.
    """
    return [
        told
        for _table, places in groupby(sealed_columns(), lambda place: place.column.table)
        for told in _reseal_table(list(places))
    ]


def _reseal_table(places: Sequence[SealedColumn]) -> list[Resealed]:
    told = [Resealed(place.name) for place in places]
    table = places[0].column.table
    (key,) = table.primary_key.columns
    for rows in _batches(table, key):
        changes = [(row, _changes(row, places, told)) for row in rows]
        with write_unit():
            for row, values in changes:
                _swap(table, key, row, values)
    return told


def _batches(table: Table, key: Column[Any]) -> Iterator[Sequence[Row[Any]]]:
    """Every row in the order of its key, read between the write units."""
    last: Any = None
    while True:
        query = select(table).order_by(key).limit(BATCH)
        rows = session().execute(query if last is None else query.where(key > last)).all()
        session().rollback()
        if not rows:
            return
        yield rows
        last = rows[-1]._mapping[key]


def _changes(
    row: Row[Any], places: Sequence[SealedColumn], told: Sequence[Resealed]
) -> dict[Column[Any], Any]:
    values: dict[Column[Any], Any] = {}
    for place, count in zip(places, told, strict=True):
        stored = row._mapping[place.column]
        if stored is None:
            continue
        count.values += 1
        try:
            sealed = place.read(stored)
            if crypto.key_id(sealed) == crypto.ring().current:
                continue
            binding = place.binding(row._mapping[place.bound])
            plain = crypto.unseal(sealed, binding=binding)
        except (crypto.SealBroken, FileNotFoundError, ValueError):
            count.broken += 1
            log.error("not opened under any key of the ring: %s of one row", place.name)
            continue
        values[place.column] = place.write(crypto.seal(plain, binding=binding))
        count.resealed += 1
    return values


def _swap(table: Table, key: Column[Any], row: Row[Any], values: dict[Column[Any], Any]) -> None:
    """Write what changed, where nobody wrote meanwhile; the row's number of its key goes along."""
    if not values:
        return
    unchanged = [column == row._mapping[column] for column in values]
    new: dict[str, Any] = {column.name: value for column, value in values.items()}
    if "key_id" in table.columns:
        new["key_id"] = crypto.ring().current
    session().execute(update(table).where(key == row._mapping[key], *unchanged).values(new))
