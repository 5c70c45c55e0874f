"""A form that came too late: refused, nothing stored, and every word still there (W1)."""

import io
import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, OperationalError

from tests.factories.accounts import PASSWORD, make_person, sign_in
from tests.factories.cases import make_case
from tests.factories.directory import a_unit
from webapp.accounts.models import Assignment
from webapp.accounts.sessions import end_sessions
from webapp.cases.models import Case
from webapp.core.unit_of_work import session, write_unit

WORDS = 'Bãi rác lan ra suối; đã gọi trưởng bản "Lò Văn Ẳng" & hẹn thứ Hai.'


@pytest.fixture
def officer(app: Flask) -> FlaskClient:
    with write_unit():
        account, _actor = make_person("front_commune", unit=a_unit(), email="a@matxanh.invalid")
    client = app.test_client()
    sign_in(client, account.email)
    return client


@pytest.fixture
def case(app: Flask) -> Case:
    with write_unit():
        return make_case("verifying")


def amendment(case: Case, **rest: str) -> dict[str, str]:
    return {"version": str(case.version), "place_note": WORDS, "reason": "Ghi lại cho đúng", **rest}


def again(page: str) -> tuple[str, dict[str, str]]:
    """The address and the fields of the page's own form."""
    form = re.search(r'<form method="post" action="([^"]+)"(.*?)</form>', page, re.S)
    assert form is not None
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[2])
    plain = {name: value.replace("&#34;", '"').replace("&amp;", "&") for name, value in fields}
    return form[1], plain


def stored(case: Case) -> str | None:
    session().expire_all()
    return session().get_one(Case, case.id).place_note


def address(case: Case) -> str:
    return f"/can-bo/vu-viec/{case.code}/buoc/amend"


def test_a_lost_token_keeps_the_words_and_one_press_sends_them(
    officer: FlaskClient, case: Case
) -> None:
    refused = officer.post(address(case), data=amendment(case))
    assert (refused.status_code, stored(case)) == (400, None)
    assert "Bấm “Gửi lại”" in refused.text
    assert refused.headers["Cache-Control"] == "private, no-store"
    where, fields = again(refused.text)
    assert where == address(case)
    assert officer.post(where, data=fields).status_code == 303
    assert stored(case) == WORDS


def test_an_ended_session_keeps_the_words_until_signed_in_again(
    app: Flask, officer: FlaskClient, case: Case
) -> None:
    where, fields = again(officer.post(address(case), data=amendment(case)).text)
    with write_unit():
        account, _actor = make_person("front_commune", unit=a_unit(), email="b@matxanh.invalid")
        end_sessions(account)
    with officer.session_transaction() as cookie:
        del cookie["sign_in"]
    refused = officer.post(where, data=fields)
    assert (refused.status_code, stored(case)) == (403, None)
    assert "Đăng nhập ở thẻ mới" in refused.text and "trưởng bản" in refused.text
    where, fields = again(refused.text)
    sign_in(officer, "a@matxanh.invalid")
    assert officer.post(where, data=fields).status_code == 303
    assert stored(case) == WORDS


def test_several_values_and_photos_are_asked_for_again(officer: FlaskClient, case: Case) -> None:
    data = {"left_out": ["3", "4"], "photos": (io.BytesIO(b"anh"), "anh.jpg")}
    page = officer.post(f"/can-bo/vu-viec/{case.code}/buoc/record_verification", data=data).text
    assert page.count('name="left_out"') == 2
    assert 'type="file" multiple id="kept-1" name="photos"' in page


def test_a_file_that_is_no_photo_may_be_chosen_again_too(officer: FlaskClient, case: Case) -> None:
    sent = {"files": (io.BytesIO(b"%PDF-1.4"), "ban-ky.pdf")}
    page = officer.post("/can-bo/van-ban/khong-co/ban-ky", data=sent).text
    asked = re.search(r'<input class="form-control" type="file"[^>]*name="files"[^>]*>', page)
    assert asked is not None and "image/" not in asked[0]
    assert "Chọn lại tệp" in page and "Chọn lại ảnh" not in page


def test_a_password_is_never_written_into_a_page(client: FlaskClient) -> None:
    data = {"email": "lo.thi.ang@matxanh.invalid", "password": PASSWORD}
    refused = client.post("/dang-nhap", data=data)
    assert refused.status_code == 400
    assert "lo.thi.ang@matxanh.invalid" in refused.text and PASSWORD not in refused.text


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_another_site_sent_is_not_offered_again(
    officer: FlaskClient, case: Case, site: str
) -> None:
    headers = {"Sec-Fetch-Site": site}
    refused = officer.post(address(case), data=amendment(case), headers=headers)
    assert refused.status_code == 400
    assert "trưởng bản" not in refused.text and "<form" not in refused.text.split("<main")[1]


def test_a_guest_who_may_not_is_told_so_as_before(client: FlaskClient) -> None:
    answer = client.post("/api/v1/reports", json={}, headers={"Origin": "https://noi-khac.invalid"})
    assert answer.status_code == 403 and answer.is_json


@pytest.mark.parametrize("path", ["/gui-phan-anh", "/tra-cuu"])
def test_forms_with_their_own_token_say_it_in_our_words(client: FlaskClient, path: str) -> None:
    refused = client.post(path, data={"description": WORDS, "code": "MÃ ĐÃ NHẬP"})
    assert refused.status_code == 422
    assert "Xin bấm gửi lần nữa." in refused.text and "CSRF" not in refused.text
    assert "trưởng bản" in refused.text or "MÃ ĐÃ NHẬP" in refused.text


@pytest.mark.parametrize(("told", "status"), [("database is locked", 409), ("mất kết nối", 503)])
def test_a_database_that_cannot_answer_now_keeps_the_words_to_send_again(
    officer: FlaskClient, case: Case, monkeypatch: pytest.MonkeyPatch, told: str, status: int
) -> None:
    where, fields = again(officer.post(address(case), data=amendment(case)).text)

    def fails(*_given: object, **_named: object) -> None:
        raise OperationalError("UPDATE", {}, Exception(told))

    with monkeypatch.context() as broken:
        broken.setattr("webapp.cases.views.staff.claim_case", fails)
        refused = officer.post(where, data=fields)
    assert (refused.status_code, stored(case)) == (status, None)
    assert refused.headers["Retry-After"]
    where, fields = again(refused.text)
    assert officer.post(where, data=fields).status_code == 303
    assert stored(case) == WORDS


@pytest.mark.parametrize(
    ("told", "status"), [("UNIQUE constraint failed: x", 409), ("CHECK constraint failed", 500)]
)
def test_what_was_stored_twice_at_once_is_no_error_of_ours(
    officer: FlaskClient, case: Case, monkeypatch: pytest.MonkeyPatch, told: str, status: int
) -> None:
    where, fields = again(officer.post(address(case), data=amendment(case)).text)

    def fails(*_given: object, **_named: object) -> None:
        raise IntegrityError("INSERT", {}, Exception(told))

    monkeypatch.setattr("webapp.cases.views.staff.claim_case", fails)
    refused = officer.post(where, data=fields)
    assert (refused.status_code, "trưởng bản" in refused.text) == (status, True)


def test_who_may_no_more_still_reads_what_they_typed(
    app: Flask, officer: FlaskClient, case: Case
) -> None:
    """Rights that ended between opening a page and sending it, of a delegation for one."""
    where, fields = again(officer.post(address(case), data=amendment(case)).text)
    with write_unit():
        for role in session().scalars(select(Assignment)):
            role.valid_to = date(2020, 1, 1)
    refused = officer.post(where, data=fields)
    assert (refused.status_code, stored(case)) == (403, None)
    assert "Điều ông/bà đã nhập" in refused.text and "trưởng bản" in refused.text


def test_what_is_too_large_to_be_read_is_refused_and_nothing_else(
    client: FlaskClient, case: Case
) -> None:
    refused = client.post(address(case), data={"reason": "mưa lũ " * 4_000_000})
    assert refused.status_code in {400, 413}
