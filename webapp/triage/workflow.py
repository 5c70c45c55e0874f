"""Words of site checks. The steps themselves stand in the tables of reports and cases."""

from webapp.core.text import _

FINDINGS = {
    "found": _("Có thấy việc này"),
    "not_found": _("Không thấy"),
    "different": _("Thấy việc khác"),
}
CHECK_STATES = {
    "open": _("Đang chờ đi xem"),
    "done": _("Đã xem tại chỗ"),
    "cancelled": _("Đã thôi"),
}
# The clocks of a site check: when one passes, the case is not late but comes back to the officer.
CHECK_CLOCKS = ("verification_task", "verification_task_urgent")
# Of reports as the desk says them; their senders read other words.
DESK_STATES = {
    "submitted": _("Chờ xem"),
    "needs_info": _("Chờ bà con trả lời"),
}
BULK_ACTS = {
    "assign": _("Phân công"),
    "attach": _("Đưa vào một vụ việc"),
    "forward": _("Chuyển địa bàn khác"),
}
BULK_STATES = {
    "waiting": _("Đang chờ"),
    "done": _("Đã làm"),
    "refused": _("Không làm được"),
}
# The steps whose words people read, and the field that holds them.
WORDED_STEPS = {
    "request_info": "question",
    "reject": "words",
    "redirect": "words",
    "forward": "reason",
    "dismiss": "words",
}
