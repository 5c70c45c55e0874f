"""The tables of the open data: columns with their meaning, and the rows that fill them.

OGC properties, CSV, GeoJSON, the nightly dump and its data dictionary are all made from these.
"""

from dataclasses import dataclass
from typing import Any

from webapp.cases.categories import category
from webapp.cases.sentences import case_title
from webapp.cases.workflow import CASE_STATES, CONCLUSIONS, WASTE_SOURCES
from webapp.core.text import Text, _
from webapp.directory.models import Organisation, Unit
from webapp.directory.names import name_in
from webapp.open_data.addresses import absolute, photo_url
from webapp.open_data.queries.cases import OpenCase
from webapp.open_data.queries.outcomes import OpenOutcome
from webapp.web.locale import choose, translated

Row = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """A column: ``kind`` is string, date, integer, number or boolean, as in JSON Schema."""

    name: str
    kind: str
    meaning: Text


_CODE = Column("case_code", "string", _("Mã vụ việc"))
_CATEGORY = (
    Column("category", "string", _("Mã loại việc")),
    Column("category_label", "string", _("Loại việc")),
)
_UNIT = (
    Column("unit_system", "string", _("Hệ mã địa bàn; mã chỉ có nghĩa cùng với hệ mã")),
    Column("unit_code", "string", _("Mã xã, phường")),
    Column("unit_name", "string", _("Tên xã, phường")),
)
_PLACE = (
    Column("place", "string", _("Nơi xảy ra, bằng chữ, đã làm mờ")),
    Column("precision_m", "integer", _("Cạnh ô vuông mà điểm công khai đại diện, tính bằng mét")),
)
CASES = (
    _CODE,
    Column("title", "string", _("Tên vụ việc: loại việc và địa bàn")),
    *_CATEGORY,
    Column("state", "string", _("Mã tình trạng")),
    Column("state_label", "string", _("Tình trạng")),
    Column("overdue", "boolean", _("Đang quá hạn xử lý")),
    Column("summary", "string", _("Tóm tắt của Mặt trận")),
    Column("waste_source", "string", _("Nguồn chất thải")),
    *_UNIT,
    Column("front", "string", _("Ủy ban Mặt trận giữ vụ việc")),
    Column("office", "string", _("Cơ quan xử lý")),
    *_PLACE,
    Column("public_since", "date", _("Ngày vụ việc được công khai")),
    Column(
        "first_reported",
        "string",
        _("Ngày có phản ánh đầu tiên; chỉ ghi tháng với loại việc cần giữ kín"),
    ),
    Column("due", "date", _("Hạn của bước đang làm")),
    Column("closed", "date", _("Ngày xong")),
    Column("updated", "date", _("Ngày của bước công khai gần nhất")),
    Column("reports", "integer", _("Số phản ánh; để trống nếu dưới 5")),
    Column("households", "integer", _("Số hộ bị ảnh hưởng, ít nhất; để trống nếu không biết")),
    Column("url", "string", _("Trang của vụ việc")),
)
OUTCOMES = (
    _CODE,
    Column("title", "string", _("Tên vụ việc: loại việc và địa bàn")),
    *_CATEGORY,
    Column("state", "string", _("Mã tình trạng")),
    Column("conclusion", "string", _("Mã kết luận")),
    Column("conclusion_label", "string", _("Kết luận")),
    *_UNIT,
    _PLACE[0],
    Column("first_published", "date", _("Ngày công khai lần đầu")),
    Column("published", "date", _("Ngày công khai bản hiện tại")),
    Column("version", "integer", _("Số của bản hiện tại")),
    Column("front_words", "string", _("Lời của Mặt trận")),
    Column("office_words", "string", _("Lời của cơ quan xử lý")),
    Column("photos", "string", _("Địa chỉ các ảnh đã duyệt, cách nhau một dấu cách")),
    Column("url", "string", _("Trang kết quả")),
)
HOTSPOTS = (
    Column("hotspot_code", "string", _("Mã điểm nóng")),
    *_CATEGORY,
    *_UNIT,
    Column("cases", "integer", _("Số vụ việc công khai trong điểm nóng")),
    Column("first_day", "date", _("Ngày vụ việc đầu tiên được công khai")),
    Column("last_day", "date", _("Ngày vụ việc mới nhất được công khai")),
)
UNITS = (
    Column("unit_system", "string", _("Hệ mã địa bàn; mã chỉ có nghĩa cùng với hệ mã")),
    Column("unit_code", "string", _("Mã xã, phường")),
    Column("unit_name", "string", _("Tên xã, phường")),
    Column("unit_name_en", "string", _("Tên tiếng Anh")),
    Column("kind", "string", _("Loại: province, district, commune")),
    Column("parent_code", "string", _("Mã đơn vị cấp trên")),
    Column("valid_from", "date", _("Ngày bắt đầu; để trống nếu có từ trước")),
    Column("valid_to", "date", _("Ngày cuối cùng; để trống nếu đang có")),
    Column("approximate", "boolean", _("Ranh giới chỉ gần đúng; để trống nếu không có ranh giới")),
    Column("url", "string", _("Trang của địa bàn")),
)


def case_row(case: OpenCase) -> Row:
    """A case under the names of CASES."""
    return {
        "case_code": case.code,
        **titled(case.category, case.unit),
        "state": case.state,
        "state_label": translated(CASE_STATES[case.state]),
        "overdue": case.overdue,
        "summary": case.summary,
        "waste_source": _worded(WASTE_SOURCES, case.waste_source),
        **_unit_row(case.unit),
        "front": _name(case.owner),
        "office": _name(case.office) if case.office else None,
        "place": case.place,
        "precision_m": case.precision_m,
        "public_since": case.since,
        "first_reported": case.first_reported,
        "due": case.due,
        "closed": case.closed,
        "updated": case.updated,
        "reports": case.reports,
        "households": case.households,
        "url": absolute("public_cases.case", code=case.code),
    }


def outcome_row(outcome: OpenOutcome) -> Row:
    """A published outcome under the names of OUTCOMES."""
    return {
        "case_code": outcome.code,
        **titled(outcome.category, outcome.unit),
        "state": outcome.state,
        "conclusion": outcome.conclusion,
        "conclusion_label": _worded(CONCLUSIONS, outcome.conclusion),
        **_unit_row(outcome.unit),
        "place": outcome.place,
        "first_published": outcome.first_published,
        "published": outcome.published,
        "version": outcome.version,
        "front_words": outcome.front_words,
        "office_words": outcome.office_words,
        "photos": " ".join(photo_url(photo.uid) for photo in outcome.photos) or None,
        "url": absolute("public_outcomes.outcome", code=outcome.code),
    }


def unit_row(unit: Unit, *, parent_code: str | None, approximate: bool | None) -> Row:
    """A unit under the names of UNITS."""
    return {
        "unit_system": unit.code_system,
        "unit_code": unit.code,
        "unit_name": unit.name,
        "unit_name_en": unit.name_en,
        "kind": unit.kind,
        "parent_code": parent_code,
        "valid_from": unit.valid_from,
        "valid_to": unit.valid_to,
        "approximate": approximate,
        "url": absolute("public_cases.locality", code_system=unit.code_system, code=unit.code),
    }


def titled(code: str, unit: Unit) -> Row:
    """Title and category of a case, in the language of the request."""
    language = choose()
    return {
        "title": case_title(code, _name(unit), language),
        "category": code,
        "category_label": category(code).label.in_language(language),
    }


def _unit_row(unit: Unit) -> Row:
    return {"unit_system": unit.code_system, "unit_code": unit.code, "unit_name": _name(unit)}


def _name(named: Unit | Organisation) -> str:
    return name_in(choose(), named)


def _worded(words: dict[str, Text], code: str | None) -> str | None:
    return translated(words[code]) if code else None
