"""What is told about inspections: a result to approve, a measure that is due. No names."""

from webapp.core.text import Text, _
from webapp.core.unit_of_work import session
from webapp.directory.names import name_in
from webapp.inspections.models import InspectionFile, RemedialMeasure
from webapp.notifications.messages import Message, Reader, Rendered, Renderer, register_message

RESULT_PROPOSED = "inspections.result_proposed"
MEASURE_DUE_SOON = "inspections.measure_due_soon"
MEASURE_OVERDUE = "inspections.measure_overdue"


def _measure(subject: Text, body: Text) -> Renderer:
    def render(measure_id: int, reader: Reader) -> Rendered | None:
        measure = session().get(RemedialMeasure, measure_id)
        if measure is None or measure.done_on is not None:
            return None
        file = session().get_one(InspectionFile, measure.file_id)
        unit = name_in(reader.language, file.unit)
        return Rendered(
            subject,
            Text(body.source, {"unit": unit, "day": f"{measure.due_on:%d/%m/%Y}"}),
            f"/can-bo/kiem-tra/{file.uid}",
        )

    return render


def _proposed(file_id: int, reader: Reader) -> Rendered | None:
    file = session().get(InspectionFile, file_id)
    if file is None or file.state != "proposed":
        return None
    return Rendered(
        _("Có kết luận kiểm tra chờ duyệt"),
        _(
            "Kết luận một cuộc kiểm tra tại %(unit)s chờ ông/bà duyệt.",
            unit=name_in(reader.language, file.unit),
        ),
        f"/can-bo/kiem-tra/{file.uid}",
    )


register_message(Message(RESULT_PROPOSED, "inspection_file", _proposed))
register_message(
    Message(
        MEASURE_DUE_SOON,
        "remedial_measure",
        _measure(
            _("Việc khắc phục sắp đến hạn"),
            _("Một việc khắc phục tại %(unit)s phải xong trước ngày %(day)s."),
        ),
    )
)
register_message(
    Message(
        MEASURE_OVERDUE,
        "remedial_measure",
        _measure(
            _("Việc khắc phục đã quá hạn"),
            _("Một việc khắc phục tại %(unit)s đã quá hạn ngày %(day)s."),
        ),
    )
)
