"""Site checks: who is asked, what the task shows, what comes back."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.factories.accounts import make_person, sign_in
from tests.factories.clock import FrozenClock
from tests.factories.directory import NA_TAU, a_unit, an_organisation
from tests.factories.triage import (
    ASSESSMENT,
    a_group,
    a_member,
    a_received,
    a_visit,
    an_officer,
    due,
)
from tests.triage.records import ask_group, lines, messages, running
from webapp.cases.models import Case, CasePhoto
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import Conflict, Invalid, NotFound
from webapp.core.unit_of_work import session, write_unit
from webapp.deadlines.operations import tell_deadlines
from webapp.notifications.messages import Reader, message_of
from webapp.triage.checked import proposed
from webapp.triage.models import SiteCheck
from webapp.triage.operations import assessment as assessing
from webapp.triage.operations import verification as checking
from webapp.triage.queries.tasks import check_task, open_checks


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
    assert set(vars(task)) == {"id", "question", "due_on", "ended", "place"}
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


def test_an_overdue_check_returns_to_the_desk_and_a_late_answer_counts(
    officer: Actor, case: Case, frozen: FrozenClock
) -> None:
    check = ask_group(officer, case)
    with write_unit():
        member = a_member()
    frozen.forward(days=10)
    tell_deadlines()
    session().expire_all()
    assert (case.state, check.state, running(case)) == ("received", "open", set())
    assert check.returned_at == clock.now()
    assert not case.overdue
    assert [each.id for each in open_checks(member)] == [check.id]
    with write_unit():
        checking.answer_check(member, check.id, visit=a_visit())
    assert (case.state, check.state) == ("received", "done")


def test_front_and_group_are_told_that_nobody_went_not_that_the_case_is_late(
    officer: Actor, case: Case, frozen: FrozenClock
) -> None:
    with write_unit():
        left_out = a_member("Vàng A Chứ")
    check = ask_group(officer, case, left_out=[left_out.person_id])
    frozen.forward(days=10)
    tell_deadlines()
    session().expire_all()
    late = [each for each in messages() if each[0] != "triage.check_asked"][2:]
    assert sorted(late) == [
        ("triage.check_returned", each) for each in sorted((case.owner_id, a_group().id))
    ]
    render = message_of("triage.check_returned").render
    front = render(check.id, Reader(organisation_id=case.owner_id))
    assert front is not None and str(front.subject) == "Chưa ai đi xem trong hạn"
    group = Reader(person_id=1, organisation_id=a_group().id)
    told = render(check.id, group)
    assert told is not None and str(told.subject) == "Quá hạn đi xem tại chỗ"
    assert case.code not in f"{told.body} {told.path}"
    assert check.question not in f"{told.body} {front.body}"
    mailbox = render(check.id, Reader(organisation_id=a_group().id))
    assert mailbox is not None and str(mailbox.subject) == "Mắt Xanh: có cập nhật"
    assert render(check.id, Reader(person_id=left_out.person_id)) is None
    with write_unit():
        checking.close_checks(case.id)
    assert render(check.id, group) is None


def test_what_came_back_from_the_place_waits_in_todays_work(
    officer: Actor, case: Case, frozen: FrozenClock, client: FlaskClient
) -> None:
    with write_unit():
        account, _colleague = make_person("front_commune", unit=a_unit(), name="Cà Văn Noọng")

    def pile() -> str:
        sign_in(client, account.email)
        return client.get("/can-bo/hom-nay?viec=xem-tai-cho").text

    check = ask_group(officer, case)
    page = pile()
    assert "Không có kết quả xem nào chờ" in page
    frozen.forward(days=10)
    tell_deadlines()
    page = pile()
    assert f"Chưa ai đi xem, hạn hết ngày {check.due_on:%d/%m/%Y}." in page
    assert f"/can-bo/vu-viec/{case.code}/buoc/request_verification" in page
    with write_unit():
        checking.answer_check(a_member(), check.id, visit=a_visit())
    page = pile()
    assert "Đã có kết quả xem tại chỗ ngày" in page
    assert f"/can-bo/vu-viec/{case.code}/buoc/assess" in page
    with write_unit():
        assessing.assess_case(officer, case, assessment=ASSESSMENT)
    assert "Không có kết quả xem nào chờ" in pile()


def test_a_colleague_elsewhere_does_not_see_what_came_back(
    officer: Actor, case: Case, frozen: FrozenClock
) -> None:
    ask_group(officer, case)
    frozen.forward(days=10)
    tell_deadlines()
    with write_unit():
        elsewhere = an_officer(unit=a_unit(NA_TAU), name="Sùng A Vừ")
    assert proposed(elsewhere) == []


def test_who_goes_on_without_the_late_answer_calls_the_check_off(
    officer: Actor, case: Case, frozen: FrozenClock
) -> None:
    first = ask_group(officer, case)
    frozen.forward(days=10)
    tell_deadlines()
    second = ask_group(officer, case)
    session().expire_all()
    assert (first.state, second.state, case.state) == ("cancelled", "open", "verifying")
    frozen.forward(days=10)
    tell_deadlines()
    with write_unit():
        assessing.assess_case(officer, case, assessment=ASSESSMENT, site_note="Đã gọi hỏi tổ")
    session().expire_all()
    assert second.state == "cancelled"
