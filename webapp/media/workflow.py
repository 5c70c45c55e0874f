"""The tables of photos, papers and their redactions: what came, what may be shown."""

from webapp.core.text import _
from webapp.core.workflow import Transition, Workflow, states

PHOTO_STATES = {
    "wanted": _("Chờ gửi ảnh"),
    "stored": _("Đang xử lý ảnh"),
    "ready": _("Ảnh đã sẵn sàng"),
    "unreadable": _("Ảnh không đọc được"),
    "approved": _("Ảnh được công khai"),
    "hidden": _("Ảnh không công khai"),
    "erased": _("Ảnh đã gỡ bỏ"),
}

SHOWABLE = states("ready", "approved", "hidden")
ERASABLE = frozenset(PHOTO_STATES) - states("erased")

PHOTO = Workflow(
    "photo",
    PHOTO_STATES,
    (
        Transition("want", states(), "wanted", (), _("Khai ảnh")),
        Transition("store", states("wanted"), "stored", (), _("Nhận ảnh")),
        Transition("render", states("stored"), "ready", (), _("Xử lý ảnh")),
        Transition("fail", states("stored"), "unreadable", (), _("Ảnh hỏng")),
        Transition("approve", states("ready"), "approved", (), _("Cho công khai")),
        Transition("hide", states("ready", "approved"), "hidden", (), _("Ẩn")),
        Transition("erase", ERASABLE, "erased", (), _("Gỡ bỏ")),
    ),
)

PAPER_STATES = {
    "stored": _("Đang đọc văn bản"),
    "ready": _("Văn bản đã sẵn sàng"),
    "unreadable": _("Văn bản không che được"),
}

PAPER = Workflow(
    "paper",
    PAPER_STATES,
    (
        Transition("store", states(), "stored", (), _("Nhận văn bản")),
        Transition("read", states("stored"), "ready", (), _("Đọc văn bản")),
        Transition("fail", states("stored"), "unreadable", (), _("Văn bản không che được")),
    ),
)

REDACTION_STATES = {
    "drawn": _("Đang che"),
    "ready": _("Chờ người khác duyệt"),
    "approved": _("Đã duyệt bản che"),
    "returned": _("Đã trả lại để che thêm"),
    "failed": _("Không che được"),
}

REDACTION = Workflow(
    "redaction",
    REDACTION_STATES,
    (
        Transition("draw", states(), "drawn", (), _("Che ảnh, văn bản")),
        Transition("render", states("drawn"), "ready", (), _("Làm bản che")),
        Transition("fail", states("drawn"), "failed", (), _("Không che được")),
        Transition("approve", states("ready"), "approved", (), _("Duyệt bản che")),
        Transition("return_redaction", states("ready"), "returned", (), _("Trả lại"), ("reason",)),
    ),
)
