"""What today's work shows of passed dates: urge the office, then go to the province."""

from flask import url_for

from webapp.casework import permissions as may
from webapp.casework.case_letters import fits
from webapp.casework.suggestions import URGE, Suggestion, suggestions
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.text import Text, _
from webapp.triage.piles import Pile, Proposed, register_pile


def proposed(actor: Actor) -> list[Proposed]:
    """Each late case with the one step that its date calls for."""
    return [_proposed(each) for each in suggestions(actor)]


def _proposed(late: Suggestion) -> Proposed:
    step, url = _next(late)
    day = clock.local(late.due_at).strftime("%d/%m/%Y")
    return Proposed(late.case.code, _("Cơ quan quá hạn từ %(day)s.", day=day), step, url)


def _next(late: Suggestion) -> tuple[Text, str]:
    code = late.case.code
    if late.step != URGE:
        url = url_for("staff_cases.take", code=code, step="propose_raise")
        return _("Đề nghị chuyển lên cấp tỉnh"), url
    if fits("urging", late.case):
        return _("Soạn công văn đôn đốc"), url_for("case_letters.new", code=code, slug="don-doc")
    return _("Ghi ngày công văn đến nơi"), url_for("staff_cases.show", code=code)


register_pile(
    Pile(
        "don-doc",
        _("Cần đôn đốc"),
        _("Không có vụ việc nào cần ông/bà đôn đốc"),
        _("Khi cơ quan quá hạn trong vụ việc mà Mặt trận của ông/bà giữ, vụ việc hiện ở đây."),
        (may.DRAFT,),
        proposed,
    )
)
