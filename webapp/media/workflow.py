"""The table of a photo: what was promised, what came, what may be shown."""

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
