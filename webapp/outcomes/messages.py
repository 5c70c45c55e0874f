"""What is told about outcome pages: to those who may approve one, that a text waits for them."""

from webapp.cases.categories import category
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.notifications.messages import Message, Reader, Rendered, register_message
from webapp.outcomes.models import Outcome
from webapp.outcomes.policy import is_approved
from webapp.outcomes.queries import authors_of_finding, pending

TO_APPROVE = "outcome.to_approve"


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
        unit=outcome.case.handling_unit.name,
    )
    return Rendered(_("Có trang kết quả chờ duyệt"), body, f"/can-bo/ket-qua/{outcome.case.code}")


register_message(Message(TO_APPROVE, "outcome", _to_approve))
