"""What an import did or would do, and every reason for refusing it, in words and by row."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from webapp.core.text import Text, _

_WGS84 = _("Tệp không ở hệ tọa độ WGS84. Xin lưu lại theo WGS84 (EPSG:4326) rồi nạp lại.")
_VN2000 = _(
    "Tệp ở hệ VN-2000. Xin nhờ cơ quan đo đạc chuyển sang WGS84 (EPSG:4326) rồi nạp lại; phần "
    "mềm không tự chuyển vì có thể lệch ranh giới 200 m."
)

# One sentence for each message code of geo: what is wrong and what to do.
_WORDS: Mapping[str, Text] = {
    "crs_web_mercator": _WGS84,
    "crs_vn2000_zone_48": _VN2000,
    "crs_vn2000_zone_49": _VN2000,
    "crs_vn2000_other": _VN2000,
    "crs_unknown": _WGS84,
    "too_large": _("Tệp lớn hơn %(limit_mb)s MB. Xin tách theo tỉnh rồi nạp từng tệp."),
    "too_many_features": _("Tệp có quá %(limit)s vùng. Xin tách theo tỉnh rồi nạp từng tệp."),
    "unreadable_json": _("Không đọc được JSON ở dòng %(line)s, cột %(column)s."),
    "not_feature_collection": _("Tệp GeoJSON phải là một FeatureCollection."),
    "unreadable_archive": _("Không mở được tệp zip. Xin nén lại."),
    "encrypted_archive": _("Tệp zip có mật khẩu. Xin bỏ mật khẩu rồi nạp lại."),
    "unsafe_archive": _("Tệp zip có đường dẫn lạ hoặc quá nhiều tệp. Xin chỉ nén một lớp bản đồ."),
    "several_layers": _("Tệp zip có nhiều lớp. Xin nén riêng lớp ranh giới."),
    "missing_part": _("Tệp zip thiếu phần %(part)s."),
    "unknown_encoding": _("Không rõ bảng mã chữ. Xin lưu lại shapefile với bảng mã UTF-8."),
    "unreadable_shapefile": _("Không đọc được shapefile, hoặc lớp không phải là vùng."),
    "not_polygon": _("Hình không phải là vùng (Polygon, MultiPolygon)."),
    "empty": _("Vùng không có hình."),
    "bad_geometry": _("Ranh giới không đọc được: tọa độ thiếu hoặc sai kiểu."),
    "bad_code": _("Mã đơn vị có ký tự lạ."),
    "looks_swapped": _("Kinh độ và vĩ độ bị đổi chỗ. Xin ghi kinh độ trước, vĩ độ sau."),
    "projected_coordinates": _(
        "Tọa độ tính bằng mét. Xin lưu lại theo WGS84 (EPSG:4326), tính bằng độ."
    ),
    "outside_region": _("Vùng nằm ngoài Việt Nam."),
    "duplicate_code": _("Mã này đã có ở vùng thứ %(first_row)s."),
    "two_names_for_code": _("Mã này mang hai tên khác nhau; tên kia ở vùng thứ %(first_row)s."),
}
_SELF_INTERSECTION = _("Ranh giới tự cắt nhau.")
_SELF_INTERSECTION_AT = _("Ranh giới tự cắt nhau gần kinh độ %(lon).5f, vĩ độ %(lat).5f.")
_BAD_RING = _("Các vòng của ranh giới chồng hoặc lặp nhau.")
_BAD_RING_AT = _("Các vòng của ranh giới chồng hoặc lặp gần kinh độ %(lon).5f, vĩ độ %(lat).5f.")
_NOT_CLOSED = _("Ranh giới chưa khép kín ở kinh độ %(lon).5f, vĩ độ %(lat).5f.")
_PLACED: Mapping[str, tuple[Text, Text]] = {
    "self_intersection": (_SELF_INTERSECTION, _SELF_INTERSECTION_AT),
    "bad_ring": (_BAD_RING, _BAD_RING_AT),
    "ring_not_closed": (_NOT_CLOSED, _NOT_CLOSED),
}


def words_for(code: str, params: Mapping[str, Any]) -> Text:
    """The sentence for a message code of geo. Raises KeyError for a code without words."""
    if code in _PLACED:
        without, at = _PLACED[code]
        return _(at.source, **params) if "lon" in params else without
    return _(_WORDS[code].source, **params)


@dataclass(frozen=True)
class ImportProblem:
    """Why the file (``row`` None) or one of its rows cannot be used."""

    row: int | None
    code: str | None
    words: Text


@dataclass(frozen=True)
class ImportSummary:
    """Rows read, taken over, and skipped because they lie outside the served area.

    With any problem nothing was changed and ``imported`` is 0.
    """

    read: int
    imported: int
    skipped: int
    problems: list[ImportProblem] = field(default_factory=list)
