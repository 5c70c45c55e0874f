"""A case that belongs to another commune."""

import pytest
from sqlalchemy import select

from tests.factories.directory import NA_TAU, a_unit
from tests.factories.triage import an_officer, opened_case
from webapp.cases.models import Case
from webapp.core.actor import Actor
from webapp.core.errors import Forbidden, TransitionRefused
from webapp.core.unit_of_work import session, write_unit
from webapp.reporting.models import Report
from webapp.triage.operations import transfer
from webapp.triage.operations.merging import merge_cases, unmerge_case


def test_a_case_moves_to_another_commune_when_it_is_taken(officer: Actor, case: Case) -> None:
    target = a_unit(NA_TAU)
    with write_unit():
        receiver = an_officer(unit=target, name="Sùng A Vừ")
        transfer.propose_transfer(officer, case, unit_id=target.id, reason="Bên kia suối")
    assert (case.state, case.handling_unit_id) == ("received", a_unit().id)
    with pytest.raises(TransitionRefused), write_unit():
        transfer.propose_transfer(officer, case, unit_id=target.id, reason="Lần nữa")
    with pytest.raises(Forbidden), write_unit():
        transfer.transfer_case(officer, case)
    with write_unit():
        transfer.transfer_case(receiver, case)
    report = session().scalars(select(Report)).one()
    assert (case.handling_unit_id, case.owner.unit_id) == (target.id, target.id)
    assert report.handling_unit_id == target.id
    assert "na tau" in case.search_text and "muong phang" not in case.search_text


def test_what_is_parted_from_a_case_that_went_away_stays_with_its_reports(
    officer: Actor, case: Case
) -> None:
    target = a_unit(NA_TAU)
    with write_unit():
        receiver, younger = an_officer(unit=target, name="Sùng A Vừ"), opened_case(officer)
    with write_unit():
        merge_cases(officer, younger, other_code=case.code)
        transfer.propose_transfer(officer, case, unit_id=target.id, reason="Bên kia suối")
    with write_unit():
        transfer.transfer_case(receiver, case)
    with write_unit():
        unmerge_case(officer, younger, reason="Chỉ một đống rác ở bên kia suối")
    session().expire_all()
    found = {
        case_id: unit
        for case_id, unit in session().execute(select(Report.case_id, Report.handling_unit_id))
    }
    assert found == {case.id: target.id, younger.id: a_unit().id}


def test_a_returned_transfer_stays_where_it_was(officer: Actor, case: Case) -> None:
    target = a_unit(NA_TAU)
    with write_unit():
        receiver = an_officer(unit=target, name="Sùng A Vừ")
        transfer.propose_transfer(officer, case, unit_id=target.id, reason="Bên kia suối")
    assert transfer.receives(receiver, case)
    with write_unit():
        transfer.return_transfer(receiver, case, reason="Chỗ này của xã bên ấy")
    assert (case.handling_unit_id, transfer.pending_transfer(case)) == (a_unit().id, None)
