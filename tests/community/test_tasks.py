"""Tasks on a phone: what a member sees, what they answer, what stays closed."""

import re
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.factories.accounts import make_person, sign_in
from tests.factories.directory import a_unit, an_organisation
from tests.factories.media import a_photo_file, a_ready_photo
from tests.factories.reporting import WORDS, make_report
from tests.factories.triage import (
    ASSESSMENT,
    PLACE,
    a_group,
    a_task,
    a_visit,
    an_officer,
    due,
    opened_case,
)
from webapp.cases.models import Case, CasePhoto
from webapp.cases.operations import lock_case
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.unit_of_work import session, write_unit
from webapp.directory.models import Person
from webapp.reporting.models import Report, ReportPhoto
from webapp.triage.models import LocalAction, SiteCheck
from webapp.triage.operations.assessment import assess_case
from webapp.triage.operations.local_action import act_locally
from webapp.triage.operations.verification import (
    cancel_verification,
    record_verification,
    request_verification,
)

TASKS = "/can-bo/nhiem-vu"
QUESTION = "Có đống rác ven suối không, dài bao nhiêu?"
SENT_AT = "Nhận lúc"


@pytest.fixture
def officer(app: Flask) -> Actor:
    with write_unit():
        return an_officer()


@pytest.fixture
def member(client: FlaskClient) -> FlaskClient:
    """A member of the group, signed in on a phone."""
    with write_unit():
        account, _actor = make_person("group_member", unit=a_unit(), organisation=a_group())
    sign_in(client, account.email)
    return client


@pytest.fixture
def case(officer: Actor) -> Case:
    """A case whose report has words and a ready photo."""
    photo = a_ready_photo()
    with write_unit():
        report = make_report()
        report.photos.append(ReportPhoto(report_id=report.id, photo_id=photo.id, position=0))
        session().flush()
        return opened_case(officer, report)


@pytest.fixture
def check(officer: Actor, case: Case) -> SiteCheck:
    with write_unit():
        return request_verification(
            officer, case, organisation_id=a_group().id, question=QUESTION, due_on=due()
        )


@pytest.fixture
def action(officer: Actor, case: Case) -> LocalAction:
    with write_unit():
        assess_case(officer, case, assessment=ASSESSMENT, site_note="Đã thấy")
        return act_locally(officer, case, task=a_task())


def csrf(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


def test_the_empty_page_says_what_it_is_for(member: FlaskClient) -> None:
    assert "Khi Mặt trận nhờ đi xem" in member.get(TASKS).text


def test_a_member_never_sees_words_photos_time_or_case(
    member: FlaskClient, check: SiteCheck, case: Case
) -> None:
    report = session().scalars(select(Report)).one()
    photo = report.photos[0].photo
    received = f"{clock.local(report.received_at):%H:%M}"
    for address in (TASKS, f"{TASKS}/xem/{check.id}"):
        page = member.get(address).text
        assert QUESTION in page
        assert PLACE in page
        body = re.sub(r'<input[^>]*name="visited_at"[^>]*>', "", page)
        for secret in (WORDS, photo.uid, received, case.code, report.code, "phản ánh lúc"):
            assert secret not in body
    for address in (
        f"/can-bo/vu-viec/{case.code}",
        f"/can-bo/vu-viec/{case.code}/buoc/record_verification",
        f"/can-bo/phan-anh/{report.code}",
        "/can-bo/hang-doi",
    ):
        assert member.get(address).status_code == 403
    assert member.get(f"/can-bo/anh/{photo.uid}/card").status_code == 404


def test_an_answer_with_an_own_photo(member: FlaskClient, check: SiteCheck, case: Case) -> None:
    page = member.get(f"{TASKS}/xem/{check.id}").text
    moment = re.search(r'name="visited_at"[^>]*value="([^"]+)"', page)
    assert moment
    answer = member.post(
        f"{TASKS}/xem/{check.id}",
        data={
            "csrf_token": csrf(page),
            "finding": "found",
            "visited_at": moment[1],
            "note": "Rác dài khoảng 20 mét",
            "no_photo_reason": "Máy không lấy được vị trí",
            "photos": (BytesIO(a_photo_file()), "anh.jpg"),
        },
    )
    assert answer.status_code == 303
    session().expire_all()
    assert (check.state, case.state) == ("done", "received")
    assert session().scalars(select(CasePhoto.purpose).order_by(CasePhoto.id)).all() == [
        "before",
        "site",
    ]
    assert QUESTION not in member.get(TASKS).text


def test_a_broken_photo_is_refused_and_the_words_stay(
    member: FlaskClient, check: SiteCheck
) -> None:
    page = member.get(f"{TASKS}/xem/{check.id}").text
    answer = member.post(
        f"{TASKS}/xem/{check.id}",
        data={
            "csrf_token": csrf(page),
            "finding": "found",
            "visited_at": "2026-01-02T08:00",
            "note": "Lời đã gõ",
            "photos": (BytesIO(b"khong phai anh"), "anh.jpg"),
        },
    )
    assert answer.status_code == 422
    assert "Lời đã gõ" in answer.text
    session().expire_all()
    assert check.state == "open"


def test_an_answered_check_is_a_conflict_with_the_words_kept(
    member: FlaskClient, check: SiteCheck
) -> None:
    fields = {
        "csrf_token": csrf(member.get(f"{TASKS}/xem/{check.id}").text),
        "finding": "not_found",
        "visited_at": "2026-01-02T08:00",
        "note": "Tôi không thấy gì",
        "no_photo_reason": "Trời tối",
    }
    assert member.post(f"{TASKS}/xem/{check.id}", data=fields).status_code == 303
    again = member.post(f"{TASKS}/xem/{check.id}", data=fields)
    assert again.status_code == 409
    assert "Lò Thị Ẳng" in again.text
    assert "Tôi không thấy gì" in again.text


def test_a_task_that_was_called_off_says_so_before_anybody_goes(
    member: FlaskClient, officer: Actor, case: Case, check: SiteCheck
) -> None:
    with write_unit():
        cancel_verification(officer, lock_case(case.id), reason="Đã rõ qua ảnh")
    page = member.get(f"{TASKS}/xem/{check.id}").text
    assert "Việc này Mặt trận đã thôi, không cần đi xem nữa." in page
    assert 'name="finding"' not in page and "data-field-check" not in page
    assert QUESTION not in page and "Đã rõ qua ảnh" not in page


def test_a_task_answered_by_call_says_who_wrote_it_down(
    member: FlaskClient, officer: Actor, case: Case, check: SiteCheck
) -> None:
    told = "Bà Ẳng gọi điện lúc 9 giờ"
    with write_unit():
        record_verification(officer, lock_case(case.id), visit=a_visit(source=told))
        name = session().get_one(Person, officer.person_id).name
    page = member.get(f"{TASKS}/xem/{check.id}").text
    assert f"{name} đã ghi kết quả lúc" in page
    assert 'name="finding"' not in page and QUESTION not in page
    assert told not in page and "vẫn còn ở dưới" not in page


def test_an_overdue_task_says_so(member: FlaskClient, check: SiteCheck) -> None:
    with write_unit():
        session().get_one(SiteCheck, check.id).due_on = due(-1)
    assert "Quá hạn" in member.get(TASKS).text


def test_a_local_task_shows_the_summary_and_chosen_photos_only(
    member: FlaskClient, action: LocalAction, case: Case
) -> None:
    photo = session().scalars(select(Report)).one().photos[0].photo
    page = member.get(f"{TASKS}/lam/{action.id}").text
    assert ASSESSMENT.summary in page
    assert WORDS not in page
    assert photo.uid not in page
    assert member.get(f"/can-bo/anh/{photo.uid}/card").status_code == 404
    with write_unit():
        session().scalars(select(CasePhoto)).one().shown_to_doer = True
    assert photo.uid in member.get(f"{TASKS}/lam/{action.id}").text
    assert member.get(f"/can-bo/anh/{photo.uid}/card").status_code == 200


def test_reporting_back_from_the_phone(
    member: FlaskClient, action: LocalAction, case: Case
) -> None:
    address = f"{TASKS}/lam/{action.id}"
    fields = {"csrf_token": csrf(member.get(address).text), "words": "Tổ đã dọn xong"}
    assert member.post(address, data=fields).status_code == 422
    done = member.post(address, data=fields | {"no_photo_reason": "Máy hỏng"})
    assert done.status_code == 303
    session().expire_all()
    assert case.state == "awaiting_confirmation"


def test_operators_see_their_work_and_nothing_else(
    client: FlaskClient, action: LocalAction
) -> None:
    with write_unit():
        operator = an_organisation("waste_operator")
        account, _actor = make_person("waste_operator", unit=a_unit(), organisation=operator)
    sign_in(client, account.email)
    assert client.get(f"{TASKS}/lam/{action.id}").status_code == 404
    assert client.get(TASKS).status_code == 200
