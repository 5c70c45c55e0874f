"""Unit lists from outside, CSV or JSON, checked row by row before anything is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from geo.points import Point
from webapp.core.text import _
from webapp.directory.import_results import ImportProblem
from webapp.directory.list_files import ListError, ListRead, point_of, read_list, text_of
from webapp.directory.served_units import LEVELS, UnitKey

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


UnitList = ListRead[UnitLine]


def read_units(content: bytes) -> UnitList:
    """The lines of a CSV with headings or of a JSON list of objects. Never raises on content.

    Columns: system, code, kind, name; and where known parent, successor (a code of
    ``successor_system``, else of the same system), lon, lat, valid_from, valid_to, also_spelled.
    """
    return read_list(content, NEEDED, _line, _repeats)


def _line(row: int, cells: Mapping[str, Any]) -> UnitLine:
    for name in NEEDED:
        if not text_of(cells, name):
            raise ListError(_("Thiếu %(name)s.", name=name))
    system, kind = text_of(cells, "system"), text_of(cells, "kind")
    if kind not in LEVELS:
        raise ListError(_("Không có loại đơn vị “%(kind)s”.", kind=kind))
    begins, ends = _day(cells, "valid_from"), _day(cells, "valid_to")
    if begins and ends and ends < begins:
        raise ListError(_("Ngày hết hiệu lực đứng trước ngày bắt đầu."))
    return UnitLine(
        row=row,
        key=_key(system, text_of(cells, "code")),
        kind=kind,
        name=text_of(cells, "name"),
        parent=_optional_key(cells, "parent", system),
        successor=_optional_key(cells, "successor", text_of(cells, "successor_system") or system),
        centre=point_of(cells),
        valid_from=begins,
        valid_to=ends,
        also_spelled=text_of(cells, "also_spelled"),
    )


def _key(system: str, code: str) -> UnitKey:
    if len(system) > 16 or len(code) > 8 or not code.isalnum() or not code.isascii():
        raise ListError(_("Mã “%(code)s” không đúng dạng.", code=code[:20]))
    return UnitKey(system, code)


def _optional_key(cells: Mapping[str, Any], name: str, system: str) -> UnitKey | None:
    code = text_of(cells, name)
    return _key(system, code) if code else None


def _day(cells: Mapping[str, Any], name: str) -> date | None:
    text = text_of(cells, name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        words = _("Ngày “%(text)s” không đúng dạng năm-tháng-ngày.", text=text[:20])
        raise ListError(words) from None


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
