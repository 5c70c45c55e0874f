"""What is told about tasks and moves between committees; never a reporter's words or a code."""

from sqlalchemy import select

from webapp.accounts.left_notices import register_case_of
from webapp.audit.operations import Subject
from webapp.cases.categories import category
from webapp.cases.models import Case
from webapp.core.text import Text, _
from webapp.core.unit_of_work import session
from webapp.directory.names import name_in
from webapp.notifications.messages import Message, Reader, Rendered, register_message
from webapp.reporting.models import Report
from webapp.triage.models import LocalAction, SiteCheck

CHECK_ASKED = "triage.check_asked"
CHECK_DONE = "triage.check_done"
CHECK_RETURNED = "triage.check_returned"
ACTION_GIVEN = "triage.action_given"
ACTION_DONE = "triage.action_done"
CASE_COPIED = "triage.case_copied"
CASE_TAKEN_OVER = "triage.case_taken_over"
CASE_ASSIGNED = "triage.case_assigned"
TRANSFER_ASKED = "triage.transfer_asked"
REPORT_RECEIVED = "triage.report_received"
CHECK_SUBJECT = "site_check"
ACTION_SUBJECT = "local_action"
_NEUTRAL = _("Mắt Xanh: có cập nhật")
_TASKS = "/can-bo/nhiem-vu"
_QUEUE = "/can-bo/hang-doi"
_MINE = "/can-bo/hang-doi?tab=vu-viec&holder=mine"
_RETURNED = "/can-bo/hom-nay?viec=xem-tai-cho"


def check_subject(check: SiteCheck) -> Subject:
    """How notices name a site check."""
    session().flush()
    return Subject(CHECK_SUBJECT, check.id)


def action_subject(action: LocalAction) -> Subject:
    """How notices name a local task."""
    session().flush()
    return Subject(ACTION_SUBJECT, action.id)


def _check_asked(check_id: int, reader: Reader) -> Rendered | None:
    check = session().get(SiteCheck, check_id)
    if check is None or check.state != "open" or reader.person_id in check.left_out:
        return None
    if check.left_out and reader.person_id is None:
        # Who is left out may read the group's mail.
        return Rendered(_NEUTRAL, _("Có việc dành cho tổ. Xin mở Mắt Xanh để xem."), _TASKS)
    subject = _("Mặt trận nhờ đi xem tại chỗ")
    body = _("%(category)s, %(unit)s. Xin đi xem trước hết ngày %(day)s.")
    return Rendered(
        subject, _filled(body, check.case, reader, day=f"{check.due_on:%d/%m/%Y}"), _TASKS
    )


def _check_done(check_id: int, reader: Reader) -> Rendered | None:
    check = session().get(SiteCheck, check_id)
    if check is None or check.state != "done":
        return None
    body = _("%(category)s, %(unit)s. Xin mở hồ sơ để xem kết quả.")
    return Rendered(_("Đã có kết quả xem tại chỗ"), _filled(body, check.case, reader), _QUEUE)


def _check_returned(check_id: int, reader: Reader) -> Rendered | None:
    """To the Front that it decides anew, to the group that a late answer still counts."""
    check = session().get(SiteCheck, check_id)
    if check is None or check.state != "open" or reader.person_id in check.left_out:
        return None
    if reader.organisation_id != check.organisation_id:
        body = _("%(category)s, %(unit)s. Việc đã về lại Mặt trận: xin nhờ lại hoặc tự đi xem.")
        return Rendered(_("Chưa ai đi xem trong hạn"), _filled(body, check.case, reader), _RETURNED)
    if check.left_out and reader.person_id is None:
        # Who is left out may read the group's mail.
        return Rendered(_NEUTRAL, _("Có việc dành cho tổ. Xin mở Mắt Xanh để xem."), _TASKS)
    body = _("%(category)s, %(unit)s. Nếu đã đi xem, xin vẫn gửi kết quả.")
    return Rendered(_("Quá hạn đi xem tại chỗ"), _filled(body, check.case, reader), _TASKS)


def _action_given(action_id: int, reader: Reader) -> Rendered | None:
    action = session().get(LocalAction, action_id)
    if action is None or action.reported_at is not None:
        return None
    subject = _("Mặt trận giao giải quyết tại cơ sở")
    body = _("%(category)s, %(unit)s. Hạn: hết ngày %(day)s.")
    day = f"{action.due_on:%d/%m/%Y}"
    return Rendered(subject, _filled(body, action.case, reader, day=day), _TASKS)


def _action_done(action_id: int, reader: Reader) -> Rendered | None:
    action = session().get(LocalAction, action_id)
    if action is None or action.reported_at is None:
        return None
    body = _("%(category)s, %(unit)s. Xin mở hồ sơ để xem.")
    return Rendered(_("Đã có kết quả tại cơ sở"), _filled(body, action.case, reader), _QUEUE)


def _case_copied(case_id: int, reader: Reader) -> Rendered | None:
    case = session().get(Case, case_id)
    if case is None:
        return None
    body = _("%(category)s, %(unit)s. Mặt trận tỉnh giữ, cấp xã cùng theo dõi.")
    return Rendered(_("Có vụ việc cấp tỉnh trong địa bàn"), _filled(body, case, reader), _QUEUE)


def _case_taken_over(case_id: int, reader: Reader) -> Rendered | None:
    """To the person or the committee that has it now; not why, which is read in the case."""
    case = session().get(Case, case_id)
    if case is None:
        return None
    if reader.organisation_id is None:
        has_it = case.assignee_id == reader.person_id
    else:
        has_it = case.owner_id == reader.organisation_id
    if not has_it:
        return None
    body = _("%(category)s, %(unit)s. Cán bộ phụ trách đã né việc; xin xử lý tiếp.")
    return Rendered(_("Ông/bà nhận thay một vụ việc"), _filled(body, case, reader), _QUEUE)


def _case_assigned(case_id: int, reader: Reader) -> Rendered | None:
    case = session().get(Case, case_id)
    if case is None or case.assignee_id != reader.person_id:
        return None
    body = _("%(category)s, %(unit)s. Lời dặn ở hồ sơ vụ việc.")
    return Rendered(_("Ông/bà được phân công một vụ việc"), _filled(body, case, reader), _MINE)


def _transfer_asked(case_id: int, reader: Reader) -> Rendered | None:
    case = session().get(Case, case_id)
    if case is None:
        return None
    body = _("%(category)s, đang ở %(unit)s. Xin nhận hoặc trả lại.")
    return Rendered(_("Địa bàn khác chuyển một vụ việc đến"), _filled(body, case, reader), _QUEUE)


def _report_received(report_id: int, reader: Reader) -> Rendered | None:
    report = session().get(Report, report_id)
    if report is None or report.state != "submitted":
        return None
    body = _(
        "%(category)s, %(unit)s.",
        category=category(report.category).label.in_language(reader.language),
        unit=name_in(reader.language, report.handling_unit),
    )
    return Rendered(_("Có phản ánh chuyển đến địa bàn"), body, _QUEUE)


def _filled(body: Text, case: Case, reader: Reader, **values: str) -> Text:
    label = category(case.category).label.in_language(reader.language)
    unit = name_in(reader.language, case.handling_unit)
    return Text(body.source, {"category": label, "unit": unit, **values})


register_message(Message(CHECK_ASKED, CHECK_SUBJECT, _check_asked))
register_message(Message(CHECK_DONE, CHECK_SUBJECT, _check_done))
register_message(Message(CHECK_RETURNED, CHECK_SUBJECT, _check_returned))
register_message(Message(ACTION_GIVEN, ACTION_SUBJECT, _action_given))
register_message(Message(ACTION_DONE, ACTION_SUBJECT, _action_done))
register_message(Message(CASE_COPIED, "case", _case_copied))
register_message(Message(CASE_TAKEN_OVER, "case", _case_taken_over))
register_message(Message(CASE_ASSIGNED, "case", _case_assigned, listed_only=True))
register_message(Message(TRANSFER_ASKED, "case", _transfer_asked))
register_message(Message(REPORT_RECEIVED, "report", _report_received))
register_case_of(CHECK_SUBJECT, lambda of: select(SiteCheck.case_id).where(SiteCheck.id == of))
register_case_of(ACTION_SUBJECT, lambda of: select(LocalAction.case_id).where(LocalAction.id == of))
