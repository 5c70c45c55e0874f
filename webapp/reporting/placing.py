"""From what was said about the place to the unit that handles it."""

from dataclasses import dataclass
from datetime import date

from geo.points import Point, PointError, parse_number, parse_point
from webapp.core import clock
from webapp.core.text import _
from webapp.directory import queries as directory
from webapp.directory.models import Unit
from webapp.reporting.submission import SentPlace, Submission, UnitKey
from webapp.reporting.wording import invalid

PLACE_SOURCES = ("gps", "photo", "map")
_MAX_ACCURACY_M = 100_000.0
_WRONG_PLACE = {
    "not_a_number": _("Vị trí không phải là số. Xin ghim lại trên bản đồ."),
    "out_of_range": _("Vị trí nằm ngoài giới hạn kinh độ, vĩ độ. Xin ghim lại trên bản đồ."),
    "looks_swapped": _("Kinh độ và vĩ độ có vẻ bị đổi chỗ. Xin xem lại."),
}
_OUTSIDE = _(
    "Chỗ này ở ngoài địa bàn Điện Biên và Thái Nguyên. Xin ghim lại, hoặc chọn xã và ghi rõ nơi."
)
_NO_PLACE = _("Xin cho biết ở đâu: lấy vị trí điện thoại, ghim bản đồ, hoặc chọn xã và ghi rõ nơi.")


@dataclass(frozen=True)
class Placed:
    """The point if there is one, and the unit by it: valid today for handling.

    ``doubtful``: near the border ("chưa chắc địa bàn"). ``named`` is another unit that the sender
    named, for the officer to see.
    """

    unit: Unit
    doubtful: bool = False
    point: Point | None = None
    accuracy_m: float | None = None
    source: str | None = None
    named: Unit | None = None


@dataclass(frozen=True)
class FormerUnit:
    """The unit before the merger; ``doubtful`` when only the nearest of several."""

    unit: Unit
    doubtful: bool


def place(submission: Submission) -> Placed:
    """Decide the unit: the point where there is one, else the unit named with words.

    Raises Invalid: swapped or unreadable coordinates, kind ``outside-area`` outside the served
    area, no place at all, an unknown unit.
    """
    today = clock.today_local()
    named = _named(submission.unit, today) if submission.unit else None
    if submission.location is not None:
        return _by_point(submission.location, named, today)
    if named is None:
        raise invalid("location", _NO_PLACE)
    if not submission.place_note:
        raise invalid("place_note", _("Xin ghi rõ nơi: thôn, bản, đường, mốc dễ thấy."))
    return Placed(named)


def find_unit(sent: SentPlace, on: date) -> Placed:
    """The unit at a sent place. Raises Invalid as ``place`` does."""
    accuracy, point = _accuracy(sent.accuracy_m), _point(sent)
    match = directory.unit_at(point, on, accuracy)
    if match is None:
        raise invalid("location", _OUTSIDE, kind="outside-area")
    return Placed(match.unit, match.doubtful, point, accuracy, sent.source)


def former_unit(placed: Placed) -> FormerUnit | None:
    """The unit that stood at a placed point before 01/7/2025; None where none is known."""
    old = directory.old_unit_of(placed.point, placed.unit) if placed.point else None
    if old is None:
        return None
    return FormerUnit(old, doubtful=len(directory.predecessors(placed.unit)) > 1)


def observed_unit_id(placed: Placed, observed_on: date | None) -> int | None:
    """The unit valid on the observed day, for figures; None when the day is not to be used."""
    if observed_on is None:
        return None
    if placed.point is None or observed_on == clock.today_local():
        return placed.unit.id
    match = directory.unit_at(placed.point, observed_on, placed.accuracy_m)
    return match.unit.id if match else None


def _by_point(sent: SentPlace, named: Unit | None, today: date) -> Placed:
    if sent.source not in PLACE_SOURCES:
        raise invalid("location.source", _("Nguồn vị trí là gps, photo hoặc map."))
    found = find_unit(sent, today)
    other = named if named is not None and named.id != found.unit.id else None
    return Placed(
        found.unit, found.doubtful, found.point, found.accuracy_m, found.source, named=other
    )


def _point(sent: SentPlace) -> Point:
    try:
        return parse_point(sent.lon, sent.lat)
    except PointError as error:
        if error.code == "outside_area":
            raise invalid("location", _OUTSIDE, kind="outside-area") from error
        raise invalid("location", _WRONG_PLACE[error.code]) from error


def _accuracy(value: object) -> float | None:
    if value is None or value == "":
        return None
    try:
        metres = parse_number(value, "accuracy_m")
    except PointError as error:
        raise invalid("location.accuracy_m", _WRONG_PLACE["not_a_number"]) from error
    if not 0 <= metres <= _MAX_ACCURACY_M:
        raise invalid("location.accuracy_m", _("Sai số tính bằng mét, từ 0 đến 100.000."))
    return metres


def _named(key: UnitKey, today: date) -> Unit:
    known = key.code.isascii() and key.code.isalnum() and key.code_system.isprintable()
    found = directory.unit_by_key(key.code_system, key.code) if known else None
    if found is None or found.kind != "commune":
        raise invalid("unit", _("Không có xã, phường này. Xin chọn trong danh sách."))
    if found.valid_to is not None and found.valid_to < today:
        raise invalid("unit", _("Đơn vị này đã sáp nhập. Xin chọn xã, phường hiện nay."))
    return found
