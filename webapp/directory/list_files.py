"""Lists from outside, CSV or JSON: their rows, and what a cell says."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

import orjson

from geo.points import Point, PointError, parse_point
from webapp.core.text import Text, _
from webapp.directory.import_results import ImportProblem

MAX_BYTES: Final = 8 * 1024 * 1024
Line = TypeVar("Line")


class ListError(ValueError):
    """Why a list or one of its rows cannot be used, in words."""

    def __init__(self, words: Text) -> None:
        super().__init__(words.source)
        self.words = words


@dataclass(frozen=True)
class ListRead(Generic[Line]):
    """What a list holds: how many rows, the usable lines, and every problem in order of rows."""

    read: int
    lines: list[Line]
    problems: list[ImportProblem]


def read_list(
    content: bytes,
    needed: Sequence[str],
    line: Callable[[int, Mapping[str, Any]], Line],
    repeats: Callable[[list[Line]], list[ImportProblem]],
) -> ListRead[Line]:
    """The rows as ``line`` reads them; it raises ListError for a bad one. Never raises on content.

    ``repeats`` finds lines that say the same twice.
    """
    try:
        rows = _rows(content, needed)
    except ListError as error:
        return ListRead(0, [], [ImportProblem(None, None, error.words)])
    lines, problems = [], []
    for number, cells in rows:
        try:
            lines.append(line(number, cells))
        except ListError as error:
            problems.append(ImportProblem(number, text_of(cells, "code") or None, error.words))
    problems += repeats(lines)
    return ListRead(len(rows), lines, sorted(problems, key=lambda each: each.row or 0))


def _rows(content: bytes, needed: Sequence[str]) -> list[tuple[int, Mapping[str, Any]]]:
    """The rows of a CSV with headings or of a JSON list of objects, with their numbers.

    Rows of a CSV are counted as a spreadsheet counts them, headings included; those of JSON by
    their place in the list. Raises ListError when the file cannot be read or, for a CSV, lacks a
    ``needed`` column.
    """
    if len(content) > MAX_BYTES:
        raise ListError(_("Tệp lớn hơn %(limit)s MB.", limit=MAX_BYTES >> 20))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ListError(_("Tệp không phải là chữ UTF-8. Xin lưu lại với UTF-8.")) from None
    if text.lstrip().startswith(("[", "{")):
        return list(enumerate(_json_rows(text), start=1))
    return list(enumerate(_csv_rows(text, needed), start=2))


def text_of(cells: Mapping[str, Any], name: str) -> str:
    """What a cell says, spaces made single; "" where it is missing or no text or number."""
    value = cells.get(name)
    return " ".join(str(value).split()) if isinstance(value, str | int | float) else ""


def point_of(cells: Mapping[str, Any]) -> Point | None:
    """The point of the cells ``lon`` and ``lat``, None where both are empty. Raises ListError."""
    lon, lat = text_of(cells, "lon"), text_of(cells, "lat")
    if not lon and not lat:
        return None
    try:
        return parse_point(lon, lat)
    except PointError as error:
        if error.code == "looks_swapped":
            words = _("Kinh độ và vĩ độ bị đổi chỗ. Xin ghi kinh độ trước, vĩ độ sau.")
        else:
            words = _("Tọa độ không đúng hoặc nằm ngoài Việt Nam.")
        raise ListError(words) from None


def _json_rows(text: str) -> list[Mapping[str, Any]]:
    try:
        rows = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        words = _("Không đọc được JSON ở dòng %(line)s.", line=error.lineno)
        raise ListError(words) from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ListError(_("Tệp JSON phải là một danh sách."))
    return rows


def _csv_rows(text: str, needed: Sequence[str]) -> list[Mapping[str, Any]]:
    try:
        reader = csv.DictReader(io.StringIO(text), strict=True)
        missing = [name for name in needed if name not in (reader.fieldnames or [])]
        if missing:
            raise ListError(_("Tệp CSV thiếu cột %(names)s.", names=", ".join(missing)))
        return list(reader)
    except csv.Error:
        raise ListError(_("Không đọc được tệp CSV.")) from None
