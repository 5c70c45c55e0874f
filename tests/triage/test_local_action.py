"""What is settled on the spot: the fast lane, and tasks with their results."""

import pytest
from sqlalchemy import select

from tests.factories.triage import (
    ASSESSMENT,
    a_group,
    a_member,
    a_received,
    a_task,
    due,
    opened_case,
)
from tests.triage.records import lines, messages, running
from webapp.cases.models import Case
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import Conflict, Invalid
from webapp.core.unit_of_work import session, write_unit
from webapp.triage.models import LocalAction
from webapp.triage.operations import assessment as assessing
from webapp.triage.operations import local_action as acting


def test_the_fast_lane_is_one_screen_for_small_matters(officer: Actor) -> None:
    with write_unit():
        case = opened_case(officer, category="waste_collection.missed_pickup")
    with write_unit():
        acting.fast_lane(officer, case, task=a_task(), assessment=ASSESSMENT)
    assert (case.state, case.fast, running(case)) == ("local_action", True, {"local_action"})
    assert lines(case)[-1].public_line == case.summary
    assert ("triage.action_given", a_group().id) in messages()


@pytest.mark.parametrize("category", ["dumping.river_dump", "burning.dump_fire"])
def test_the_fast_lane_is_closed_to_other_matters(officer: Actor, category: str) -> None:
    with write_unit():
        case = opened_case(officer, category=category)
    with pytest.raises(Invalid), write_unit():
        acting.fast_lane(officer, case, task=a_task(), assessment=ASSESSMENT)
    assert session().scalars(select(LocalAction)).all() == []


def acting_case(officer: Actor, case: Case) -> LocalAction:
    with write_unit():
        assessing.assess_case(officer, case, assessment=ASSESSMENT, site_note="Đã thấy")
        return acting.act_locally(officer, case, task=a_task())


def test_acting_locally_and_reporting_back(officer: Actor, case: Case) -> None:
    action = acting_case(officer, case)
    assert (case.state, running(case)) == ("local_action", {"local_action"})
    assert clock.local(case.due_at).date() == due(7), "until the end of the seventh day"
    with write_unit():
        member = a_member()
    result = acting.LocalResult("Tổ đã dọn xong, chở hai xe.", photos=[a_received()])
    with write_unit():
        acting.answer_action(member, action.id, result=result)
    assert (case.state, case.last_result) == ("awaiting_confirmation", "report_local_result")
    assert action.source_note is None
    assert "Tổ đã dọn" not in (lines(case)[-1].public_line or "")
    assert running(case) == {"confirmation_window"}
    with pytest.raises(Conflict), write_unit():
        acting.answer_action(member, action.id, result=result)


def test_an_officer_records_a_local_result_with_its_source(officer: Actor, case: Case) -> None:
    action = acting_case(officer, case)
    words = acting.LocalResult("Đã dọn.", no_photo_reason="Không có máy")
    with pytest.raises(Invalid) as refused, write_unit():
        acting.report_local_result(officer, case, result=words)
    assert set(refused.value.fields) == {"source"}
    told = acting.LocalResult("Đã dọn.", no_photo_reason="Không có máy", source="Gọi điện 2/3")
    with write_unit():
        acting.report_local_result(officer, case, result=told)
    assert (action.source_note, case.state) == ("Gọi điện 2/3", "awaiting_confirmation")
