"""Inspections that open out in the demonstration: a plan, a visit with values, what follows."""

from datetime import timedelta

from sqlalchemy import select

from webapp.cases.models import Case
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.unit_of_work import session
from webapp.demo.life import Life, present, soon
from webapp.inspections.models import Establishment, InspectionFile
from webapp.inspections.operations.concluding import Result, approve_result, propose_result
from webapp.inspections.operations.establishments import Entry, add_permit, enter_establishment
from webapp.inspections.operations.following import (
    finish_measure,
    open_measures,
    order_measure,
)
from webapp.inspections.operations.planning import Plan, decide_inspection, plan_inspection
from webapp.inspections.operations.visiting import Measured, Visit, sign_minutes, write_minutes

# What stands under the picture of a category: the kind of establishment and what is measured.
_KINDS = {"water": "processing", "livestock": "livestock", "noise": "market", "air": "industry"}
_NAMES = {
    "livestock": "Cơ sở chăn nuôi số %d (ví dụ)",
    "processing": "Cơ sở chế biến số %d (ví dụ)",
    "market": "Điểm kinh doanh số %d (ví dụ)",
    "industry": "Xưởng sản xuất số %d (ví dụ)",
    "other": "Cơ sở số %d (ví dụ)",
}
_OUTLET = "Cửa xả ra suối"
_VALUES = {
    "livestock": (
        ("BOD5 (20 °C) · QCVN 62-MT:2016/BTNMT, cột B", "240", _OUTLET),
        ("COD · QCVN 62-MT:2016/BTNMT, cột B", "512,5", _OUTLET),
        ("pH · QCVN 62-MT:2016/BTNMT, cột B", "7,2", _OUTLET),
    ),
    "processing": (
        ("BOD5 (20 °C) · QCVN 40:2011/BTNMT, cột B", "185", _OUTLET),
        ("COD · QCVN 40:2011/BTNMT, cột B", "390", _OUTLET),
        ("pH · QCVN 40:2011/BTNMT, cột B", "4,8", _OUTLET),
        ("Tổng phenol · QCVN 40:2011/BTNMT, cột B", "<0,1", _OUTLET),
    ),
    "market": (
        (
            "Tiếng ồn · QCVN 26:2010/BTNMT, khu vực thông thường, 21 giờ đến 6 giờ",
            "68,4",
            "Nhà dân gần nhất",
        ),
    ),
}


def plan(life: Life) -> None:
    """The office plans an examination of an establishment."""
    case = life.case
    party = _party(life, case)
    story = life.story
    plan_inspection(
        _office(life, case),
        Plan(
            form="examination",
            lead="Cán bộ môi trường (thử)",
            planned_on=soon(2),
            purpose=f"Làm rõ phản ánh về {story.category.label.vi.lower()}",
            team="Cán bộ địa chính (thử)\nTrưởng bản (thử)",
            sites=story.places[0].capitalize(),
        ),
        case=case,
        establishment=party,
    )


def decide(life: Life) -> None:
    """The chair decides that the office goes."""
    file, today = _file(life), clock.today_local()
    number = life.numbers.next(file.office_id, today.year, "QĐ")
    decide_inspection(_approver(life, file), file, number=f"{number}/QĐ-UBND", decided_on=today)


def visit(life: Life) -> None:
    """The team goes, writes the minutes and measures."""
    file, case, today = _file(life), life.case, clock.today_local()
    number = life.numbers.next(file.office_id, today.year, "BB")
    started = clock.now() - timedelta(hours=3)
    write_minutes(
        _office(life, case),
        file,
        Visit(
            started_at=started,
            ended_at=started + timedelta(hours=2),
            place=life.story.places[0].capitalize(),
            present="Người quản lý cơ sở (thử)\nTrưởng bản (thử)",
            observed=life.story.finding,
            statement="Cơ sở tiếp thu, hẹn khắc phục theo yêu cầu.",
        ),
        [
            Measured(parameter=parameter, value=value, sampled_at=where)
            for parameter, value, where in _VALUES.get(_kind(life), ())
        ],
    )
    sign_minutes(_office(life, case), file, number=number, signed_on=today)


def conclude(life: Life) -> None:
    """The office brings its result, the leader approves; the case is concluded with it."""
    file, story = _file(life), life.story
    result = Result(
        conclusion=story.conclusion,
        answer=f"{story.finding} {story.measures}",
        findings=story.finding,
    )
    propose_result(_office(life, life.case), file, result)
    approve_result(_approver(life, file), file)


def order(life: Life) -> None:
    """The office orders what must be done, with a day."""
    file = _file(life)
    order_measure(_office(life, life.case), file, text=life.story.measures, due_on=soon(25))


def finish(life: Life) -> None:
    """The office saw that it was done."""
    file = _file(life)
    for measure in list(open_measures(file)):
        finish_measure(
            _office(life, life.case), file, measure_id=measure.id, result=life.story.result
        )


def _file(life: Life) -> InspectionFile:
    query = select(InspectionFile).where(InspectionFile.case_id == life.case_id)
    return session().scalars(query.order_by(InspectionFile.id.desc()).limit(1)).one()


def _kind(life: Life) -> str:
    return _KINDS.get(life.story.category.code.split(".")[0], "other")


def _party(life: Life, case: Case) -> Establishment:
    """An establishment of its own for each case, none that could be real."""
    kind, number = _kind(life), life.rng.randint(2, 98)
    priority = life.rng.random() < 0.3
    office = _office(life, case)
    made = enter_establishment(
        office,
        Entry(
            name=_NAMES[kind] % number,
            kind=kind,
            address=life.story.places[0].capitalize(),
            unit_id=case.handling_unit_id,
            priority=priority,
            priority_source="Kế hoạch kiểm tra năm của xã (ví dụ)" if priority else "",
        ),
    )
    add_permit(
        office,
        made,
        kind="registration",
        number=f"{number:02d}/ĐKMT (ví dụ)",
        issuer="UBND xã",
        issued_on=clock.today_local() - timedelta(days=400),
        valid_to=None,
    )
    return made


def _office(life: Life, case: Case) -> Actor:
    return life.cast.office(present(case.office))


def _approver(life: Life, file: InspectionFile) -> Actor:
    return life.cast.approver(file.approver)
