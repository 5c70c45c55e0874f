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
# Of reports as the desk says them; their senders read other words.
DESK_STATES = {
    "submitted": _("Chờ xem"),
    "needs_info": _("Chờ bà con trả lời"),
}
