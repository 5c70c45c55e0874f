"""Number and date of a signed recommendation, and what its issue does to the case."""

from datetime import date

from webapp.cases.models import Case, TimelineLine
from webapp.cases.operations import make_public, take_step
from webapp.cases.policy import holds as holds_case
from webapp.casework.models import Recommendation
from webapp.casework.operations.answering import note_answers, note_delivery
from webapp.casework.operations.drafting import case_step
from webapp.casework.operations.moves import lock_recommendation, move
from webapp.casework.policy import holds
from webapp.casework.queries import latest_inspection, sent_recommendation
from webapp.core import clock
from webapp.core.actor import Actor, Grant
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.documents.numbers import numbers_by_platform
from webapp.documents.operations import issue_document, void_document
from webapp.documents.queries import code_of
from webapp.triage.operations.evidence import invalid


def issue_recommendation(
    actor: Actor, recommendation: Recommendation, *, number: str | None, issued_on: date
) -> None:
    """Number the letter and carry the case on: escalated, or regularised in its present state.

    The caller has locked case and recommendation. Where the platform numbers, no number is needed.
    A regularised letter is delivered at once, and answered too if the conclusion came first. Raises
    Forbidden, TransitionRefused, Invalid on ``number`` and ``issued_on``.
    """
    case = recommendation.case
    demand_since(case, issued_on)
    step = case_step(case, sent_recommendation(case))
    given = {"number": number or _platform(recommendation), "issued_on": issued_on}
    with move(actor, recommendation, "issue", given=given) as line:
        issue_document(actor, recommendation.document, number=number, issued_on=issued_on)
        recommendation.issued_on = issued_on
        recommendation.regularises = step == "regularise"
        line.facts = {"number": recommendation.document.number, "case_step": step}
    _carry(actor, case, recommendation, step)
    if recommendation.regularises:
        _catch_up(actor, case, recommendation)


def demand_since(case: Case, issued_on: date) -> None:
    """No letter is older than the matter. Raises Invalid on ``issued_on``: a wrong year, mostly,
    which would let an office be late from the first day.
    """
    if issued_on < clock.local(case.first_reported_at).date():
        raise invalid("issued_on", _("Ngày ban hành không thể trước ngày có phản ánh đầu tiên."))


def _platform(recommendation: Recommendation) -> bool | None:
    """That no number need be typed, where the organisation lets the platform give it."""
    return numbers_by_platform(recommendation.author_id) or None


def void_recommendation(actor: Actor, recommendation: Recommendation, *, reason: str) -> None:
    """Take an issued letter back before it is delivered; its number stays taken.

    The case it escalated goes back to assessed. Raises Forbidden, TransitionRefused, Invalid.
    """
    case = recommendation.case
    current = sent_recommendation(case)
    with move(actor, recommendation, "void", given={"reason": reason}, words=reason):
        void_document(actor, recommendation.document)
    if current is None or current.id != recommendation.id or case.state != "escalated":
        return

    def covers(grant: Grant) -> bool:
        return holds(grant, recommendation, "void") or holds_case(
            grant, case, "recommendation_voided"
        )

    with take_step(
        actor,
        case,
        "recommendation_voided",
        voice="front",
        given={"reason": reason},
        covers=covers,
    ) as line:
        _address(case, sent_recommendation(case))
        line.public_line = str(
            _(
                "Mặt trận hủy công văn số %(code)s trước khi gửi và xem xét lại vụ việc.",
                code=code_of(recommendation.document),
            )
        )
        line.note = reason


def _carry(actor: Actor, case: Case, recommendation: Recommendation, step: str) -> None:
    told = recommendation.assessment or {}
    given = {
        "summary": told.get("summary") or case.summary,
        "severity": told.get("severity") or case.severity,
        "waste_source": told.get("waste_source") or case.waste_source,
    }
    with take_step(actor, case, step, voice="front", given=given) as line:
        if told:
            make_public(case, **told)
        _address(case, recommendation)
        _tell(line, case, recommendation)


def _address(case: Case, recommendation: Recommendation | None) -> None:
    """Who handles the case from now on; an office that took it urgently keeps it."""
    if recommendation is None:
        case.addressee_id = case.office_id = None
        return
    case.addressee_id = recommendation.addressee_id
    if not recommendation.regularises:
        case.office_id = recommendation.handler_id


def _tell(line: TimelineLine, case: Case, recommendation: Recommendation) -> None:
    line.public_line = str(
        _(
            "Công văn số %(code)s ngày %(day)s gửi %(addressee)s.",
            code=code_of(recommendation.document),
            day=f"{recommendation.issued_on:%d/%m/%Y}",
            addressee=recommendation.addressee.name,
        )
    )
    line.facts = {"document": recommendation.document.uid}
    if recommendation.assessment:
        line.facts |= {"severity": case.severity, "waste_source": case.waste_source}


def _catch_up(actor: Actor, case: Case, recommendation: Recommendation) -> None:
    session().flush()
    locked = lock_recommendation(recommendation)
    note_delivery(actor, locked, proof=str(_("Cơ quan đã nhận việc khẩn trước khi có công văn.")))
    inspection = latest_inspection(case.id)
    if inspection is not None and inspection.concluded_at is not None:
        note_answers(
            actor,
            case,
            answer=inspection.answer or "",
            document=inspection.document_number,
            only_current=True,
        )
