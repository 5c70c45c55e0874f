"""The nightly dump: one archive with every open table, its dictionary and its licence.

The file is replaced in one move. Whatever is taken off the record removes it at once; a dump that
was being written meanwhile is thrown away, and the schedule writes a new one.
"""

import io
import os
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from webapp.core import clock, files
from webapp.open_data.addresses import outside_request
from webapp.open_data.csv_writer import csv_lines
from webapp.open_data.queries.filters import CaseFilter
from webapp.open_data.whole_tables import WHOLE_TABLES, as_csv, as_geojson
from webapp.web.locale import in_language, translated

NAME = "mat-xanh.zip"
LICENCE = (
    "Dữ liệu này theo giấy phép Creative Commons Ghi công 4.0 (CC BY 4.0):\n"
    "https://creativecommons.org/licenses/by/4.0/\n"
    "Được dùng lại cho mọi mục đích, xin ghi nguồn “Mắt Xanh, Ủy ban MTTQ Việt Nam” và ngày tải.\n"
    "\n"
    "This data is under Creative Commons Attribution 4.0 (CC BY 4.0):\n"
    "https://creativecommons.org/licenses/by/4.0/\n"
    "Use it for any purpose; name the source “Mắt Xanh, Viet Nam Fatherland Front” and the day.\n"
)
_AT_NIGHT = time(1, 30)


def dump_path() -> Path:
    """Where the archive lies, whether it is there or not."""
    return files.store().root / "open-data" / NAME


def made_at() -> datetime | None:
    """When the present archive was made; None while there is none."""
    try:
        return datetime.fromtimestamp(dump_path().stat().st_mtime, UTC)
    except FileNotFoundError:
        return None


def write_when_due() -> bool:
    """Write the dump when there is none, or none since half past one at night; whether it did."""
    made = made_at()
    return write_dump() if made is None or made < _last_night() else False


def write_dump() -> bool:
    """Write a new archive and put it in the place of the old; False when it was purged meanwhile.

    The new one bears the time at which its reading began.
    """
    target, began, purged = dump_path(), clock.now(), _purged_at()
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{NAME}.{os.getpid()}")
    try:
        with draft.open("wb") as out:
            _write(out)
            out.flush()
            os.fsync(out.fileno())
        os.utime(draft, (began.timestamp(), began.timestamp()))
        if _purged_at() != purged:
            return False
        draft.replace(target)
        return True
    finally:
        draft.unlink(missing_ok=True)


def purge_dump() -> None:
    """Remove the archive: something in it left the public record. May run twice."""
    mark = _mark()
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.write_text(clock.now().isoformat())
    dump_path().unlink(missing_ok=True)


def _mark() -> Path:
    return dump_path().with_name("purged")


def _purged_at() -> tuple[int, int]:
    """What changes with every purge."""
    try:
        found = _mark().stat()
    except FileNotFoundError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)


def _last_night() -> datetime:
    now = clock.local(clock.now())
    tonight = datetime.combine(now.date(), _AT_NIGHT, tzinfo=clock.LOCAL)
    return tonight if now >= tonight else tonight - timedelta(days=1)


def _write(out: io.BufferedWriter) -> None:
    with outside_request(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, pieces in _members():
            with archive.open(name, "w", force_zip64=True) as member:
                for piece in pieces:
                    member.write(piece)


def _members() -> Iterator[tuple[str, Iterator[bytes]]]:
    everything = CaseFilter()
    for table in WHOLE_TABLES:
        yield f"{table.name}.csv", as_csv(table, everything)
        yield f"{table.name}.geojson", as_geojson(table, everything)
    yield "tu-dien-du-lieu.csv", _dictionary()
    yield "giay-phep.txt", iter([LICENCE.encode()])


def _dictionary() -> Iterator[bytes]:
    """Every column of every table, in Vietnamese and English."""
    rows = []
    for table in WHOLE_TABLES:
        for column in table.columns:
            with in_language("en"):
                english = translated(column.meaning)
            rows.append((table.name, column.name, column.kind, str(column.meaning), english))
    return csv_lines(("bang", "cot", "kieu", "y_nghia", "meaning"), rows)
