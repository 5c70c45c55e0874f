"""What is told about recommendations and what waits for a yes; never a reporter or a code."""

from sqlalchemy import select

from webapp.accounts.left_notices import register_case_of
from webapp.cases.categories import category
from webapp.cases.models import Case
from webapp.casework.models import Recommendation
from webapp.casework.queries import pending_proposal
from webapp.core.text import Text, _
from webapp.core.unit_of_work import session
from webapp.directory.names import name_in
from webapp.notifications.messages import (
    Message,
    Reader,
    Rendered,
    Renderer,
    register_message,
)

LETTER_ISSUED = "casework.letter_issued"
LETTER_TO_SIGN = "casework.letter_to_sign"
LETTER_ANSWERED = "casework.letter_answered"
CONCLUSION_PROPOSED = "casework.conclusion_proposed"
RAISE_PROPOSED = "casework.raise_proposed"
EXTENSION_PROPOSED = "casework.extension_proposed"
CASE_DUE_SOON = "casework.case_due_soon"
CASE_OVERDUE = "casework.case_overdue"
LETTER_DUE_SOON = "casework.letter_due_soon"
LETTER_OVERDUE = "casework.letter_overdue"
_INBOX = "/can-bo/co-quan"
_QUEUE = "/can-bo/hang-doi"


def _letter(states: tuple[str, ...], subject: Text, body: Text) -> Renderer:
    """A message about a letter, empty once the letter has moved past ``states``.

    It opens the letter itself for the Front, and for its office the list from which it answers.
    """

    def render(recommendation_id: int, reader: Reader) -> Rendered | None:
        letter = session().get(Recommendation, recommendation_id)
        if letter is None or letter.state not in states:
            return None
        theirs = reader.organisation_id in {letter.handler_id, letter.addressee_id}
        path = _INBOX if theirs else f"/can-bo/kien-nghi/{letter.document.uid}"
        return Rendered(subject, _filled(body, letter.case, reader), path)

    return render


def _case(subject: Text, body: Text, path: str, *, waits_for: str | None = None) -> Renderer:
    """A message about a case; with ``waits_for`` only while such a proposal is pending."""

    def render(case_id: int, reader: Reader) -> Rendered | None:
        case = session().get(Case, case_id)
        if case is None or (waits_for and pending_proposal(case_id, waits_for) is None):
            return None
        return Rendered(subject, _filled(body, case, reader), path)

    return render


def _due(subject: Text, body: Text) -> Renderer:
    """A message about a case's deadline, with the page of the one who reads."""

    def render(case_id: int, reader: Reader) -> Rendered | None:
        case = session().get(Case, case_id)
        if case is None:
            return None
        theirs = reader.organisation_id in {case.office_id, case.addressee_id}
        path = _INBOX if theirs else _QUEUE
        return Rendered(subject, _filled(body, case, reader), path)

    return render


def _filled(body: Text, case: Case, reader: Reader) -> Text:
    label = category(case.category).label.in_language(reader.language)
    unit = name_in(reader.language, case.handling_unit)
    return Text(body.source, {"category": label, "unit": unit})


_WHICH = _("%(category)s, %(unit)s.")
_OPEN = ("issued", "delivered", "clarification_asked")
MESSAGES = (
    Message(
        LETTER_ISSUED,
        "recommendation",
        _letter(
            ("issued", "delivered"),
            _("Mặt trận gửi kiến nghị"),
            _("%(category)s, %(unit)s. Xin mở để nhận hoặc trả lời."),
        ),
    ),
    Message(
        LETTER_TO_SIGN,
        "recommendation",
        _letter(("submitted_for_signature",), _("Có kiến nghị chờ ký"), _WHICH),
    ),
    Message(
        LETTER_ANSWERED,
        "recommendation",
        _letter(
            ("answered",),
            _("Cơ quan đã trả lời kiến nghị"),
            _("%(category)s, %(unit)s. Xin cho ý kiến về trả lời."),
        ),
    ),
    Message(
        CONCLUSION_PROPOSED,
        "case",
        _case(_("Có kết luận chờ duyệt"), _WHICH, _INBOX, waits_for="conclude"),
    ),
    Message(
        RAISE_PROPOSED,
        "case",
        _case(
            _("Mặt trận xã đề nghị chuyển lên cấp tỉnh"),
            _("%(category)s, %(unit)s. Xin nhận hoặc trả lại."),
            _QUEUE,
            waits_for="raise",
        ),
    ),
    Message(
        EXTENSION_PROPOSED,
        "case",
        _case(_("Có đề nghị gia hạn chờ ký"), _WHICH, _QUEUE, waits_for="extend"),
    ),
    Message(CASE_DUE_SOON, "case", _due(_("Vụ việc sắp đến hạn"), _WHICH)),
    Message(CASE_OVERDUE, "case", _due(_("Vụ việc quá hạn"), _WHICH)),
    Message(
        LETTER_DUE_SOON,
        "recommendation",
        _letter(_OPEN, _("Sắp đến hạn trả lời kiến nghị"), _WHICH),
    ),
    Message(
        LETTER_OVERDUE,
        "recommendation",
        _letter(_OPEN, _("Quá hạn trả lời kiến nghị"), _WHICH),
    ),
)
for _message in MESSAGES:
    register_message(_message)

register_case_of(
    "recommendation", lambda of: select(Recommendation.case_id).where(Recommendation.id == of)
)
