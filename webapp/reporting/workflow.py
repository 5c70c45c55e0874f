"""The table of a report: what one person sent (workflow.md)."""

from webapp.core.text import _
from webapp.core.workflow import Transition, Workflow, states
from webapp.directory.permissions import MANAGE as MANAGE_DIRECTORY
from webapp.reporting import permissions as may

REPORT_STATES = {
    "submitted": _("Đã gửi, chờ Mặt trận xem"),
    "attached": _("Đã tiếp nhận"),
    "needs_info": _("Cần ông/bà cho biết thêm"),
    "rejected": _("Không tiếp nhận (có nêu lý do)"),
    "redirected": _("Đã hướng dẫn gửi đúng nơi"),
    "withdrawn": _("Đã rút"),
}
WAITING = states("submitted", "needs_info")
ANY = frozenset(REPORT_STATES)
FRONT = (may.DECIDE,)

REPORT = Workflow(
    "report",
    REPORT_STATES,
    (
        Transition("submit", states(), "submitted", (), _("Gửi phản ánh"), ("category", "consent")),
        Transition(
            "request_info",
            states("submitted"),
            "needs_info",
            FRONT,
            _("Hỏi thêm"),
            ("question",),
        ),
        Transition("add_info", states("needs_info"), "submitted", (), _("Bổ sung thông tin")),
        Transition("resume", states("needs_info"), "submitted", (), _("Hết hạn chờ trả lời")),
        Transition("forward", WAITING, None, FRONT, _("Chuyển địa bàn khác"), ("unit", "reason")),
        Transition("attach", WAITING, "attached", FRONT, _("Đưa vào vụ việc"), ("case",)),
        Transition(
            "detach", states("attached"), "submitted", FRONT, _("Tách khỏi vụ việc"), ("reason",)
        ),
        Transition("reject", WAITING, "rejected", FRONT, _("Không tiếp nhận"), ("reason", "words")),
        Transition(
            "redirect", WAITING, "redirected", FRONT, _("Hướng dẫn gửi đúng nơi"), ("door", "words")
        ),
        Transition(
            "reconsider",
            states("rejected", "redirected"),
            "submitted",
            FRONT,
            _("Xem xét lại"),
            ("reason",),
        ),
        Transition(
            "undo", states("attached", "needs_info", "rejected"), "submitted", FRONT, _("Hoàn tác")
        ),
        Transition("prioritise", WAITING, None, FRONT, _("Đặt mức ưu tiên"), ("reason",)),
        Transition("step_aside", WAITING, None, FRONT, _("Né việc"), ("reason",)),
        Transition(
            "move_unit", WAITING, None, (MANAGE_DIRECTORY,), _("Đổi đơn vị theo đợt sắp xếp")
        ),
        Transition("withdraw", WAITING, "withdrawn", (), _("Rút phản ánh")),
        Transition("withdraw_identity", ANY, None, (), _("Rút danh tính")),
        Transition(
            "report_reprisal",
            ANY,
            None,
            (),
            _("Bị gây khó dễ, đe dọa vì phản ánh"),
            ("words",),
        ),
    ),
)

REJECTIONS = {
    "not_environment": _("Không phải việc môi trường"),
    "no_place": _("Không rõ ở đâu"),
    "not_enough": _("Chưa đủ thông tin để xem"),
    "duplicate_sender": _("Ông/bà đã gửi việc này rồi"),
    "outside_area": _("Ngoài địa bàn phục vụ"),
    "abusive": _("Nội dung xúc phạm, quảng cáo"),
}
DOORS = {
    "complaint": _("Khiếu nại quyết định của cơ quan"),
    "denunciation": _("Tố cáo cán bộ làm sai"),
    "crime": _("Tố giác tội phạm"),
    "other_body": _("Cơ quan khác"),
}
CHANNELS = {
    "web": _("Trang web"),
    "in_person": _("Gặp trực tiếp"),
    "phone": _("Điện thoại"),
    "meeting": _("Họp thôn, bản"),
    "religious": _("Cơ sở tôn giáo"),
    "zalo": _("Zalo"),
    "press": _("Báo chí"),
    "other": _("Nơi khác chuyển đến"),
}
MARKS = {
    "satisfied": _("Hài lòng"),
    "accepted": _("Chấp nhận"),
    "unsatisfied": _("Không hài lòng"),
}
NATURES = {
    "sudden": _("Mới xảy ra đột ngột"),
    "continuous": _("Xảy ra thường xuyên"),
}
LANGUAGES = {
    "vi": _("Tiếng Việt"),
    "tay": _("Tiếng Tày"),
    "nung": _("Tiếng Nùng"),
    "thai": _("Tiếng Thái"),
    "mong": _("Tiếng Mông"),
    "dao": _("Tiếng Dao"),
    "other": _("Tiếng khác"),
}
