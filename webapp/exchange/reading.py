"""A file of the other system as rows of words: encodings, CSV, JSON, limits. Nothing is stored."""

import codecs
import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from webapp.core.errors import Invalid
from webapp.core.text import Text, _
from webapp.exchange.table import NAMES

MAX_BYTES: Final = 1024 * 1024
MAX_ROWS: Final = 100
NEEDED: Final = "reference_number"
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SEPARATORS: Final = ",;\t"
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True)
class Row:
    """One row: ``line`` as a spreadsheet counts, headings included; in JSON its place in the list.

    ``cells`` are words by column, empty ones left out; ``wrong`` says why it could not be read.
    """

    line: int
    cells: Mapping[str, str]
    wrong: Text | None = None


def read_rows(content: bytes) -> list[Row]:
    """The rows of a CSV or JSON file. Raises Invalid on ``file`` for one that cannot be used."""
    if len(content) > MAX_BYTES:
        raise _refused(_("Tệp lớn hơn %(limit)s MB. Xin chia nhỏ.", limit=MAX_BYTES >> 20))
    text = _decoded(content).strip()
    rows = _json_rows(text) if text.startswith(("{", "[")) else _csv_rows(text)
    if not rows:
        raise _refused(_("Tệp không có dòng nào."))
    if len(rows) > MAX_ROWS:
        raise _refused(_("Tệp có quá %(limit)s dòng. Xin chia nhỏ.", limit=MAX_ROWS))
    return rows


def _decoded(content: bytes) -> str:
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise _refused(
            _(
                "Không rõ bảng mã của tệp. Xin lưu lại bằng UTF-8 hoặc UTF-16; trong Excel chọn "
                "“CSV UTF-8”."
            )
        )
    return text


def _json_rows(text: str) -> list[Row]:
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise _refused(_("Không đọc được JSON ở dòng %(line)s.", line=error.lineno)) from None
    rows = found.get("cases") if isinstance(found, dict) else found
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _refused(_("Tệp JSON phải có danh sách “cases”, mỗi vụ việc một đối tượng."))
    _check_names(list(dict.fromkeys(name for row in rows for name in row)))
    return [_json_row(number, row) for number, row in enumerate(rows, start=1)]


def _json_row(number: int, row: Mapping[str, Any]) -> Row:
    if any(isinstance(value, dict | list) for value in row.values()):
        return Row(number, {}, _("Mỗi mục chỉ là chữ hoặc số, không phải danh sách."))
    return _row(number, {name: _word(value) for name, value in row.items()})


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _csv_rows(text: str) -> list[Row]:
    if not text:
        return []
    head = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=head.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        raise _refused(
            _("Không đọc được tệp CSV: có dấu ngoặc kép chưa đóng hoặc ô quá dài.")
        ) from None
    names = [name.strip().casefold() for name in lines[0]]
    _check_names(names)
    return [
        _csv_row(number, names, cells)
        for number, cells in enumerate(lines[1:], start=2)
        if any(cell.strip() for cell in cells)
    ]


def _csv_row(number: int, names: Sequence[str], cells: Sequence[str]) -> Row:
    if len(cells) > len(names):
        return Row(
            number, {}, _("Dòng này có nhiều ô hơn dòng tên cột. Xin xem lại dấu phân cách.")
        )
    return _row(number, {name: _plain(cell) for name, cell in zip(names, cells, strict=False)})


def _plain(cell: str) -> str:
    """Without the apostrophe that keeps spreadsheets from calculating words."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def _row(number: int, cells: Mapping[str, str]) -> Row:
    return Row(number, {name: value.strip() for name, value in cells.items() if value.strip()})


def _check_names(names: Sequence[str]) -> None:
    """Refuse what no column of the table holds: names of people must not slip in unseen."""
    if NEEDED not in names:
        raise _refused(_("Tệp thiếu cột %(name)s.", name=NEEDED))
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise _refused(_("Cột %(names)s có hai lần.", names=_listed(repeated)))
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        raise _refused(
            _(
                "Tệp có cột không dùng: %(names)s. Xin bỏ các cột này rồi nạp lại; họ tên và liên "
                "hệ của người dân không chuyển qua tệp.",
                names=_listed(unknown),
            )
        )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"“{name[:40]}”" for name in names[:10])


def _refused(words: Text) -> Invalid:
    return Invalid(words, fields={"file": words})
