"""A case is late from the moment a running clock passes until the step is taken."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.factories.cases import make_case
from tests.factories.clock import FrozenClock
from tests.factories.triage import an_officer, opened_case
from webapp.cases.clocks import subject_of, tick
from webapp.cases.models import Case, CellJournal
from webapp.core.clock import today_local
from webapp.core.unit_of_work import session, write_unit
from webapp.deadlines.operations import tell_deadlines
from webapp.deadlines.queries import next_due
from webapp.triage.operations.verification import cancel_verification, request_verification


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
        due_on = today_local() + timedelta(days=3)
        request_verification(
            officer, case, organisation_id=None, question="Còn rác không?", due_on=due_on
        )
        unit_id = case.handling_unit_id
    tell_deadlines()
    assert (only_case().overdue, late_on_the_map(unit_id)) == (False, 0)
    frozen.forward(days=30)
    tell_deadlines()
    tell_deadlines()
    assert (only_case().overdue, late_on_the_map(unit_id)) == (True, 1)
    with write_unit():
        cancel_verification(officer, only_case(), reason="Bà con báo đã dọn.")
    assert (only_case().overdue, late_on_the_map(unit_id)) == (False, 0)


@pytest.mark.parametrize(("state", "step"), [("closed", "close"), ("dismissed", "dismiss")])
def test_the_residents_right_to_ask_again_is_no_deadline_of_an_ended_case(
    app: Flask, frozen: FrozenClock, state: str, step: str
) -> None:
    with write_unit():
        case = make_case(state)
        tick(case, step)
        assert next_due(subject_of(case)) is not None
        assert case.due_at is None
    frozen.forward(days=60)
    tell_deadlines()
    assert not only_case().overdue
