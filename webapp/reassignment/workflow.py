"""The states of a batch and of its rows."""

from datetime import date

from webapp.core.text import Text, _

BATCH_STATES = {
    "planned": _("Chờ đến ngày"),
    "running": _("Đang chuyển"),
    "done": _("Đã chuyển xong"),
    "undoing": _("Đang hoàn tác"),
    "undone": _("Đã hoàn tác"),
    "cancelled": _("Đã thôi"),
}
ACTIVE = ("planned", "running", "undoing")
ROW_STATES = {
    "waiting": _("Chờ chuyển"),
    "moved": _("Đã chuyển"),
    "refused": _("Chưa chuyển được"),
    "restored": _("Đã đưa về"),
    "kept": _("Không đưa về được"),
}
# What a row moves, in the words of the preview; the order is that of the work.
ROW_KINDS = {
    "case": _("Vụ việc đang mở hoặc còn hạn đề nghị mở lại"),
    "report": _("Phản ánh chờ xem"),
    "proposal": _("Đề nghị chuyển đến từ nơi khác"),
    "inspection_file": _("Hồ sơ, kế hoạch kiểm tra"),
    "establishment": _("Cơ sở trong sổ theo dõi"),
    "case_letter": _("Giấy mời, báo cáo của cơ quan"),
    "reply_template": _("Mẫu trả lời"),
    "saved_filter": _("Bộ lọc đã lưu"),
    "unit": _("Đơn vị"),
    "unit_succession": _("Kế thừa tên đơn vị"),
    "unit_area": _("Ranh giới"),
    "organisation": _("Tổ chức"),
    "focal_point": _("Đầu mối"),
    "assignment": _("Vai trò"),
    "delegation": _("Ủy quyền"),
}
WORK = (
    "case",
    "report",
    "proposal",
    "inspection_file",
    "establishment",
    "case_letter",
    "reply_template",
    "saved_filter",
)


def batch_words(state: str, effective: date, today: date) -> Text:
    """A batch's state in words: on its day a planned one waits for its turn."""
    if state == "planned" and effective <= today:
        return ROW_STATES["waiting"]
    return BATCH_STATES[state]
