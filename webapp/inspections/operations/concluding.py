"""The conclusion of a file: proposed, approved by another person, returned.

Where the file is of a case that waits for its conclusion, the case's own proposal and approval are
taken; the file follows in the same transaction (subscribers), so there is one conclusion.
"""

from dataclasses import dataclass
from datetime import date

from webapp.audit.operations import find_step
from webapp.cases.models import Case, CasePhoto
from webapp.cases.workflow import CASE, CONCLUSIONS
from webapp.casework.operations import concluding as case_conclusions
from webapp.casework.policy import acts_as_office
from webapp.casework.queries import pending_proposal
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import Forbidden
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.inspections.messages import RESULT_PROPOSED
from webapp.inspections.models import InspectionFile, InspectionResult
from webapp.inspections.operations.files import move, refused, settle, subject_of
from webapp.inspections.queries import photos_of
from webapp.inspections.workflow import FILE
from webapp.notifications.operations import notify


@dataclass(frozen=True, kw_only=True)
class Result:
    """What an officer proposes; ``answer`` goes to the Front, ``findings`` stay with the staff."""

    conclusion: str
    answer: str
    findings: str = ""
    names_party: bool = False
    document_number: str = ""
    document_on: date | None = None


def propose_result(actor: Actor, file: InspectionFile, result: Result) -> None:
    """Bring a conclusion to the one who approves it, for its case too.

    Raises Forbidden, TransitionRefused, Conflict when the case has a proposal, Invalid by field.
    """
    given = {"conclusion": result.conclusion, "answer": result.answer}
    with move(actor, file, "propose_result", given=given) as facts:
        _check(file, result)
        file.result = _written(file.result or InspectionResult(), actor, result)
        facts["conclusion"] = result.conclusion
        session().flush()
        if _waits(actor, file):
            case_conclusions.propose_conclusion(actor, _case(file), _slip(file, result))
        else:
            notify(RESULT_PROPOSED, subject_of(file), organisation_id=file.approver_id)


def approve_result(actor: Actor, file: InspectionFile) -> None:
    """Approve what another person wrote. Raises Forbidden, TransitionRefused."""
    find_step(actor, FILE, "approve_result", file.state, subject_of(file))
    result = _pending(file)
    if _is_with_case(file):
        case_conclusions.conclude_case(actor, _case(file))
        return
    if actor.person_id is not None and result.proposed_by_id == actor.person_id:
        raise Forbidden(_("Người soạn kết luận không tự duyệt. Xin trình lãnh đạo khác."))
    with move(actor, file, "approve_result", given={}):
        conclude_result(file, actor.person_id)


def return_result(actor: Actor, file: InspectionFile, *, reason: str) -> None:
    """Give it back to its writer. Raises Forbidden, TransitionRefused, Invalid on ``reason``."""
    find_step(actor, FILE, "return_result", file.state, subject_of(file))
    _pending(file)
    if _is_with_case(file):
        case_conclusions.return_conclusion(actor, _case(file), reason=reason)
        return
    with move(actor, file, "return_result", given={"reason": reason}, words=reason):
        pass


def follow_case(actor: Actor, file: InspectionFile, step: str) -> None:
    """Move a file along with the conclusion of its case: approved or returned there."""
    if step == "approve_result":
        conclude_result(file, actor.person_id)
    settle(actor, file, step, used=None)


def conclude_result(file: InspectionFile, person_id: int | None) -> None:
    """Fix the result, and show the photos of the inspection with its case."""
    result = _pending(file)
    result.concluded_at, result.concluded_by_id = clock.now(), person_id
    if file.case_id is not None:
        for each in photos_of(file):
            link = CasePhoto(
                case_id=file.case_id, photo_id=each.photo_id, purpose=each.moment, voice="office"
            )
            session().add(link)
        session().flush()


def _check(file: InspectionFile, result: Result) -> None:
    if result.conclusion not in CONCLUSIONS:
        raise refused("conclusion", _("Xin chọn kết luận."))
    if bool(result.document_number) != bool(result.document_on):
        raise refused("document_number", _("Số và ngày văn bản đi cùng nhau."))
    if result.names_party and (result.conclusion != "violation" or file.establishment_id is None):
        raise refused(
            "names_party", _("Chỉ nêu tên khi kết luận có vi phạm và hồ sơ ghi rõ cơ sở.")
        )


def _written(row: InspectionResult, actor: Actor, result: Result) -> InspectionResult:
    row.conclusion, row.answer = result.conclusion, result.answer.strip()
    row.findings = result.findings.strip() or None
    row.names_party = result.names_party
    row.document_number = result.document_number.strip() or None
    row.document_on = result.document_on
    row.proposed_at, row.proposed_by_id = clock.now(), actor.person_id
    return row


def _slip(file: InspectionFile, result: Result) -> case_conclusions.Conclusion:
    return case_conclusions.Conclusion(
        conclusion=result.conclusion,
        answer=result.answer.strip(),
        findings=result.findings.strip(),
        form=file.form,
        on_date=clock.local(file.minutes.started_at).date() if file.minutes else None,
        led=file.led,
        document_number=result.document_number.strip(),
        document_on=result.document_on,
    )


def _waits(actor: Actor, file: InspectionFile) -> bool:
    """Whether the case of the file waits for a conclusion of this office."""
    case = file.case
    return (
        case is not None
        and CASE.allows("propose_conclude", case.state)
        and acts_as_office(actor, case)
    )


def _is_with_case(file: InspectionFile) -> bool:
    return file.case_id is not None and pending_proposal(file.case_id, "conclude") is not None


def _case(file: InspectionFile) -> Case:
    if file.case is None:
        raise Forbidden
    return file.case


def _pending(file: InspectionFile) -> InspectionResult:
    FILE.transition("approve_result", file.state)
    if file.result is None:
        raise Forbidden(_("Hồ sơ này chưa có kết luận."))
    return file.result
