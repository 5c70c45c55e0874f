"""What the public map, lists and figures may be asked."""

from collections.abc import Mapping
from dataclasses import fields as dataclass_fields
from datetime import date
from typing import Any

from marshmallow import (
    EXCLUDE,
    Schema,
    ValidationError,
    fields,
    pre_load,
    validates_schema,
)

from geo.points import Bbox, PointError, parse_bbox
from webapp.cases.categories import UnknownCategory, category
from webapp.cases.public_filters import STATES, PublicFilters
from webapp.cases.public_list import MAX_WORDS, ListQuestion
from webapp.cases.public_map import MapQuestion
from webapp.cases.workflow import CONCLUSIONS
from webapp.core import clock
from webapp.core.errors import Invalid
from webapp.core.text import Text, _
from webapp.directory.followed_units import units_followed
from webapp.directory.queries import unit_asked

_BOX_WORDS = {
    "not_four_numbers": _("Khung bản đồ gồm bốn số: tây,nam,đông,bắc."),
    "not_a_number": _("Khung bản đồ chỉ gồm số thập phân, dùng dấu chấm."),
    "wrong_order": _("Khung bản đồ phải theo thứ tự tây,nam,đông,bắc."),
    "looks_swapped": _("Kinh độ đứng trước vĩ độ: tây,nam,đông,bắc."),
    "out_of_range": _("Khung bản đồ nằm ngoài trái đất."),
}
_MISSING = _("Xin gửi mục này.")
_NO_YEAR = _("Năm phải từ 1900 đến 2200.")
_NO_DAY = _("Ngày viết theo dạng 2026-03-02.")
_NO_ZOOM = _("Mức phóng là số nguyên từ 0 đến 19.")
_NO_UNIT = _("Không có xã, phường này.")
_NO_FLAG = _("Ghi 1 hoặc 0.")
_NO_DAYS = _("Ghi exact hoặc bỏ trống.")
EXACT = "exact"
"""What ``days`` asks for: days as they are at far zooms too, not whole months."""


class _Box(fields.Field[Bbox]):
    """``west,south,east,north`` in WGS84 degrees."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Bbox:
        try:
            return parse_bbox(str(value))
        except PointError as error:
            raise ValidationError([_BOX_WORDS[error.code]]) from error


def _refuse_zoom(value: int) -> None:
    if not 0 <= value <= 19:
        raise ValidationError([_NO_ZOOM])


def _refuse_state(value: str) -> None:
    if value not in STATES:
        raise ValidationError([_("Không có trạng thái này trên bản đồ công khai.")])


def _refuse_category(value: str) -> None:
    try:
        category(value)
    except UnknownCategory:
        raise ValidationError([_("Không có loại việc này.")]) from None


def _refuse_conclusion(value: str) -> None:
    if value not in CONCLUSIONS:
        raise ValidationError([_("Không có kết luận này.")])


def _refuse_days(value: str) -> None:
    if value != EXACT:
        raise ValidationError([_NO_DAYS])


def _refuse_year(value: date) -> None:
    if value.year not in clock.YEARS:
        raise ValidationError([_NO_YEAR])


class FilterQuery(Schema):
    """The filters of the public record; what it does not know is ignored."""

    class Meta:
        unknown = EXCLUDE

    category = fields.String(validate=_refuse_category)
    state = fields.String(validate=_refuse_state)
    first_day = fields.Date(
        data_key="from", validate=_refuse_year, error_messages={"invalid": [_NO_DAY]}
    )
    last_day = fields.Date(
        data_key="to", validate=_refuse_year, error_messages={"invalid": [_NO_DAY]}
    )
    overdue = fields.Boolean(error_messages={"invalid": [_NO_FLAG]})

    @pre_load
    def _drop_empty(self, data: Mapping[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """An empty filter of a form is no filter."""
        return {name: value for name, value in data.items() if value != ""}

    @validates_schema
    def _in_order(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        first, last = data.get("first_day"), data.get("last_day")
        if first and last and first > last:
            raise ValidationError([_("Ngày đầu phải trước ngày cuối.")], "from")


class RecordQuery(FilterQuery):
    """What the lists of cases and of outcomes are narrowed to, and the map beside them."""

    q = fields.String()
    unit = fields.String()
    conclusion = fields.String(validate=_refuse_conclusion)


class MapQuery(RecordQuery):
    """The query of ``GET /api/v1/map``; ``results`` asks for published outcomes only."""

    results = fields.Boolean(error_messages={"invalid": [_NO_FLAG]})
    days = fields.String(validate=_refuse_days)

    bbox = _Box(required=True, error_messages={"required": [_MISSING]})
    zoom = fields.Integer(
        required=True,
        validate=_refuse_zoom,
        error_messages={"required": [_MISSING], "invalid": [_NO_ZOOM]},
    )


class ListQuery(RecordQuery):
    """The query of a list; ``after`` is the last case of the page before."""

    after = fields.String()


# To make one takes longer than to read a query with it.
_MAP, _LIST, _FILTERS = MapQuery(), ListQuery(), FilterQuery()


def map_question(query: Mapping[str, str]) -> MapQuestion:
    """The question in a query string. Raises Invalid with a message for each wrong field."""
    asked = _load(_MAP, query)
    return MapQuestion(asked["bbox"], asked["zoom"], _filters(asked), exact_days="days" in asked)


def list_question(query: Mapping[str, str]) -> ListQuestion:
    """The question of a list page. Raises Invalid with a message for each wrong field."""
    if not any(query.values()):
        return ListQuestion()
    asked = _load(_LIST, query)
    return ListQuestion(_filters(asked), asked.get("after"))


def public_filters(query: Mapping[str, str]) -> PublicFilters:
    """The filters alone. Raises Invalid with a message for each wrong field."""
    if not any(query.values()):
        return PublicFilters()
    return _filters(_load(_FILTERS, query))


def _load(schema: Schema, query: Mapping[str, str]) -> dict[str, Any]:
    try:
        asked: dict[str, Any] = schema.load(query)
    except ValidationError as error:
        raise Invalid(_("Điều ông/bà hỏi có chỗ chưa đúng."), fields=_messages(error)) from error
    return asked


def _filters(asked: Mapping[str, Any]) -> PublicFilters:
    plain = {
        each.name: asked[each.name]
        for each in dataclass_fields(PublicFilters)
        if each.name in asked
    }
    words = asked.get("q", "").strip()[:MAX_WORDS]
    return PublicFilters(**plain, unit_ids=_unit_ids(asked.get("unit")), words=words)


def _unit_ids(key: str | None) -> frozenset[int]:
    """The unit of ``<code system>:<code>``, what it holds and took the place of.

    Once it has ended also what took its place: an old name finds the cases of the new unit.
    """
    if not key:
        return frozenset()
    unit = unit_asked(key)
    if unit is None:
        raise Invalid(_NO_UNIT, fields={"unit": _NO_UNIT})
    return units_followed(unit, clock.today_local())


def _messages(error: ValidationError) -> dict[str, Text]:
    found = error.messages_dict
    return {name: words[0] if isinstance(words, list) else words for name, words in found.items()}
