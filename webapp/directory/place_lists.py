"""Lists of schools and clinics from outside, checked row by row before anything is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from geo.points import Point
from webapp.core.search_text import fold
from webapp.core.text import _
from webapp.directory.import_results import ImportProblem
from webapp.directory.list_files import ListError, ListRead, point_of, read_list, text_of

COLUMNS: Final = ("kind", "name", "lon", "lat")
KIND_WORDS: Final = {"school": _("Trường học"), "clinic": _("Cơ sở y tế")}
MAX_NAME: Final = 160
MAX_ROWS: Final = 20_000
_DECIMALS = 5

_KINDS: Final = {fold(word.source): kind for kind, word in KIND_WORDS.items()} | {
    kind: kind for kind in KIND_WORDS
}


@dataclass(frozen=True)
class PlaceLine:
    """One school or clinic of a list; ``row`` as a spreadsheet counts it, headings included."""

    row: int
    kind: str
    name: str
    point: Point


PlaceList = ListRead[PlaceLine]


def read_places(content: bytes) -> PlaceList:
    """The lines of a CSV with the headings COLUMNS, or of a JSON list. Never raises on content.

    ``kind`` is school or clinic, or the Vietnamese word; points are WGS84 degrees.
    """
    found = read_list(content, COLUMNS, _line, _repeats)
    if found.read > MAX_ROWS:
        words = _("Danh sách dài quá %(limit)s dòng.", limit=MAX_ROWS)
        return PlaceList(found.read, [], [ImportProblem(None, None, words)])
    return found


def _line(row: int, cells: Mapping[str, Any]) -> PlaceLine:
    kind, name = _KINDS.get(fold(text_of(cells, "kind"))), text_of(cells, "name")
    if kind is None:
        raise ListError(_("Loại phải là “Trường học” hoặc “Cơ sở y tế”."))
    if not name:
        raise ListError(_("Thiếu tên."))
    if len(name) > MAX_NAME:
        raise ListError(_("Tên dài quá %(limit)s ký tự.", limit=MAX_NAME))
    point = point_of(cells)
    if point is None:
        raise ListError(_("Thiếu kinh độ, vĩ độ."))
    return PlaceLine(
        row, kind, name, Point(round(point.lon, _DECIMALS), round(point.lat, _DECIMALS))
    )


def _repeats(lines: list[PlaceLine]) -> list[ImportProblem]:
    first: dict[tuple[str, Point], PlaceLine] = {}
    problems = []
    for line in lines:
        before = first.setdefault((line.kind, line.point), line)
        if before is not line:
            words = _("Nơi này đã có ở dòng %(row)s.", row=before.row)
            problems.append(ImportProblem(line.row, None, words))
    return problems
