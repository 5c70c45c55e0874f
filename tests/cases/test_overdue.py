"""A case is late from the moment a running clock passes until the step is taken."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.factories.cases import make_case
from tests.factories.clock import FrozenClock
from tests.factories.triage import ASSESSMENT, a_task, an_officer, opened_case
from webapp.cases.clocks import subject_of, tick
from webapp.cases.models import Case, CellJournal
from webapp.core.unit_of_work import session, write_unit
from webapp.deadlines.operations import tell_deadlines
from webapp.deadlines.queries import clocks_of
from webapp.triage.operations.assessment import assess_case
from webapp.triage.operations.local_action import LocalResult, act_locally, report_local_result


def only_case() -> Case:
    session().expire_all()
    return session().scalars(select(Case)).one()


def late_on_the_map(scope: int) -> int:
    query = select(func.sum(CellJournal.n_overdue)).where(CellJournal.scope == scope)
    return session().scalar(query) or 0


def test_a_passed_clock_makes_a_case_late_and_the_step_ends_it(
    app: Flask, frozen: FrozenClock
) -> None:
    with write_unit():
        officer = an_officer()
        case = opened_case(officer)
        assess_case(officer, case, assessment=ASSESSMENT, site_note="Đã thấy")
        act_locally(officer, case, task=a_task())
        unit_id = case.handling_unit_id
    tell_deadlines()
    assert (only_case().overdue, late_on_the_map(unit_id)) == (False, 0)
    frozen.forward(days=30)
    tell_deadlines()
    tell_deadlines()
    assert (only_case().overdue, late_on_the_map(unit_id)) == (True, 1)
    result = LocalResult("Đã dọn.", no_photo_reason="Không có máy", source="Gọi điện 2/3")
    with write_unit():
        report_local_result(officer, only_case(), result=result)
    assert (only_case().overdue, late_on_the_map(unit_id)) == (False, 0)


@pytest.mark.parametrize(("state", "step"), [("closed", "close"), ("dismissed", "dismiss")])
def test_the_residents_right_to_ask_again_is_no_deadline_of_an_ended_case(
    app: Flask, frozen: FrozenClock, state: str, step: str
) -> None:
    with write_unit():
        case = make_case(state)
        tick(case, step)
        assert [each.stopped_at for each in clocks_of(subject_of(case))] == [None]
        assert case.due_at is None
    frozen.forward(days=60)
    tell_deadlines()
    assert not only_case().overdue
