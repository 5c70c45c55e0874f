"""What is told about outcome pages: to those who may approve one, that a text waits for them."""

from sqlalchemy import select

from webapp.accounts.left_notices import register_case_of
from webapp.cases.categories import category
from webapp.cases.models import Case
from webapp.cases.workflow import AWAITING
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.directory.names import name_in
from webapp.notifications.messages import Message, Reader, Rendered, register_message
from webapp.outcomes.models import Outcome, Posting
from webapp.outcomes.policy import is_approved
from webapp.outcomes.queries import authors_of_finding, pending
from webapp.outcomes.workflow import PUBLIC

TO_APPROVE = "outcome.to_approve"
REPLY_RECEIVED = "outcome.reply_received"
TO_POST = "outcome.to_post"
POSTED_LONG_ENOUGH = "outcome.posted_long_enough"
TAKE_DOWN = "outcome.take_down"
MAY_CLOSE = "outcome.may_close"


def _to_approve(outcome_id: int, reader: Reader) -> Rendered | None:
    outcome = session().get(Outcome, outcome_id)
    version = pending(outcome) if outcome else None
    if outcome is None or version is None:
        return None
    if is_approved(version, authors_of_finding(outcome.case_id)):
        return None
    body = _(
        "%(category)s, %(unit)s. Xin xem và duyệt, hoặc trả lại.",
        category=category(outcome.case.category).label.in_language(reader.language),
        unit=name_in(reader.language, outcome.case.handling_unit),
    )
    return Rendered(_("Có trang kết quả chờ duyệt"), body, f"/can-bo/ket-qua/{outcome.case.code}")


def _reply_received(case_id: int, reader: Reader) -> Rendered | None:
    case = session().get(Case, case_id)
    if case is None:
        return None
    body = _("%(category)s, %(unit)s. Xin đăng cạnh kết luận.", **_where(case, reader))
    return Rendered(_("Cơ sở gửi ý kiến giải trình"), body, f"/can-bo/ket-qua/{case.code}")


def _to_post(outcome_id: int, reader: Reader) -> Rendered | None:
    outcome = session().get(Outcome, outcome_id)
    if outcome is None or outcome.state not in PUBLIC:
        return None
    body = _(
        "%(category)s, %(unit)s. Xin niêm yết và đọc trên loa.", **_where(outcome.case, reader)
    )
    return Rendered(_("Kết quả chờ niêm yết"), body, _posting_page(outcome))


def _may_close(case_id: int, reader: Reader) -> Rendered | None:
    case = session().get(Case, case_id)
    if case is None or case.state not in AWAITING:
        return None
    told = _("Đã hết thời gian chờ bà con xác nhận")
    body = _(
        "%(category)s, %(unit)s. Xin xem có thể kết thúc vụ việc chưa.", **_where(case, reader)
    )
    return Rendered(told, body, f"/can-bo/vu-viec/{case.code}")


def _posted_long_enough(posting_id: int, reader: Reader) -> Rendered | None:
    posting = session().get(Posting, posting_id)
    if posting is None or posting.ended_on is not None:
        return None
    case = posting.outcome.case
    body = _("%(category)s, %(unit)s. Xin ghi ngày kết thúc.", **_where(case, reader))
    return Rendered(_("Niêm yết đã đủ ngày"), body, _posting_page(posting.outcome))


def _take_down(outcome_id: int, reader: Reader) -> Rendered | None:
    outcome = session().get(Outcome, outcome_id)
    if outcome is None or outcome.state != "retracted":
        return None
    body = _("%(category)s, %(unit)s. Xin gỡ tờ đã niêm yết.", **_where(outcome.case, reader))
    return Rendered(_("Trang kết quả đã gỡ"), body, _posting_page(outcome))


def _where(case: Case, reader: Reader) -> dict[str, str]:
    label = category(case.category).label.in_language(reader.language)
    return {"category": label, "unit": name_in(reader.language, case.handling_unit)}


def _posting_page(outcome: Outcome) -> str:
    return f"/can-bo/niem-yet/{outcome.case.code}"


for _message in (
    Message(TO_APPROVE, "outcome", _to_approve),
    Message(REPLY_RECEIVED, "case", _reply_received),
    Message(TO_POST, "outcome", _to_post),
    Message(POSTED_LONG_ENOUGH, "posting", _posted_long_enough),
    Message(TAKE_DOWN, "outcome", _take_down),
    Message(MAY_CLOSE, "case", _may_close),
):
    register_message(_message)

register_case_of("outcome", lambda of: select(Outcome.case_id).where(Outcome.id == of))
register_case_of(
    "posting",
    lambda of: (
        select(Outcome.case_id)
        .join(Posting, Posting.outcome_id == Outcome.id)
        .where(Posting.id == of)
    ),
)
