"""Where a report stands, in one sentence for its sender: who holds it, what comes next, when."""

from datetime import datetime, timedelta
from typing import Final

from webapp.audit.operations import Subject
from webapp.cases.models import Case
from webapp.core import clock
from webapp.core.bilingual import Bilingual
from webapp.core.text import Text, _
from webapp.directory.models import Organisation
from webapp.directory.queries import front_of, province_of
from webapp.reporting.models import Report
from webapp.reporting.seen import RECONSIDER_WINDOW, open_window, reopen_window

_MINUTE: Final = timedelta(minutes=1)


def first_looker(report: Report) -> Organisation | None:
    """The Front that looks first."""
    unit = province_of(report.handling_unit) if report.to_province else report.handling_unit
    return front_of(unit.id, clock.today_local())


def first_look(report: Report, front: Organisation | None) -> Text:
    """Who looks first, and until when."""
    return _(
        "%(front)s đang giữ phản ánh này và xem lần đầu, %(when)s.",
        front=_named(front),
        when=_by(report.due_at),
    )


def standing(report: Report, state: str, case: Case | None) -> Text:
    """The sentence for the state that the sender can see."""
    if case is not None:
        return _of_case(case)
    if state == "submitted":
        return first_look(report, first_looker(report))
    subject = Subject("report", report.id)
    rule = {"needs_info": "needs_info_answer"}.get(state, RECONSIDER_WINDOW)
    window = open_window(subject, rule)
    sentences = _OPEN if window else _SHUT
    when = _by(window.due_at if window else None)
    front = _named(first_looker(report))
    return Text(sentences[state].source, {"front": front, "when": when})


def _of_case(case: Case) -> Text:
    values = {
        "front": _named(case.owner),
        "office": _named(case.office) if case.office else _("Cơ quan có thẩm quyền"),
        "when": _by(case.due_at),
    }
    window = reopen_window(case)
    if window is not None:
        return Text(_REOPENABLE[case.state].source, values | {"when": _by(window.due_at)})
    return Text(_CASE[case.state].source, values)


def _named(body: Organisation | None) -> Bilingual | Text:
    return Bilingual(body.name, body.name_en) if body else _("Mặt trận")


def _by(due_at: datetime | None) -> Text:
    """Until when, or that it is late, or that no day is set; midnight is the end of a day."""
    if due_at is None:
        return _("chưa định ngày")
    due = clock.local(due_at)
    if due_at < clock.now():
        return _("đã quá hạn từ ngày %(day)s", day=f"{due:%d/%m/%Y}")
    if due + _MINUTE >= _midnight_after(due - _MINUTE):
        return _("chậm nhất hết ngày %(day)s", day=f"{due - _MINUTE:%d/%m/%Y}")
    return _("chậm nhất %(time)s ngày %(day)s", time=f"{due:%H:%M}", day=f"{due:%d/%m/%Y}")


def _midnight_after(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


_OPEN: Final = {
    "needs_info": _(
        "%(front)s chờ ông/bà trả lời câu hỏi bên dưới, %(when)s; sau đó phản ánh vẫn được xem."
    ),
    "rejected": _(
        "%(front)s không nhận phản ánh này, lý do ở bên dưới; ông/bà đề nghị xem xét lại được, "
        "%(when)s."
    ),
    "redirected": _(
        "%(front)s đã chỉ nơi nhận đúng việc này ở bên dưới; ông/bà đề nghị xem xét lại được, "
        "%(when)s."
    ),
    "withdrawn": _("Ông/bà đã rút phản ánh, %(front)s không xem tiếp và không còn bước nào nữa."),
    "attached": _("%(front)s đã đưa phản ánh vào một vụ việc và đang xem tiếp, %(when)s."),
}
_SHUT: Final = _OPEN | {
    "needs_info": _("%(front)s chờ ông/bà trả lời; chưa trả lời được thì phản ánh vẫn được xem."),
    "rejected": _(
        "%(front)s không nhận phản ánh này, lý do ở bên dưới; đã hết thời gian đề nghị xem lại."
    ),
    "redirected": _(
        "%(front)s đã chỉ nơi nhận đúng việc này ở bên dưới, ông/bà gửi nơi đó để được giải quyết."
    ),
}
_CASE: Final = {
    "received": _("%(front)s đang giữ vụ việc, bước tới là ghi ý kiến xem xét, %(when)s."),
    "verifying": _(
        "%(front)s đang cho người xác minh tại chỗ, bước tới là ghi kết quả xác minh, %(when)s."
    ),
    "assessed": _(
        "%(front)s đã xem xét, bước tới là giải quyết tại cơ sở hoặc gửi kiến nghị đến cơ quan, "
        "%(when)s."
    ),
    "local_action": _(
        "%(front)s đang cùng cơ sở giải quyết, bước tới là báo kết quả và hỏi bà con, %(when)s."
    ),
    "escalated": _(
        "%(office)s đang giữ kiến nghị của Mặt trận, bước tới là trả lời có nhận việc hay không, "
        "%(when)s."
    ),
    "accepted": _("%(office)s đã nhận việc, bước tới là kiểm tra và kết luận, %(when)s."),
    "declined": _(
        "%(office)s chưa nhận việc và đã nêu lý do, bước tới là %(front)s xem lại để gửi đúng nơi, "
        "%(when)s."
    ),
    "inspecting": _("%(office)s đang kiểm tra, bước tới là kết luận, %(when)s."),
    "concluded": _(
        "%(office)s đã có kết luận, bước tới là yêu cầu khắc phục hoặc trả lời bà con, %(when)s."
    ),
    "remedying": _(
        "%(office)s đang theo dõi việc khắc phục, bước tới là báo đã xong và hỏi bà con, %(when)s."
    ),
    "awaiting_confirmation": _(
        "%(front)s đang hỏi bà con việc đã xong chưa, bước tới là kết thúc vụ việc, %(when)s."
    ),
    "closed": _("Vụ việc đã xong; thời gian đề nghị %(front)s mở lại đã hết."),
    "dismissed": _(
        "%(front)s không xử lý tiếp vụ việc, lý do ở bên dưới; thời gian đề nghị mở lại đã hết."
    ),
    "handed_over": _(
        "Cơ quan có thẩm quyền đang giữ vụ việc và giải quyết theo luật, Mặt trận không định ngày."
    ),
}
_REOPENABLE: Final = {
    "closed": _("Vụ việc đã xong; chưa được thì ông/bà đề nghị %(front)s mở lại, %(when)s."),
    "dismissed": _(
        "%(front)s không xử lý tiếp vụ việc, lý do ở bên dưới; ông/bà đề nghị mở lại được, "
        "%(when)s."
    ),
}
