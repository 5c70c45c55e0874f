"""Inspection files and establishments, driven by the real operations."""

from datetime import UTC, date, datetime
from typing import Any

from tests.factories.casework import Desks
from tests.factories.directory import a_unit
from webapp.cases.models import Case
from webapp.cases.operations import lock_case
from webapp.inspections.models import Establishment, InspectionFile
from webapp.inspections.operations.concluding import Result, approve_result, propose_result
from webapp.inspections.operations.establishments import Entry, enter_establishment
from webapp.inspections.operations.planning import Plan, decide_inspection, plan_inspection
from webapp.inspections.operations.visiting import Measured, Visit, sign_minutes, write_minutes

DAY = date(2026, 3, 2)  # the frozen clock's Monday
STARTED = datetime(2026, 3, 1, 1, 30, tzinfo=UTC)  # 8:30 in Việt Nam
BOD = "BOD5 (20 °C) · QCVN 62-MT:2016/BTNMT, cột B"
NAME = "Cơ sở chăn nuôi số 12 (ví dụ)"
OWNER = "Người Đại Diện Ví Dụ"
VISIT = Visit(
    started_at=STARTED,
    place="Khu chuồng nuôi, bản Che Căn",
    present="Ông Ví Dụ, quản lý",
    observed="Nước thải chảy thẳng ra suối, không qua bể lắng.",
    statement="Cơ sở nhận thiếu bể lắng.",
)
MEASURED = (
    Measured(parameter=BOD, value="240", sampled_at="Cống ra suối"),
    Measured(parameter="pH · QCVN 62-MT:2016/BTNMT, cột B", value="7,2"),
)
RESULT = Result(
    conclusion="violation",
    answer="Đã kiểm tra, nước thải chưa xử lý, yêu cầu xây bể lắng.",
    findings="Chuồng 200 con, chưa có bể.",
)


def a_plan(**changes: Any) -> Plan:
    """A plan of kiểm tra for today."""
    values: dict[str, Any] = {
        "form": "examination",
        "lead": "Quàng Văn Sín",
        "planned_on": DAY,
        "purpose": "Nước thải chăn nuôi chảy ra suối",
        "team": "Lò Thị Hoa, cán bộ",
        "sites": "Khu chuồng nuôi, bản Che Căn",
    }
    return Plan(**values | changes)


def an_establishment(desks: Desks, **changes: Any) -> Establishment:
    """An entry of the commune's register, inside the caller's write unit."""
    values: dict[str, Any] = {
        "name": NAME,
        "kind": "livestock",
        "address": "Bản Che Căn",
        "unit_id": a_unit().id,
        "representative": OWNER,
    }
    return enter_establishment(desks.office, Entry(**values | changes))


def an_inspection_file(
    desks: Desks,
    state: str = "planned",
    *,
    case: Case | None = None,
    establishment: Establishment | None = None,
    result: Result = RESULT,
    visit: Visit = VISIT,
    **plan: Any,
) -> InspectionFile:
    """A file driven to planned, decided, visited, proposed or concluded."""
    if case is not None:
        lock_case(case.id)
    if case is None and establishment is None:
        establishment = an_establishment(desks)
    file = plan_inspection(desks.office, a_plan(**plan), case=case, establishment=establishment)
    order = ("planned", "decided", "visited", "proposed", "concluded")
    for reached in order[1 : order.index(state) + 1]:
        _advance(desks, file, reached, result, visit)
    return file


def _advance(desks: Desks, file: InspectionFile, state: str, result: Result, visit: Visit) -> None:
    if state == "decided":
        if file.form != "fact_finding":
            decide_inspection(desks.chair, file, number="21/QĐ-UBND", decided_on=DAY)
    elif state == "visited":
        write_minutes(desks.office, file, visit, MEASURED)
        sign_minutes(desks.office, file, number=str(100 + file.id), signed_on=DAY)
    elif state == "proposed":
        propose_result(desks.office, file, result)
    else:
        approve_result(desks.chair, file)
