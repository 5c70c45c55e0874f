"""The table of a case: every step it can take, and no other (workflow.md)."""

from webapp.cases import permissions as may
from webapp.core.text import _
from webapp.core.workflow import Transition, Workflow, states
from webapp.directory.permissions import MANAGE as MANAGE_DIRECTORY

CASE_STATES = {
    "received": _("Đã tiếp nhận"),
    "verifying": _("Đang xác minh tại chỗ"),
    "assessed": _("Mặt trận đã xem xét"),
    "local_action": _("Đang giải quyết tại cơ sở"),
    "escalated": _("Đã gửi kiến nghị"),
    "accepted": _("Cơ quan đã nhận"),
    "declined": _("Cơ quan chưa nhận, có nêu lý do"),
    "inspecting": _("Đang kiểm tra"),
    "concluded": _("Đã có kết luận"),
    "remedying": _("Đang khắc phục"),
    "awaiting_confirmation": _("Chờ bà con xác nhận"),
    "closed": _("Đã xong"),
    "dismissed": _("Không xử lý tiếp (có nêu lý do)"),
    "merged": _("Đã gộp vào vụ việc khác"),
    "handed_over": _("Đã chuyển cơ quan có thẩm quyền"),
}
ENDED = states("closed", "dismissed", "merged", "handed_over")
OPEN = frozenset(CASE_STATES) - ENDED
# A dismissed, merged or handed-over case keeps an address but leaves map, list and feeds.
LISTED = OPEN | states("closed")

RAISABLE = states(
    "assessed",
    "escalated",
    "accepted",
    "declined",
    "inspecting",
    "concluded",
    "remedying",
    "awaiting_confirmation",
)
EXTENDABLE = states("local_action", "escalated", "accepted", "inspecting", "remedying")
URGEABLE = states("escalated", "accepted", "inspecting", "remedying")
EARLY = states("received", "verifying", "assessed")
MERGEABLE = EARLY | states("local_action")
AWAITING = states("awaiting_confirmation")
# While a case is in one of these, its office is the one who has to act.
WITH_OFFICE = states("escalated", "accepted", "inspecting", "concluded", "remedying")
# There is something to tell on a page about the result.
WITH_RESULT = states("concluded", "remedying", "awaiting_confirmation", "closed")
OFFICE = (may.HANDLE, may.RECORD_FOR_OFFICE)

_ROWS = (
    Transition("open_case", states(), "received", (may.OPEN,), _("Mở vụ việc"), ("category",)),
    Transition(
        "request_verification",
        states("received"),
        "verifying",
        (may.REQUEST_VERIFICATION,),
        _("Yêu cầu xác minh tại chỗ"),
        ("who", "due_on"),
    ),
    Transition(
        "record_verification",
        states("received", "verifying"),
        "received",
        (may.RECORD_VERIFICATION, may.REQUEST_VERIFICATION),
        _("Ghi kết quả xác minh"),
        ("finding",),
    ),
    Transition(
        "cancel_verification",
        states("verifying"),
        "received",
        (may.REQUEST_VERIFICATION,),
        _("Thôi xác minh"),
        ("reason",),
    ),
    # By the clock: nobody went in time, so the officer decides anew. A late answer still counts.
    Transition(
        "return_verification", states("verifying"), "received", (), _("Quá hạn xem tại chỗ")
    ),
    Transition(
        "assess",
        states("received"),
        "assessed",
        (may.ASSESS,),
        _("Ghi ý kiến xem xét"),
        ("summary", "severity", "waste_source"),
    ),
    Transition(
        "fast_lane",
        states("received"),
        "local_action",
        (may.ASSESS,),
        _("Giải quyết nhanh tại cơ sở"),
        ("who", "what", "due_on", "summary"),
    ),
    Transition(
        "act_locally",
        states("assessed"),
        "local_action",
        (may.ACT_LOCALLY,),
        _("Giao giải quyết tại cơ sở"),
        ("who", "what", "due_on"),
    ),
    Transition(
        "report_local_result",
        states("local_action"),
        "awaiting_confirmation",
        (may.REPORT_LOCAL_RESULT, may.ACT_LOCALLY),
        _("Báo kết quả tại cơ sở"),
        ("result",),
    ),
    Transition(
        "escalate",
        states("assessed", "local_action", "declined"),
        "escalated",
        (may.ASSESS,),
        _("Gửi kiến nghị"),
    ),
    # The province Front escalates a raised case from any open state.
    Transition(
        "escalate_raised", OPEN, "escalated", (may.TAKE_RAISED,), _("Mặt trận tỉnh gửi kiến nghị")
    ),
    # A letter that is voided before it was delivered takes the case back (workflow, void).
    Transition(
        "recommendation_voided",
        states("escalated"),
        "assessed",
        (may.TAKE_BACK,),
        _("Hủy kiến nghị trước khi gửi"),
        ("reason",),
    ),
    Transition(
        "propose_raise",
        RAISABLE,
        None,
        (may.ASSESS,),
        _("Đề nghị chuyển lên cấp tỉnh"),
        ("reason",),
    ),
    Transition("raise", RAISABLE, None, (may.TAKE_RAISED,), _("Chuyển lên cấp tỉnh")),
    Transition(
        "return_raise", RAISABLE, None, (may.TAKE_RAISED,), _("Trả lại cấp xã"), ("reason",)
    ),
    Transition(
        "propose_transfer",
        states("received", "assessed"),
        None,
        (may.OPEN,),
        _("Đề nghị chuyển địa bàn"),
        ("unit", "reason"),
    ),
    Transition(
        "transfer",
        states("received", "assessed"),
        "received",
        (may.OPEN,),
        _("Nhận từ địa bàn khác"),
    ),
    Transition(
        "return_transfer",
        states("received", "assessed"),
        None,
        (may.OPEN,),
        _("Trả lại địa bàn cũ"),
        ("reason",),
    ),
    Transition("merge_into", MERGEABLE, "merged", (may.OPEN,), _("Gộp vụ việc"), ("survivor",)),
    Transition("unmerge", states("merged"), "received", (may.OPEN,), _("Tách lại"), ("reason",)),
    Transition("assign", OPEN, None, (may.OPEN,), _("Phân công"), ("reason",)),
    Transition("amend", OPEN, None, (may.ASSESS,), _("Sửa thông tin"), ("reason",)),
    Transition("prioritise", OPEN, None, (may.OPEN,), _("Đặt mức ưu tiên"), ("reason",)),
    Transition("step_aside", OPEN, None, (may.OPEN,), _("Né việc"), ("reason",)),
    Transition(
        "propose_extend",
        EXTENDABLE,
        None,
        (may.HANDLE, may.REPORT_LOCAL_RESULT, may.RECORD_FOR_OFFICE),
        _("Xin gia hạn"),
        ("reason", "due_on"),
    ),
    Transition("extend", EXTENDABLE, None, (may.EXTEND,), _("Gia hạn"), ("due_on",)),
    Transition("return_extend", EXTENDABLE, None, (may.EXTEND,), _("Không gia hạn"), ("reason",)),
    Transition("recategorise", OPEN, None, (may.ASSESS,), _("Đổi loại"), ("category",)),
    Transition(
        "dismiss",
        EARLY,
        "dismissed",
        (may.ASSESS,),
        _("Không xử lý tiếp"),
        ("reason", "words"),
    ),
    Transition("urge", URGEABLE, None, (may.URGE,), _("Đôn đốc"), ("document",)),
    Transition(
        "accept", states("escalated"), "accepted", OFFICE, _("Nhận kiến nghị"), ("planned_on",)
    ),
    Transition(
        "accept_urgent", EARLY, "accepted", (may.HANDLE,), _("Nhận việc khẩn"), ("planned_on",)
    ),
    Transition(
        "regularise",
        states("accepted", "inspecting", "concluded", "remedying", "awaiting_confirmation"),
        None,
        (may.ASSESS,),
        _("Bổ sung kiến nghị"),
        ("summary", "severity", "waste_source"),
    ),
    Transition(
        "release_to_commune",
        OPEN,
        None,
        (may.TAKE_RAISED,),
        _("Cho cấp xã xem"),
        ("summary",),
    ),
    Transition(
        "decline",
        states("escalated"),
        "declined",
        OFFICE,
        _("Không nhận kiến nghị"),
        ("reason", "right_body"),
    ),
    Transition(
        "reassess",
        states("declined"),
        "assessed",
        (may.ASSESS,),
        _("Xem xét lại"),
        ("reason",),
    ),
    Transition(
        "start_inspection",
        states("accepted"),
        "inspecting",
        OFFICE,
        _("Bắt đầu kiểm tra"),
        ("form", "team", "on_date"),
    ),
    Transition(
        "propose_conclude",
        states("inspecting", "accepted"),
        None,
        OFFICE,
        _("Trình kết luận"),
        ("conclusion", "answer"),
    ),
    Transition(
        "conclude",
        states("inspecting", "accepted"),
        "concluded",
        (may.APPROVE_CONCLUSION, may.RECORD_FOR_OFFICE),
        _("Kết luận"),
        ("conclusion", "answer"),
    ),
    Transition(
        "return_conclude",
        states("inspecting", "accepted"),
        None,
        (may.APPROVE_CONCLUSION,),
        _("Trả lại kết luận"),
        ("reason",),
    ),
    Transition(
        "order_remedy",
        states("concluded"),
        "remedying",
        OFFICE,
        _("Yêu cầu khắc phục"),
        ("measures", "due_on"),
    ),
    Transition(
        "no_remedy",
        states("concluded"),
        "awaiting_confirmation",
        OFFICE,
        _("Không cần khắc phục"),
        ("reason",),
    ),
    Transition(
        "report_remedied",
        states("remedying"),
        "awaiting_confirmation",
        OFFICE,
        _("Báo đã khắc phục"),
        ("result",),
    ),
    Transition("vote_fixed", AWAITING, None, (), _("Xác nhận kết quả"), ("fixed",)),
    Transition(
        "deny_local", AWAITING, "assessed", (may.DENY,), _("Trả lại kết quả tại cơ sở"), ("reason",)
    ),
    Transition(
        "deny_remedy",
        AWAITING,
        "remedying",
        (may.DENY,),
        _("Trả lại, chưa khắc phục xong"),
        ("reason", "due_on"),
    ),
    Transition(
        "deny_conclusion", AWAITING, "assessed", (may.DENY,), _("Đề nghị làm rõ thêm"), ("reason",)
    ),
    Transition("close", AWAITING, "closed", (may.CLOSE,), _("Kết thúc vụ việc")),
    # A unit merger moves open work as it stands (workflow.md, units over time).
    Transition("move_unit", OPEN, None, (MANAGE_DIRECTORY,), _("Đổi đơn vị theo đợt sắp xếp")),
    Transition(
        "hand_over",
        OPEN,
        "handed_over",
        (may.HAND_OVER,),
        _("Chuyển cơ quan có thẩm quyền"),
        ("body", "reason"),
    ),
    Transition("reopen", states("closed"), "assessed", (may.REOPEN,), _("Mở lại"), ("reason",)),
    Transition("reopen", states("dismissed"), "received", (may.REOPEN,), _("Mở lại"), ("reason",)),
)

CASE = Workflow("case", CASE_STATES, _ROWS)

# Where a case's exact place is from: the phone when the report was sent, the photo, a pin set by
# hand, or a Front officer who says that the problem is there.
PLACE_SOURCES = ("gps", "photo", "map", "front")

SEVERITIES = {
    "minor": _("Nhẹ"),
    "moderate": _("Vừa"),
    "serious": _("Nặng"),
    "grave": _("Rất nặng"),
}
WASTE_SOURCES = {
    "industry": _("Công nghiệp"),
    "agriculture": _("Sản xuất nông nghiệp"),
    "hospital": _("Bệnh viện"),
    "market": _("Chợ, trung tâm thương mại"),
    "slaughter": _("Giết mổ, chế biến thực phẩm"),
    "household": _("Hộ gia đình, cộng đồng"),
    "other": _("Khác"),
}
CONCLUSIONS = {
    "violation": _("Có vi phạm"),
    "none": _("Không có vi phạm"),
    "not_enough_grounds": _("Chưa đủ căn cứ kết luận"),
}
DISMISSALS = {
    "not_found": _("Không thấy như phản ánh"),
    "different": _("Sự việc khác với phản ánh"),
    "already_gone": _("Đã hết trước khi xem"),
    "out_of_scope": _("Không thuộc phạm vi"),
    "opened_by_mistake": _("Mở nhầm"),
}
