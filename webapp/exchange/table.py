"""The columns of an exchanged file, in and out, with their meaning (docs/exchange.md)."""

from dataclasses import dataclass

from webapp.core.text import Text, _

FORMAT = "matxanh-exchange-1"
KIND_WORDS: dict[str, Text] = {
    "string": _("chữ"),
    "date": _("ngày"),
    "number": _("số"),
    "integer": _("số nguyên"),
    "boolean": _("true hoặc false"),
}


@dataclass(frozen=True)
class Column:
    """A column: ``kind`` as in JSON Schema or date; ``taken`` when an import reads it."""

    name: str
    kind: str
    meaning: Text
    taken: bool = False


COLUMNS = (
    Column("reference_number", "string", _("Số tham chiếu của hệ thống kia"), taken=True),
    Column("received_on", "date", _("Ngày hệ thống kia tiếp nhận"), taken=True),
    Column(
        "case_code",
        "string",
        _("Mã vụ việc của Mắt Xanh; khi nạp có mã thì chỉ ghi số tham chiếu vào vụ việc ấy"),
        taken=True,
    ),
    Column("category", "string", _("Mã loại việc"), taken=True),
    Column("category_label", "string", _("Loại việc")),
    Column(
        "unit_system",
        "string",
        _("Hệ mã địa bàn; khi nạp để trống là gso-2025"),
        taken=True,
    ),
    Column("unit_code", "string", _("Mã xã, phường"), taken=True),
    Column("unit_name", "string", _("Tên xã, phường")),
    Column("place", "string", _("Nơi xảy ra, bằng chữ; khi xuất đã làm mờ"), taken=True),
    Column("lon", "number", _("Kinh độ (WGS84); khi xuất là điểm công khai"), taken=True),
    Column("lat", "number", _("Vĩ độ (WGS84); khi xuất là điểm công khai"), taken=True),
    Column("precision_m", "integer", _("Cạnh ô vuông mà điểm công khai đại diện, tính bằng mét")),
    Column(
        "description", "string", _("Nội dung người dân phản ánh; khi xuất để trống"), taken=True
    ),
    Column("observed_on", "date", _("Ngày thấy sự việc; khi xuất để trống"), taken=True),
    Column("households", "integer", _("Số hộ bị ảnh hưởng"), taken=True),
    Column(
        "channel",
        "string",
        _("Khi nạp: other (nơi khác chuyển đến) hoặc press (báo chí); để trống là other"),
        taken=True,
    ),
    Column("state", "string", _("Mã tình trạng")),
    Column("state_label", "string", _("Tình trạng")),
    Column("overdue", "boolean", _("Đang quá hạn xử lý")),
    Column("due_on", "date", _("Hạn của bước đang làm")),
    Column("severity", "string", _("Mã mức độ")),
    Column("waste_source", "string", _("Mã nguồn chất thải")),
    Column("summary", "string", _("Tóm tắt của Mặt trận")),
    Column(
        "first_reported",
        "string",
        _("Ngày có phản ánh đầu tiên; chỉ ghi tháng với loại việc cần giữ kín"),
    ),
    Column("opened_on", "date", _("Ngày mở vụ việc")),
    Column("reports", "integer", _("Số phản ánh")),
    Column("front", "string", _("Ủy ban Mặt trận giữ vụ việc")),
    Column("office", "string", _("Cơ quan xử lý")),
    Column("letter_number", "string", _("Số của kiến nghị gửi đi gần nhất")),
    Column("letter_sent_on", "date", _("Ngày gửi kiến nghị")),
    Column("letter_due_on", "date", _("Hạn trả lời kiến nghị")),
    Column("letter_answered_on", "date", _("Ngày cơ quan trả lời")),
    Column("conclusion", "string", _("Mã kết luận")),
    Column("conclusion_label", "string", _("Kết luận")),
    Column("closed_on", "date", _("Ngày xong")),
    Column("outcome_on", "date", _("Ngày công khai kết quả")),
    Column("outcome_front", "string", _("Kết quả công khai, lời của Mặt trận")),
    Column("outcome_office", "string", _("Kết quả công khai, lời của cơ quan xử lý")),
    Column("outcome_url", "string", _("Trang kết quả công khai")),
)
NAMES = tuple(column.name for column in COLUMNS)
TAKEN = tuple(column.name for column in COLUMNS if column.taken)
CHANNELS = ("other", "press")
