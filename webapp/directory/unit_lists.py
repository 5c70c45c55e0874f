"""Unit lists from outside, CSV or JSON, checked row by row before anything is stored."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import orjson

from geo.points import Point, PointError, parse_point
from webapp.core.text import Text, _
from webapp.directory.import_results import ImportProblem
from webapp.directory.served_units import LEVELS, UnitKey

MAX_BYTES: Final = 8 * 1024 * 1024
NEEDED: Final = ("system", "code", "kind", "name")


@dataclass(frozen=True)
class UnitLine:
    """One unit of a list: the columns of the shipped table.

    ``row`` is as a spreadsheet counts it, headings included; in JSON the place in the list.
    """

    row: int
    key: UnitKey
    kind: str
    name: str
    parent: UnitKey | None
    successor: UnitKey | None
    centre: Point | None
    valid_from: date | None
    valid_to: date | None
    also_spelled: str

    @property
    def level(self) -> str:
        return LEVELS[self.kind]

    @property
    def full_name(self) -> str:
        return f"{self.kind} {self.name}"


@dataclass(frozen=True)
class UnitList:
    """What a list holds: the usable lines, and every problem in order of rows."""

    read: int
    lines: list[UnitLine]
    problems: list[ImportProblem]


class _LineError(ValueError):
    def __init__(self, words: Text) -> None:
        super().__init__(words.source)
        self.words = words


def read_units(content: bytes) -> UnitList:
    """The lines of a CSV with headings or of a JSON list of objects. Never raises on content.

    Columns: system, code, kind, name; and where known parent, successor (a code of
    ``successor_system``, else of the same system), lon, lat, valid_from, valid_to, also_spelled.
    """
    try:
        rows = _rows(content)
    except _LineError as error:
        return UnitList(0, [], [ImportProblem(None, None, error.words)])
    lines, problems = [], []
    for number, cells in rows:
        try:
            lines.append(_line(number, cells))
        except _LineError as error:
            problems.append(ImportProblem(number, _text(cells, "code") or None, error.words))
    problems += _repeats(lines)
    return UnitList(len(rows), lines, sorted(problems, key=lambda each: each.row or 0))


def _rows(content: bytes) -> list[tuple[int, Mapping[str, Any]]]:
    if len(content) > MAX_BYTES:
        raise _LineError(_("Tệp lớn hơn %(limit)s MB.", limit=MAX_BYTES >> 20))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _LineError(_("Tệp không phải là chữ UTF-8. Xin lưu lại với UTF-8.")) from None
    if text.lstrip().startswith(("[", "{")):
        return list(enumerate(_json_rows(text), start=1))
    return list(enumerate(_csv_rows(text), start=2))


def _json_rows(text: str) -> list[Mapping[str, Any]]:
    try:
        rows = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        words = _("Không đọc được JSON ở dòng %(line)s.", line=error.lineno)
        raise _LineError(words) from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _LineError(_("Tệp JSON phải là một danh sách các đơn vị."))
    return rows


def _csv_rows(text: str) -> list[Mapping[str, Any]]:
    try:
        reader = csv.DictReader(io.StringIO(text), strict=True)
        missing = [name for name in NEEDED if name not in (reader.fieldnames or [])]
        if missing:
            raise _LineError(_("Tệp CSV thiếu cột %(names)s.", names=", ".join(missing)))
        return list(reader)
    except csv.Error:
        raise _LineError(_("Không đọc được tệp CSV.")) from None


def _line(row: int, cells: Mapping[str, Any]) -> UnitLine:
    for name in NEEDED:
        if not _text(cells, name):
            raise _LineError(_("Thiếu %(name)s.", name=name))
    system, kind = _text(cells, "system"), _text(cells, "kind")
    if kind not in LEVELS:
        raise _LineError(_("Không có loại đơn vị “%(kind)s”.", kind=kind))
    begins, ends = _day(cells, "valid_from"), _day(cells, "valid_to")
    if begins and ends and ends < begins:
        raise _LineError(_("Ngày hết hiệu lực đứng trước ngày bắt đầu."))
    return UnitLine(
        row=row,
        key=_key(system, _text(cells, "code")),
        kind=kind,
        name=_text(cells, "name"),
        parent=_optional_key(cells, "parent", system),
        successor=_optional_key(cells, "successor", _text(cells, "successor_system") or system),
        centre=_centre(cells),
        valid_from=begins,
        valid_to=ends,
        also_spelled=_text(cells, "also_spelled"),
    )


def _text(cells: Mapping[str, Any], name: str) -> str:
    value = cells.get(name)
    return " ".join(str(value).split()) if isinstance(value, str | int | float) else ""


def _key(system: str, code: str) -> UnitKey:
    if len(system) > 16 or len(code) > 8 or not code.isalnum() or not code.isascii():
        raise _LineError(_("Mã “%(code)s” không đúng dạng.", code=code[:20]))
    return UnitKey(system, code)


def _optional_key(cells: Mapping[str, Any], name: str, system: str) -> UnitKey | None:
    code = _text(cells, name)
    return _key(system, code) if code else None


def _day(cells: Mapping[str, Any], name: str) -> date | None:
    text = _text(cells, name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        words = _("Ngày “%(text)s” không đúng dạng năm-tháng-ngày.", text=text[:20])
        raise _LineError(words) from None


def _centre(cells: Mapping[str, Any]) -> Point | None:
    lon, lat = _text(cells, "lon"), _text(cells, "lat")
    if not lon and not lat:
        return None
    try:
        return parse_point(lon, lat)
    except PointError as error:
        if error.code == "looks_swapped":
            words = _("Kinh độ và vĩ độ bị đổi chỗ. Xin ghi kinh độ trước, vĩ độ sau.")
        else:
            words = _("Tọa độ không đúng hoặc nằm ngoài Việt Nam.")
        raise _LineError(words) from None


def _repeats(lines: list[UnitLine]) -> list[ImportProblem]:
    first: dict[UnitKey, UnitLine] = {}
    problems = []
    for line in lines:
        before = first.setdefault(line.key, line)
        if before is line:
            continue
        if before.full_name == line.full_name:
            words = _("Mã này đã có ở dòng %(row)s.", row=before.row)
        else:
            words = _(
                "Mã này mang hai tên: %(one)s ở dòng %(row)s và %(two)s.",
                one=before.full_name,
                row=before.row,
                two=line.full_name,
            )
        problems.append(ImportProblem(line.row, line.key.code, words))
    return problems
