"""The table of the public outcome page (workflow.md)."""

from webapp.core.text import _
from webapp.core.workflow import Transition, Workflow, states
from webapp.outcomes import permissions as may

OUTCOME_STATES = {
    "draft": _("Bản nháp"),
    "approved": _("Đã duyệt"),
    "published": _("Đã công khai"),
    "corrected": _("Đã đính chính"),
    "retracted": _("Đã gỡ"),
}
# How a result reaches those who have no phone.
POSTING_KINDS = {
    "board": _("Niêm yết"),
    "loudspeaker": _("Đọc trên loa"),
}
# Why a result may lawfully have no page; kept with the case as the reason's own words first.
UNPUBLISHED = {
    "state_secret": _("Thuộc bí mật nhà nước hoặc bí mật kinh doanh được pháp luật bảo vệ"),
    "private_life": _("Trang công khai sẽ để lộ người hoặc nhà của bà con"),
    "under_investigation": _("Cơ quan có thẩm quyền đang điều tra"),
    "kept_off_pages": _("Loại việc không đưa lên trang công khai"),
}
PUBLIC = states("published", "corrected")

OUTCOME = Workflow(
    "outcome",
    OUTCOME_STATES,
    (
        Transition("draft", states(), "draft", (may.DRAFT,), _("Soạn trang kết quả")),
        Transition("edit", states("draft"), None, (may.DRAFT,), _("Sửa bản nháp")),
        Transition("approve", states("draft"), "approved", (may.APPROVE,), _("Duyệt")),
        Transition(
            "return_draft", states("approved"), "draft", (may.APPROVE,), _("Trả lại"), ("reason",)
        ),
        Transition("publish", states("approved"), "published", (may.PUBLISH,), _("Công khai")),
        Transition("correct", PUBLIC, "corrected", (may.PUBLISH,), _("Đính chính"), ("reason",)),
        Transition("retract", PUBLIC, "retracted", (may.RETRACT,), _("Gỡ ngay"), ("reason",)),
        Transition(
            "republish",
            states("retracted"),
            "published",
            (may.PUBLISH,),
            _("Công khai bản mới"),
            ("reason",),
        ),
    ),
)
