"""What the office found, who approved it, what it ordered, and what came of it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from webapp.cases.models import Case, Proposal
from webapp.cases.permissions import APPROVE_CONCLUSION
from webapp.cases.workflow import CONCLUSIONS
from webapp.casework.models import Inspection
from webapp.casework.operations.answering import note_answers
from webapp.casework.operations.office import check_form, inspection_of
from webapp.casework.operations.proof import (
    Paper,
    day_of_paper,
    demand_ahead,
    keep_photos,
    office_step,
)
from webapp.casework.operations.proposals import decide, demand_pending, propose
from webapp.casework.queries import latest_inspection
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import Forbidden
from webapp.core.text import _
from webapp.core.working_days import end_of_day
from webapp.media.operations import ReceivedPhoto
from webapp.triage.operations.evidence import MISSING, invalid


@dataclass(frozen=True, kw_only=True)
class Conclusion:
    """The answer slip: what was done, what was found, what the Front is answered."""

    conclusion: str
    answer: str
    findings: str = ""
    form: str = ""
    on_date: date | None = None
    led: bool = False
    document_number: str = ""
    document_on: date | None = None


def propose_conclusion(
    actor: Actor, case: Case, conclusion: Conclusion, *, photos: Sequence[ReceivedPhoto] = ()
) -> Proposal:
    """Bring a conclusion to the one who approves it; the state stays.

    Raises Forbidden, TransitionRefused, Conflict when one waits already, Invalid by field.
    """
    with office_step(actor, case, "propose_conclude", given=_given(conclusion)):
        _check(case, conclusion)
        keep_photos(case, photos, purpose="site")
        return propose(actor, case, "conclude", content=_content(conclusion))


def conclude_case(
    actor: Actor, case: Case, *, from_paper: Conclusion | None = None, paper: Paper | None = None
) -> None:
    """Approve the pending conclusion, never by the one who wrote it; or record it from paper.

    Every letter that waits is answered by it. Raises Forbidden, TransitionRefused, Invalid.
    """
    pending = None if from_paper else demand_pending(case, "conclude")
    conclusion = from_paper or _read(pending)
    with office_step(
        actor,
        case,
        "conclude",
        given=_given(conclusion),
        paper=paper,
        permission=APPROVE_CONCLUSION,
    ) as line:
        if pending is not None:
            _refuse_author(actor, pending)
            decide(actor, pending, "taken")
        _check(case, conclusion)
        inspection = _write(actor, case, conclusion, pending, paper)
        line.public_line = _told(case, conclusion)
        line.facts = {"conclusion": conclusion.conclusion}
    note_answers(
        actor,
        case,
        answer=conclusion.answer,
        document=inspection.document_number,
        on=day_of_paper(line),
    )


def return_conclusion(actor: Actor, case: Case, *, reason: str) -> None:
    """Give the conclusion back to its writer. Raises Forbidden, TransitionRefused, Invalid."""
    with office_step(
        actor,
        case,
        "return_conclude",
        given={"reason": reason},
        permission=APPROVE_CONCLUSION,
    ) as line:
        decide(actor, demand_pending(case, "conclude"), "returned", answer=reason)
        line.note = reason


def order_remedy(
    actor: Actor, case: Case, *, measures: str, due_on: date, paper: Paper | None = None
) -> None:
    """What must be put right, by when. Raises Forbidden, TransitionRefused, Invalid."""
    demand_ahead(due_on, "due_on")
    given = {"measures": measures, "due_on": due_on}
    with office_step(
        actor, case, "order_remedy", given=given, paper=paper, due_at=end_of_day(due_on)
    ) as line:
        inspection = _concluded(case)
        inspection.measures, inspection.remedy_due_on = measures, due_on
        line.public_line = str(
            _("Yêu cầu khắc phục xong trước ngày %(day)s.", day=f"{due_on:%d/%m/%Y}")
        )
        line.note = measures


def no_remedy(actor: Actor, case: Case, *, reason: str, paper: Paper | None = None) -> None:
    """Nothing is left to be put right. Raises Forbidden, TransitionRefused, Invalid."""
    with office_step(actor, case, "no_remedy", given={"reason": reason}, paper=paper) as line:
        case.last_result = "no_remedy"
        line.public_line = str(_("Cơ quan cho biết không còn việc phải khắc phục."))
        line.note = reason


def report_remedied(
    actor: Actor,
    case: Case,
    *,
    result: str,
    photos: Sequence[ReceivedPhoto] = (),
    no_photo_reason: str = "",
    paper: Paper | None = None,
) -> None:
    """The office says it is put right, with a photo after or why there is none.

    Raises Forbidden, TransitionRefused, Invalid on ``result``, ``photos``, ``paper_*``.
    """
    if not photos and not no_photo_reason.strip():
        raise invalid("photos", _("Xin gửi một ảnh sau khắc phục, hoặc ghi vì sao không có."))
    with office_step(actor, case, "report_remedied", given={"result": result}, paper=paper) as line:
        inspection = _concluded(case)
        inspection.remedied_on = clock.today_local()
        inspection.remedy_result = result
        inspection.no_photo_reason = no_photo_reason or None
        keep_photos(case, photos, purpose="after")
        case.last_result = "report_remedied"
        line.public_line = str(_("Cơ quan báo đã khắc phục, chờ bà con xác nhận."))
        line.note = result
    inspection.remedied_on = day_of_paper(line) or inspection.remedied_on


def _given(conclusion: Conclusion) -> dict[str, object]:
    return {"conclusion": conclusion.conclusion, "answer": conclusion.answer}


def _check(case: Case, conclusion: Conclusion) -> None:
    if conclusion.conclusion not in CONCLUSIONS:
        raise invalid("conclusion", MISSING)
    if bool(conclusion.document_number) != bool(conclusion.document_on):
        raise invalid("document_number", _("Số và ngày văn bản đi cùng nhau."))
    if inspection_of(case).form is not None:
        return
    if not conclusion.form:
        raise invalid("form", _("Xin chọn hình thức đã làm."))
    if conclusion.on_date is None:
        raise invalid("on_date", MISSING)
    check_form(case, form=conclusion.form, on_date=conclusion.on_date, led=conclusion.led)


def _write(
    actor: Actor,
    case: Case,
    conclusion: Conclusion,
    pending: Proposal | None,
    paper: Paper | None,
) -> Inspection:
    inspection = inspection_of(case)
    if inspection.form is None:
        inspection.form, inspection.started_on = conclusion.form, conclusion.on_date
        inspection.led_by_inspectorate = conclusion.led
    case.conclusion = inspection.conclusion = conclusion.conclusion
    inspection.findings, inspection.answer = conclusion.findings or None, conclusion.answer
    inspection.document_number = conclusion.document_number or (paper.number if paper else None)
    inspection.document_on = conclusion.document_on or (paper.on if paper else None)
    inspection.concluded_at, inspection.concluded_by_id = clock.now(), actor.person_id
    inspection.written_by_id = pending.proposed_by_id if pending else actor.person_id
    inspection.recorded_by_front = inspection.recorded_by_front or paper is not None
    inspection.source_document = paper.number if paper else inspection.source_document
    return inspection


def _told(case: Case, conclusion: Conclusion) -> str:
    return str(
        _(
            "%(office)s kết luận: %(conclusion)s.",
            office=case.office.name if case.office else "",
            conclusion=str(CONCLUSIONS[conclusion.conclusion]).lower(),
        )
    )


def _refuse_author(actor: Actor, pending: Proposal) -> None:
    if actor.person_id is not None and pending.proposed_by_id == actor.person_id:
        raise Forbidden(_("Người soạn kết luận không tự duyệt. Xin trình lãnh đạo khác."))


def _concluded(case: Case) -> Inspection:
    found = latest_inspection(case.id)
    if found is None:
        raise Forbidden(_("Vụ việc này chưa có kết luận."))
    return found


def _content(conclusion: Conclusion) -> dict[str, Any]:
    told = asdict(conclusion)
    for name in ("on_date", "document_on"):
        told[name] = told[name].isoformat() if told[name] else None
    return told


def _read(pending: Proposal | None) -> Conclusion:
    told = dict(pending.content) if pending else {}
    for name in ("on_date", "document_on"):
        told[name] = date.fromisoformat(told[name]) if told.get(name) else None
    return Conclusion(**told)
