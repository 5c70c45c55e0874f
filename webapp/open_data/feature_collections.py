"""The collections of the OGC API: what each is called, holds and can be asked."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from geo.geojson import area_geometry, point_geometry
from geo.points import Bbox, Point
from webapp.core.errors import NotFound
from webapp.core.text import Text, _
from webapp.open_data.queries.cases import OpenCase, cases, count_cases, one_case
from webapp.open_data.queries.filters import CaseFilter, Slice
from webapp.open_data.queries.outcomes import (
    OpenOutcome,
    count_outcomes,
    one_outcome,
    outcomes,
)
from webapp.open_data.queries.units import OpenUnit, UnitFilter, count_units, one_unit, units
from webapp.open_data.tables import (
    CASES,
    HOTSPOTS,
    OUTCOMES,
    UNITS,
    Column,
    Row,
    case_row,
    outcome_row,
    unit_row,
)
from webapp.open_data.time_spans import Days

Feature = dict[str, Any]


@dataclass(frozen=True)
class ItemsQuestion:
    """Which features: a box, days both inclusive, at most so many, after the one named."""

    limit: int
    bbox: Bbox | None = None
    days: Days = field(default_factory=Days)
    after: str | None = None


@dataclass(frozen=True)
class Items:
    """Features of one page, how many there are in all, and the last one's id if more follow."""

    features: list[Feature]
    matched: int
    last_id: str | None


@dataclass(frozen=True)
class Collection:
    """A collection; ``read`` gives a page, ``read_one`` a feature or raises NotFound."""

    id: str
    title: Text
    description: Text
    columns: tuple[Column, ...]
    read: Callable[[ItemsQuestion], Items]
    read_one: Callable[[str], Feature]


def _case_items(asked: ItemsQuestion) -> Items:
    filters = CaseFilter(bbox=asked.bbox, first_day=asked.days.first, last_day=asked.days.last)
    after = one_case(asked.after).id if asked.after else None
    found = cases(filters, Slice(asked.limit + 1, after_id=after))
    return _page(list(map(case_feature, found)), asked.limit, count_cases(filters))


def _outcome_items(asked: ItemsQuestion) -> Items:
    filters = CaseFilter(bbox=asked.bbox, first_day=asked.days.first, last_day=asked.days.last)
    after = one_outcome(asked.after).id if asked.after else None
    found = outcomes(filters, Slice(asked.limit + 1, after_id=after))
    return _page(list(map(outcome_feature, found)), asked.limit, count_outcomes(filters))


def _unit_items(asked: ItemsQuestion) -> Items:
    filters = UnitFilter(asked.days.first, asked.days.last, asked.bbox)
    after = one_unit(*_unit_key(asked.after)).unit.id if asked.after else None
    found = units(filters, limit=asked.limit + 1, after_id=after)
    return _page(list(map(unit_feature, found)), asked.limit, count_units(filters))


def _no_items(_asked: ItemsQuestion) -> Items:
    return Items([], 0, None)


def _no_item(_feature_id: str) -> Feature:
    raise NotFound


def _page(features: list[Feature], limit: int, matched: int) -> Items:
    shown = features[:limit]
    return Items(shown, matched, shown[-1]["id"] if len(features) > limit else None)


def case_feature(case: OpenCase) -> Feature:
    """A case at its public point."""
    return _feature(case.code, _point(case.lon, case.lat), case_row(case))


def outcome_feature(outcome: OpenOutcome) -> Feature:
    """A published outcome at the public point of its case."""
    return _feature(outcome.code, _point(outcome.lon, outcome.lat), outcome_row(outcome))


def unit_feature(each: OpenUnit) -> Feature:
    """A unit with its area."""
    row = unit_row(each.unit, parent_code=each.parent_code, approximate=each.approximate)
    shape = area_geometry(each.area) if each.area is not None else None
    return _feature(f"{each.unit.code_system}:{each.unit.code}", shape, row)


def _feature(feature_id: str, geometry: Any, row: Row) -> Feature:
    return {"type": "Feature", "id": feature_id, "geometry": geometry, "properties": row}


def _point(lon: float | None, lat: float | None) -> Any:
    if lon is None or lat is None:
        return None
    return point_geometry(Point(lon, lat))


def _unit_key(feature_id: str) -> tuple[str, str]:
    system, _colon, code = feature_id.partition(":")
    return system, code


COLLECTIONS = (
    Collection(
        "cases",
        _("Vụ việc công khai"),
        _("Các vụ việc đã công khai, ở điểm công khai; ngày là ngày được công khai."),
        CASES,
        _case_items,
        lambda code: case_feature(one_case(code)),
    ),
    Collection(
        "outcomes",
        _("Kết quả công khai"),
        _("Kết quả xử lý đã công khai; ngày là ngày công khai lần đầu."),
        OUTCOMES,
        _outcome_items,
        lambda code: outcome_feature(one_outcome(code)),
    ),
    Collection(
        "hotspots",
        _("Điểm nóng"),
        _("Nơi có nhiều vụ việc cùng loại. Hiện chưa có điểm nóng nào được công bố."),
        HOTSPOTS,
        _no_items,
        _no_item,
    ),
    Collection(
        "units",
        _("Địa bàn"),
        _("Tỉnh, xã, phường qua các thời kỳ; ngày là thời gian địa bàn tồn tại."),
        UNITS,
        _unit_items,
        lambda feature_id: unit_feature(one_unit(*_unit_key(feature_id))),
    ),
)


def collection(collection_id: str) -> Collection:
    """The collection with this id. Raises NotFound."""
    found = next((each for each in COLLECTIONS if each.id == collection_id), None)
    if found is None:
        raise NotFound(_("Không có bộ dữ liệu này."))
    return found
