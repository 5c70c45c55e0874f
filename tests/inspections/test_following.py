"""After the conclusion: sanctions as facts, measures with clocks, the sealed hand-over."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.factories.accounts import actor_with
from tests.factories.casework import Desks, accepted_case
from tests.factories.clock import FrozenClock
from tests.factories.directory import a_unit
from tests.factories.inspections import DAY, NAME, RESULT, an_establishment, an_inspection_file
from webapp.audit.models import AuditEntry, AuditReason
from webapp.audit.operations import open_reason
from webapp.cases.operations import lock_case
from webapp.core.errors import Forbidden, Invalid, NotFound, TransitionRefused
from webapp.core.unit_of_work import session, write_unit
from webapp.deadlines.operations import tell_deadlines
from webapp.deadlines.queries import clocks_of
from webapp.directory.models import Organisation
from webapp.inspections.models import InspectionFile, SealedFile
from webapp.inspections.operations.concluding import Result
from webapp.inspections.operations.files import claim_file
from webapp.inspections.operations.following import (
    close_file,
    finish_measure,
    order_measure,
    record_sanction,
    subject_of,
)
from webapp.inspections.operations.sealing import hand_over_file, open_sealed_file
from webapp.inspections.queries import inspection_file
from webapp.notifications.models import Notice

DUE = DAY + timedelta(days=20)
SANCTION: dict[str, Any] = {
    "number": "35/QĐ-XPHC", "on": DAY, "body": "Chủ tịch UBND xã", "words": "Xả nước thải.",
}  # fmt: skip
SECRET = "Có dấu hiệu chôn lấp chất thải nguy hại ban đêm."


def fields(caught: pytest.ExceptionInfo[Invalid]) -> set[str]:
    return set(caught.value.fields)


def test_a_measure_has_its_clock_and_brings_the_case_along(desks: Desks) -> None:
    case = accepted_case(desks)
    file = an_inspection_file(desks, "concluded", case=case)
    measure = order_measure(desks.office, file, text="Xây bể lắng.", due_on=DUE)
    assert (file.state, case.state) == ("remedying", "remedying")
    (running,) = clocks_of(subject_of(measure))
    assert running.rule.key == "remedial_measure"
    assert running.due_at.date() == DUE  # its local day ends at 17:00 UTC
    second = order_measure(desks.office, file, text="Nạo vét suối.", due_on=DUE)
    with pytest.raises(Invalid):
        close_file(desks.office, file)
    for each in (measure, second):
        finish_measure(desks.office, file, measure_id=each.id, result="Đã xem tận nơi.")
    assert clocks_of(subject_of(measure))[0].stopped_at is not None
    with pytest.raises(Invalid) as caught:
        finish_measure(desks.office, file, measure_id=measure.id, result="Lần nữa.")
    assert fields(caught) == {"measure"}
    close_file(desks.office, file)
    assert file.state == "closed"


def test_the_office_learns_of_a_measure_overdue(committed: Desks, frozen: FrozenClock) -> None:
    with write_unit():
        file = an_inspection_file(committed, "concluded")
        order_measure(committed.office, file, text="Xây bể lắng.", due_on=DUE)
        office = file.office_id
    frozen.forward(days=17)
    tell_deadlines()
    frozen.forward(days=9)
    tell_deadlines()
    told = select(Notice.message).where(Notice.organisation_id == office).order_by(Notice.id)
    found = [key for key in session().scalars(told) if key.startswith("inspections.measure")]
    assert found == ["inspections.measure_due_soon", "inspections.measure_overdue"]


def test_a_sanction_is_a_fact_of_a_violation(desks: Desks) -> None:
    file = an_inspection_file(desks, "concluded")
    record_sanction(desks.office, file, **SANCTION, amount=5_000_000)
    assert file.result is not None
    assert (file.result.sanction_number, file.result.sanction_amount) == ("35/QĐ-XPHC", 5_000_000)
    for changes, field in (
        ({"on": DAY + timedelta(days=1)}, "on"),
        ({"amount": 0}, "amount"),
        ({"body": ""}, "body"),
    ):
        with pytest.raises(Invalid) as caught:
            record_sanction(desks.office, file, **SANCTION | changes)
        assert fields(caught) == {field}
    clean = an_inspection_file(
        desks, "concluded", result=Result(conclusion="none", answer="Không thấy xả thải.")
    )
    with pytest.raises(TransitionRefused):
        record_sanction(desks.office, clean, **SANCTION)


def test_a_measure_is_ordered_for_a_day_to_come(desks: Desks) -> None:
    file = an_inspection_file(desks, "concluded")
    for due_on in (DAY - timedelta(days=1), None):
        with pytest.raises(Invalid) as caught:
            order_measure(desks.office, file, text="Xây bể lắng.", due_on=due_on)
        assert fields(caught) == {"due_on"}


def handed_over(desks: Desks, body: str = "police") -> InspectionFile:
    """A visited file with an establishment, handed over."""
    party = an_establishment(desks)
    case = accepted_case(desks)
    file = an_inspection_file(desks, "visited", case=case, establishment=party)
    lock_case(case.id)
    hand_over_file(desks.office, file, body=body, reason=SECRET)
    assert (file.state, case.state) == ("handed_over", "handed_over")
    return file


def police(code: str | None = None) -> Any:
    """Somebody of the police of a commune."""
    unit = a_unit(code) if code else a_unit()
    body = Organisation(
        kind="police", name="Công an xã (thử)", name_en="Police (trial)", unit_id=unit.id,
        signs_in=True, valid_from=date(2025, 7, 1),
    )  # fmt: skip
    session().add(body)
    session().flush()
    return actor_with("police_env", unit, body)


def test_a_sealed_file_opens_for_those_of_the_table_alone(committed: Desks) -> None:
    with write_unit():
        uid = handed_over(committed).uid
        here, elsewhere = police(), police("03256")
    sealed = session().scalars(select(SealedFile)).one()
    assert SECRET.encode() not in sealed.sealed
    assert NAME.encode() not in sealed.sealed
    for actor in (committed.front, elsewhere):
        with pytest.raises(NotFound):
            inspection_file(actor, uid)
    for actor in (committed.chair, here):
        with write_unit():
            file = claim_file(actor, uid, seen=inspection_file(actor, uid).version)
            content = open_sealed_file(actor, file, reason="Xác minh tin báo.")
        assert content["establishment"]["name"] == NAME
        assert content["measurements"][0]["value"] == "240"
        assert content["reason"] == SECRET
    opened = select(AuditEntry).where(AuditEntry.action == "inspections.read_sealed")
    entries = session().scalars(opened).all()
    assert [entry.actor_id for entry in entries] == [committed.chair.person_id, None]
    reason = session().get_one(AuditReason, entries[0].reason_id)
    assert open_reason(reason) == "Xác minh tin báo."


def test_who_may_not_open_it(desks: Desks) -> None:
    file = handed_over(desks, body="inspectorate")
    for actor in (desks.office, desks.front, police()):
        with pytest.raises(Forbidden):
            open_sealed_file(actor, file, reason="Muốn xem.")
    with pytest.raises(Invalid) as caught:
        open_sealed_file(desks.chair, file, reason=" ")
    assert fields(caught) == {"reason"}
    with pytest.raises(TransitionRefused):
        open_sealed_file(desks.chair, an_inspection_file(desks), reason="Chưa niêm phong.")


def test_a_hand_over_stops_the_clocks_and_names_its_body(desks: Desks) -> None:
    file = an_inspection_file(desks, "concluded", result=RESULT)
    measure = order_measure(desks.office, file, text="Xây bể lắng.", due_on=DUE)
    with pytest.raises(Invalid) as caught:
        hand_over_file(desks.office, file, body="báo chí", reason=SECRET)
    assert fields(caught) == {"body"}
    hand_over_file(desks.office, file, body="police", reason=SECRET)
    assert clocks_of(subject_of(measure))[0].stopped_at is not None
