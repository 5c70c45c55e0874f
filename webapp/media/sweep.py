"""Files that no row points to: left by forms that were refused after their photos had been sealed.

A file waits a day before it goes (trust.md, R15): a refused form may still be sent again with the
photos it has, and a row is written after its file.
"""

import logging
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import Column, String, select

from webapp.core import clock, files
from webapp.core.base import Base
from webapp.core.unit_of_work import session

KEPT = timedelta(hours=24)
_AT_NIGHT = 2
_ROWS_AT_A_TIME = 10_000

log = logging.getLogger(__name__)


def files_without_rows() -> list[str]:
    """The keys of files older than a day that no column of any table names, in order."""
    found = set(files.store().older_than(clock.now() - KEPT))
    for column in _key_columns():
        if not found:
            break
        rows = session().scalars(select(column).where(column.is_not(None)))
        for keys in rows.partitions(_ROWS_AT_A_TIME):
            found.difference_update(keys)
    return sorted(found)


def sweep_files() -> list[str]:
    """Remove them and say which they were; running twice is no harm."""
    gone = files_without_rows()
    for key in gone:
        files.store().remove(key)
        log.info("file without a row removed: %s", key)
    return gone


def sweep_at_night() -> None:
    """Sweep while few people send: it looks at every file."""
    if clock.local(clock.now()).hour == _AT_NIGHT:
        sweep_files()


def _key_columns() -> Iterator[Column[str]]:
    """Every column that may hold a file's key: text whose name ends with ``_key``.

    Reading one that holds something else costs time; missing one would cost files.
    """
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if column.name.endswith("_key") and isinstance(column.type, String):
                yield column
