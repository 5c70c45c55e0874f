"""The first steps of a case: who may, what they need, what follows."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories.clock import FrozenClock, freeze
from tests.factories.directory import DIEN_BIEN, NA_TAU, a_unit, an_organisation
from tests.factories.reporting import make_report
from tests.factories.triage import (
    ASSESSMENT,
    a_group,
    a_member,
    a_received,
    a_task,
    a_visit,
    an_officer,
    due,
    opened_case,
)
from webapp.audit.models import AuditEntry
from webapp.cases.clocks import subject_of
from webapp.cases.models import Case, CasePhoto, TimelineLine
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import Conflict, Forbidden, Invalid, NotFound, TransitionRefused
from webapp.core.unit_of_work import session, write_unit
from webapp.deadlines.queries import clocks_of
from webapp.notifications.models import Notice
from webapp.reporting.following import view_for_sender
from webapp.reporting.models import Report
from webapp.triage.models import LocalAction, SiteCheck
from webapp.triage.operations import assessment as assessing
from webapp.triage.operations import local_action as acting
from webapp.triage.operations import transfer
from webapp.triage.operations import verification as checking
from webapp.triage.queries.tasks import check_task, open_checks


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> FrozenClock:
    return freeze(monkeypatch)


@pytest.fixture
def officer(app: Flask) -> Actor:
    with write_unit():
        return an_officer()


@pytest.fixture
def case(officer: Actor) -> Case:
    with write_unit():
        return opened_case(officer)


def messages() -> list[tuple[str, int | None]]:
    rows = select(Notice.message, Notice.organisation_id).order_by(Notice.id)
    return [(message, organisation) for message, organisation in session().execute(rows)]


def lines(case: Case) -> list[TimelineLine]:
    query = select(TimelineLine).where(TimelineLine.case_id == case.id)
    return list(session().scalars(query.order_by(TimelineLine.id)))


def running(case: Case) -> set[str]:
    return {e.rule.key for e in clocks_of(subject_of(case)) if e.stopped_at is None}


def ask_group(officer: Actor, case: Case, **changes: object) -> SiteCheck:
    values: dict[str, object] = {
        "organisation_id": a_group().id,
        "question": "Có đống rác ven suối không, dài bao nhiêu?",
        "due_on": due(),
    }
    with write_unit():
        return checking.request_verification(officer, case, **values | changes)  # type: ignore[arg-type]


def test_a_site_check_goes_to_the_group_and_comes_back(officer: Actor, case: Case) -> None:
    check = ask_group(officer, case)
    assert (case.state, running(case)) == ("verifying", {"verification_task"})
    assert ("triage.check_asked", a_group().id) in messages()
    with write_unit():
        member = a_member()
    with write_unit():
        checking.answer_check(member, check.id, visit=a_visit())
    assert (case.state, check.state, check.finding) == ("received", "done", "found")
    assert (check.recorded_by_id, check.recorded_for_doer) == (member.person_id, False)
    assert running(case) == set()
    assert messages()[-1] == ("triage.check_done", case.owner_id)
    assert all(line.public_line is None for line in lines(case)), "not public before assess"


def test_a_task_shows_category_place_and_question_only(officer: Actor, case: Case) -> None:
    check = ask_group(officer, case)
    with write_unit():
        member = a_member()
    task = check_task(member, check.id)
    assert set(vars(task)) == {"id", "question", "due_on", "state", "place"}
    assert set(vars(task.place)) == {
        "category",
        "unit_name",
        "unit_name_en",
        "place_note",
        "at",
    }


def test_a_member_left_out_does_not_have_the_task(officer: Actor, case: Case) -> None:
    with write_unit():
        member, other = a_member(), a_member("Vàng A Chứ")
    check = ask_group(officer, case, left_out=[member.person_id])
    assert open_checks(member) == []
    assert [task.id for task in open_checks(other)] == [check.id]
    with pytest.raises(NotFound):
        check_task(member, check.id)
    with pytest.raises(NotFound), write_unit():
        checking.answer_check(member, check.id, visit=a_visit())


def test_another_groups_task_is_not_there(officer: Actor, case: Case) -> None:
    check = ask_group(officer, case)
    with write_unit():
        stranger = a_member(group=an_organisation("group", unit=a_unit(NA_TAU)))
    with pytest.raises(NotFound), write_unit():
        checking.answer_check(stranger, check.id, visit=a_visit())


def test_the_second_answer_is_told_who_was_first(officer: Actor, case: Case) -> None:
    check = ask_group(officer, case)
    with write_unit():
        member, other = a_member("Lò Văn Pâng"), a_member()
    with write_unit():
        checking.answer_check(member, check.id, visit=a_visit())
    with pytest.raises(Conflict, match="Lò Văn Pâng"), write_unit():
        checking.answer_check(other, check.id, visit=a_visit(finding="not_found"))
    assert session().get_one(SiteCheck, check.id).finding == "found"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"no_photo_reason": " "}, "photos"),
        ({"finding": "có lẽ"}, "finding"),
        ({"visited_at": clock.now() + timedelta(days=900)}, "visited_at"),
    ],
)
def test_a_visit_needs_a_photo_or_reason_and_has_been(
    officer: Actor, case: Case, changes: dict[str, object], field: str
) -> None:
    ask_group(officer, case)
    with write_unit():
        member = a_member()
    check_id = session().scalars(select(SiteCheck.id)).one()
    with pytest.raises(Invalid) as refused, write_unit():
        checking.answer_check(member, check_id, visit=a_visit(**changes))
    assert set(refused.value.fields) == {field}
    assert case.state == "verifying"


def test_an_officer_records_for_the_group_with_the_source(officer: Actor, case: Case) -> None:
    check = ask_group(officer, case)
    with pytest.raises(Invalid) as refused, write_unit():
        checking.record_verification(officer, case, visit=a_visit())
    assert set(refused.value.fields) == {"source"}
    with write_unit():
        visit = a_visit(source="Tổ trưởng gọi điện, 9 giờ sáng")
        checking.record_verification(officer, case, visit=visit)
    assert (check.recorded_for_doer, case.state) == (True, "received")


def test_the_officers_own_visit_needs_no_source(officer: Actor, case: Case) -> None:
    ask_group(officer, case, organisation_id=None)
    with write_unit():
        visit = a_visit(photos=[a_received()], no_photo_reason=None)
        check = checking.record_verification(officer, case, visit=visit)
    assert (check.recorded_for_doer, check.photo_id is not None) == (False, True)
    [link] = session().scalars(select(CasePhoto).where(CasePhoto.purpose == "site"))
    assert (link.case_id, link.voice) == (case.id, "front")


def test_calling_off_a_check_takes_the_task_away(officer: Actor, case: Case) -> None:
    check = ask_group(officer, case)
    with write_unit():
        checking.cancel_verification(officer, case, reason="Đã rõ qua ảnh")
    assert (case.state, check.state, running(case)) == ("received", "cancelled", set())


def test_a_case_dismissed_meanwhile_calls_the_check_off(officer: Actor, case: Case) -> None:
    check = ask_group(officer, case)
    with write_unit():
        assessing.dismiss_case(officer, case, reason="already_gone", words="Bà con đã dọn xong.")
    assert (case.state, check.state) == ("dismissed", "cancelled")
    assert running(case) == {"reopen_window"}


def test_a_day_gone_by_and_a_foreign_group_are_refused(officer: Actor, case: Case) -> None:
    foreign = an_organisation("group", unit=a_unit(NA_TAU)).id
    for changes, field in (({"due_on": due(-1)}, "due_on"), ({"organisation_id": foreign}, "who")):
        with pytest.raises(Invalid) as refused:
            ask_group(officer, case, **changes)
        assert set(refused.value.fields) == {field}
    assert case.state == "received"


def test_assessing_makes_public_with_the_officers_words(officer: Actor, case: Case) -> None:
    with write_unit():
        assessing.assess_case(
            officer, case, assessment=ASSESSMENT, site_note="Tôi đi qua sáng nay, thấy rõ."
        )
    assert (case.state, case.summary, case.severity) == (
        "assessed",
        ASSESSMENT.summary,
        "moderate",
    )
    assert case.public_since is not None
    assert lines(case)[-1].public_line == "Mức độ: vừa."
    assert session().scalars(
        select(AuditEntry.action).where(AuditEntry.action == "case.assess")
    ).all() == ["case.assess"]


def test_assessing_needs_evidence_or_a_note(officer: Actor, case: Case) -> None:
    with pytest.raises(Invalid) as refused, write_unit():
        assessing.assess_case(officer, case, assessment=ASSESSMENT)
    assert set(refused.value.fields) == {"site_note"}
    ask_group(officer, case, organisation_id=None)
    with write_unit():
        checking.record_verification(officer, case, visit=a_visit())
        assessing.assess_case(officer, case, assessment=ASSESSMENT)
    assert case.state == "assessed"


def test_nobody_assesses_a_report_of_their_own(officer: Actor) -> None:
    with write_unit():
        other, province = (
            an_officer(name="Mùa A Dơ"),
            an_officer("front_province", unit=a_unit(DIEN_BIEN), name="Tòng Thị Panh"),
        )
        own = opened_case(officer, make_report(officer))
        foreign = opened_case(officer)
    for actor, case, allowed in (
        (officer, own, False),
        (other, own, True),
        (province, own, True),
        (province, foreign, False),
    ):
        assert assessing.may_assess(actor, case) is allowed
    with pytest.raises(Forbidden, match="chính ông/bà"), write_unit():
        assessing.assess_case(officer, own, assessment=ASSESSMENT, site_note="Có thấy")
    with pytest.raises(Forbidden), write_unit():
        assessing.assess_case(province, foreign, assessment=ASSESSMENT, site_note="Có thấy")
    with write_unit():
        assessing.assess_case(province, own, assessment=ASSESSMENT, site_note="Có thấy")
    assert own.state == "assessed"


def test_a_category_never_public_stays_off_the_public_pages(officer: Actor) -> None:
    with write_unit():
        case = opened_case(officer, category="dispute.neighbour")
        assessing.assess_case(officer, case, assessment=ASSESSMENT, site_note="Đã gặp hai hộ")
    assert (case.state, case.public_since) == ("assessed", None)


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
    assert clock.local(case.due_at).date() == due(8), "until the end of the seventh day"
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


def test_dismissing_tells_every_reporter_in_words(officer: Actor, case: Case) -> None:
    report = session().scalars(select(Report)).one()
    with write_unit():
        assessing.dismiss_case(
            officer, case, reason="not_found", words="Mặt trận đã đi xem, không thấy rác."
        )
    assert (case.state, case.dismissal) == ("dismissed", "not_found")
    session().expire_all()
    assert any("không thấy rác" in (e.detail or "") for e in view_for_sender(report).lines)


def test_opened_by_mistake_is_no_reason_to_choose(officer: Actor, case: Case) -> None:
    with pytest.raises(Invalid), write_unit():
        assessing.dismiss_case(officer, case, reason="opened_by_mistake", words="Nhầm.")


def test_amending_keeps_the_old_value(officer: Actor, case: Case) -> None:
    with write_unit():
        amendment = assessing.Amendment(place_note="Dưới chân cầu")
        assessing.amend_case(officer, case, amendment=amendment, reason="Ghi lại cho đúng")
    assert case.place_note == "Dưới chân cầu"
    assert lines(case)[-1].facts == {"was": {"place_note": "Cạnh cầu treo bản Bua"}}
    with pytest.raises(Invalid), write_unit():
        assessing.amend_case(officer, case, amendment=amendment, reason="Lần nữa")


def test_assigning_stays_inside_the_committee(officer: Actor, case: Case) -> None:
    with write_unit():
        stranger = an_officer(unit=a_unit(NA_TAU), name="Sùng A Vừ")
    with pytest.raises(Invalid), write_unit():
        assessing.assign_case(officer, case, person_id=stranger.person_id or 0, reason="x")
    with write_unit():
        assessing.assign_case(officer, case, person_id=officer.person_id or 0, reason="Theo bản")
    assert case.assignee_id == officer.person_id


def test_recategorising_changes_route_clock_place_and_tells(
    officer: Actor, case: Case, still: FrozenClock
) -> None:
    ask_group(officer, case)
    report, before = session().scalars(select(Report)).one(), case.public_cell
    with write_unit():
        assessing.recategorise_case(
            officer, case, category_code="hazardous.chemical", reason="Có mùi hóa chất"
        )
    assert (case.category, case.urgent, case.secret) == ("hazardous.chemical", True, True)
    assert (case.level, case.owner.unit.kind) == ("province", "province")
    assert running(case) == {"verification_task_urgent"}
    assert case.precision_m == 1000
    assert case.public_cell != before
    session().expire_all()
    assert any("Loại việc" in (e.detail or "") for e in view_for_sender(report).lines)


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


def test_a_returned_transfer_stays_where_it_was(officer: Actor, case: Case) -> None:
    target = a_unit(NA_TAU)
    with write_unit():
        receiver = an_officer(unit=target, name="Sùng A Vừ")
        transfer.propose_transfer(officer, case, unit_id=target.id, reason="Bên kia suối")
    assert transfer.receives(receiver, case)
    with write_unit():
        transfer.return_transfer(receiver, case, reason="Chỗ này của xã bên ấy")
    assert (case.handling_unit_id, transfer.pending_transfer(case)) == (a_unit().id, None)
