"""CSV for spreadsheets: UTF-8 with its mark, and nothing that would be calculated."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

BOM = "\ufeff".encode()
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """The file piece by piece: mark and header first, then a piece per row."""
    yield BOM + _line(header)
    for row in rows:
        yield _line([cell(value) for value in row])


def cell(value: Any) -> Any:
    """A value as a cell; words that a spreadsheet would take for a formula get an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def _line(values: Sequence[Any]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerow(values)
    return out.getvalue().encode()
