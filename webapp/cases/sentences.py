"""What the public reads about a case: its title, and who holds it, what comes next, and when."""

from functools import lru_cache
from typing import Final

from webapp.cases.categories import category
from webapp.core.text import Text, _


@lru_cache(maxsize=4096)
def case_title(category_code: str, unit: str, language: str) -> str:
    """Category and unit, in this language; never a reporter's words."""
    return f"{category(category_code).label.in_language(language)} – {unit}"


def state_sentence(state: str, *, front: str, office: str | None) -> Text:
    """Who holds a case in this state. Raises KeyError for a state with no public page."""
    names = {"front": front, "office": office or _("Cơ quan có thẩm quyền")}
    return Text(_NOW[state].source, names)


def next_step(state: str) -> Text | None:
    """What comes next; None where nothing does."""
    return _NEXT.get(state)


_NOW: Final = {
    "received": _("%(front)s đang xem xét vụ việc này."),
    "verifying": _("%(front)s đang cho xác minh tại chỗ."),
    "assessed": _("%(front)s đã xem xét vụ việc này."),
    "local_action": _("%(front)s đang cùng cơ sở giải quyết."),
    "escalated": _("%(front)s đã gửi kiến nghị đến %(office)s."),
    "accepted": _("%(office)s đã nhận xử lý."),
    "declined": _("%(office)s chưa nhận xử lý và đã nêu lý do."),
    "inspecting": _("%(office)s đang kiểm tra."),
    "concluded": _("%(office)s đã có kết luận."),
    "remedying": _("Việc khắc phục đang được làm, %(office)s theo dõi."),
    "awaiting_confirmation": _("Đã có kết quả. %(front)s đang hỏi bà con việc đã xong chưa."),
    "closed": _("Vụ việc đã xong."),
    "dismissed": _("%(front)s không xử lý tiếp vụ việc này."),
    "handed_over": _("Vụ việc đã được chuyển cơ quan có thẩm quyền."),
}
_NEXT: Final = {
    "received": _("Tiếp theo: Mặt trận ghi ý kiến xem xét."),
    "verifying": _("Tiếp theo: Mặt trận ghi kết quả xác minh và ý kiến xem xét."),
    "assessed": _("Tiếp theo: giải quyết tại cơ sở hoặc gửi kiến nghị đến cơ quan có thẩm quyền."),
    "local_action": _("Tiếp theo: báo kết quả, rồi hỏi bà con."),
    "escalated": _("Tiếp theo: cơ quan trả lời có nhận xử lý hay không."),
    "accepted": _("Tiếp theo: cơ quan kiểm tra và kết luận."),
    "declined": _("Tiếp theo: Mặt trận xem lại và gửi đến đúng nơi."),
    "inspecting": _("Tiếp theo: cơ quan kết luận."),
    "concluded": _("Tiếp theo: yêu cầu khắc phục, hoặc trả lời bà con nếu không phải khắc phục."),
    "remedying": _("Tiếp theo: báo đã khắc phục, rồi hỏi bà con."),
    "awaiting_confirmation": _("Tiếp theo: Mặt trận công bố kết quả và kết thúc vụ việc."),
}
