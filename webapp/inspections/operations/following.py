"""What follows a conclusion: the sanction as a fact, measures with deadlines, the end."""

from collections.abc import Sequence
from datetime import date

from webapp.audit.operations import Subject
from webapp.cases.operations import may_take
from webapp.casework.operations.concluding import order_remedy
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import Invalid, TransitionRefused
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.core.working_days import end_of_day
from webapp.deadlines.operations import apply_event
from webapp.inspections.models import InspectionFile, InspectionResult, RemedialMeasure
from webapp.inspections.operations.files import move, refused

MEASURE = "remedial_measure"


def record_sanction(
    actor: Actor,
    file: InspectionFile,
    *,
    number: str,
    on: date | None,
    body: str,
    words: str,
    amount: int | None = None,
) -> None:
    """Note a sanction decision that was taken: a fact, never a forecast. ``amount`` in đồng.

    Raises Forbidden, TransitionRefused where no violation was concluded, Invalid by field.
    """
    given = {"number": number, "on": on, "body": body, "words": words}
    with move(actor, file, "record_sanction", given=given):
        result = _concluded(file)
        if result.conclusion != "violation":
            raise TransitionRefused(_("Chỉ ghi xử phạt khi kết luận có vi phạm."))
        if on is None or on > clock.today_local():
            raise refused("on", _("Ngày này chưa tới. Xin ghi lại."))
        if amount is not None and amount < 1:
            raise refused("amount", _("Xin ghi số tiền lớn hơn 0, hoặc để trống."))
        result.sanction_number, result.sanction_on = number.strip(), on
        result.sanction_body, result.sanction_words = body.strip(), words.strip()
        result.sanction_amount = amount


def order_measure(
    actor: Actor, file: InspectionFile, *, text: str, due_on: date | None
) -> RemedialMeasure:
    """Order one measure with its deadline; the first one brings the case to remedying.

    Raises Forbidden, TransitionRefused, Invalid on ``text`` and ``due_on``.
    """
    with move(actor, file, "order_measure", given={"text": text, "due_on": due_on}) as facts:
        _concluded(file)
        if due_on is None or due_on < clock.today_local():
            raise refused("due_on", _("Ngày này phải từ hôm nay trở đi."))
        measure = RemedialMeasure(text=text.strip(), due_on=due_on)
        file.measures.append(measure)
        session().flush()
        facts["measure"] = measure.id
        apply_event(
            "inspection.order_measure",
            subject_of(measure),
            owner_id=file.office_id,
            due_at=end_of_day(due_on),
        )
        if file.case is not None and may_take(actor, file.case, "order_remedy"):
            order_remedy(actor, file.case, measures=measure.text, due_on=due_on)
    return measure


def finish_measure(actor: Actor, file: InspectionFile, *, measure_id: int, result: str) -> None:
    """Note that a measure was carried out, as the office saw it.

    Raises Forbidden, TransitionRefused, Invalid on ``measure`` and ``result``.
    """
    given = {"measure": measure_id, "result": result}
    with move(actor, file, "finish_measure", given=given, words=result) as facts:
        measure = next((each for each in open_measures(file) if each.id == measure_id), None)
        if measure is None:
            raise refused("measure", _("Xin chọn việc còn phải làm."))
        measure.done_on, measure.result = clock.today_local(), result.strip()
        facts["measure"] = measure.id
        apply_event("inspection.finish_measure", subject_of(measure))


def close_file(actor: Actor, file: InspectionFile) -> None:
    """End a file once every measure is carried out. Raises Forbidden, TransitionRefused."""
    with move(actor, file, "close", given={}):
        waiting = len(open_measures(file))
        if waiting:
            raise Invalid(_("Còn %(count)s việc khắc phục chưa xong.", count=waiting))


def open_measures(file: InspectionFile) -> Sequence[RemedialMeasure]:
    """The measures nobody noted as carried out."""
    return [each for each in file.measures if each.done_on is None]


def subject_of(measure: RemedialMeasure) -> Subject:
    """How clocks and audit name a measure."""
    return Subject(MEASURE, measure.id)


def _concluded(file: InspectionFile) -> InspectionResult:
    if file.result is None or file.result.concluded_at is None:
        raise TransitionRefused(_("Hồ sơ chưa kết luận."))
    return file.result
