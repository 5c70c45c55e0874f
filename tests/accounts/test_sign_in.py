"""Signing in and out through the page, as people do; and those who should not get in."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.factories.accounts import PASSWORD, make_person
from tests.factories.directory import a_unit
from webapp.accounts.models import Account, SignIn
from webapp.accounts.operations import turn_on_second_factor
from webapp.accounts.second_factor import STEP_SECONDS, new_secret, one_time_code
from webapp.audit.models import AuditEntry
from webapp.core.actor import SYSTEM
from webapp.core.unit_of_work import session, write_unit
from webapp.extensions import limiter
from webapp.jobs.operations import drain
from webapp.notifications.models import MailboxItem

EMAIL = "lo.thi.ang@matxanh.invalid"
WRONG = "sai-mat-khau-roi"
NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
OWN_PAGE = "/can-bo/tai-khoan/"


@pytest.fixture(autouse=True)
def _forget_failures(app: Flask) -> None:
    limiter.storage.reset()


@pytest.fixture
def account(app: Flask) -> Account:
    with write_unit():
        made, _actor = make_person("front_commune", unit=a_unit(), email=EMAIL)
    return made


def token_of(client: FlaskClient, path: str = "/dang-nhap") -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert found, path
    return found[1]


def sign_in(client: FlaskClient, email: str = EMAIL, password: str = PASSWORD) -> TestResponse:
    words = {"email": email, "password": password, "csrf_token": token_of(client)}
    return client.post("/dang-nhap", data=words)


def is_in(client: FlaskClient) -> bool:
    return client.get(OWN_PAGE).status_code == 200


def test_right_password_opens_and_is_audited(client: FlaskClient, account: Account) -> None:
    answer = sign_in(client, email="  Lo.Thi.Ang@matxanh.invalid ")
    assert answer.status_code == 303
    assert is_in(client)
    entry = session().scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.action, entry.actor_id) == ("accounts.sign_in", account.person_id)


def sign_in_for(client: FlaskClient, target: str) -> str:
    words = {"email": EMAIL, "password": PASSWORD, "csrf_token": token_of(client), "next": target}
    return client.post("/dang-nhap", data=words).headers["Location"]


def test_goes_on_to_the_page_that_was_asked_for(client: FlaskClient, account: Account) -> None:
    assert sign_in_for(client, "/can-bo/tai-khoan/?a=1") == "/can-bo/tai-khoan/?a=1"


@pytest.mark.parametrize(
    "target",
    [
        "https://noi-khac.example/",
        "//noi-khac.example/",
        "/\\noi-khac.example/",
        "/x\nSet-Cookie: x",
    ],
)
def test_never_goes_on_elsewhere(client: FlaskClient, account: Account, target: str) -> None:
    usual = sign_in_for(client, "")
    assert usual.startswith("/can-bo/")
    assert sign_in_for(client, target) == usual


def test_a_page_for_signed_in_leads_to_sign_in_and_back(
    client: FlaskClient, account: Account
) -> None:
    answer = client.get(OWN_PAGE)
    assert answer.headers["Location"] == "/dang-nhap?next=/can-bo/tai-khoan/"
    assert 'value="/can-bo/tai-khoan/"' in client.get(answer.headers["Location"]).text


def test_unknown_address_and_wrong_password_read_the_same(
    client: FlaskClient, account: Account
) -> None:
    answers = [
        sign_in(client, password=WRONG),
        sign_in(client, email="khong.co@matxanh.invalid", password=WRONG),
    ]
    assert {answer.status_code for answer in answers} == {422}
    known, unknown = (re.sub(r'value="[^"]*"', "", answer.text) for answer in answers)
    assert known == unknown
    assert "chưa đúng" in known
    assert not is_in(client)


def test_typed_address_is_kept_and_password_is_not(client: FlaskClient, account: Account) -> None:
    page = sign_in(client, password=WRONG).text
    assert f'value="{EMAIL}"' in page
    assert WRONG not in page


def test_five_failures_make_even_the_right_password_wait(
    client: FlaskClient, account: Account
) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(5):
            assert sign_in(client, password=WRONG).status_code == 422
        waiting = sign_in(client)
        assert (waiting.status_code, waiting.headers["Retry-After"]) == (429, "60")
        assert not is_in(client)
        clock.shift(timedelta(seconds=61))
        assert sign_in(client).status_code == 303


def test_waiting_is_per_account(client: FlaskClient, account: Account) -> None:
    for _ in range(6):
        sign_in(client, email="khac@matxanh.invalid", password=WRONG)
    assert sign_in(client).status_code == 303


def test_session_from_before_sign_in_does_not_survive(app: Flask, account: Account) -> None:
    client = app.test_client()
    token = token_of(client)
    with client.session_transaction() as stored:
        stored["planted"] = "kẻ xấu đặt sẵn"
    before = client.get_cookie("matxanh")
    assert before is not None
    sign_in(client)
    after = client.get_cookie("matxanh")
    assert after is not None
    assert after.value != before.value
    with client.session_transaction() as stored:
        assert "planted" not in stored
    thief = app.test_client()
    thief.set_cookie("matxanh", before.value)
    assert not is_in(thief)
    answer = client.post("/dang-xuat", data={"csrf_token": token})
    assert answer.status_code == 400, "the token from before sign-in still works"


def test_sign_out_ends_the_session(client: FlaskClient, account: Account) -> None:
    sign_in(client)
    token = token_of(client, OWN_PAGE)
    assert client.get("/dang-xuat").status_code == 405
    assert client.post("/dang-xuat").status_code == 400
    assert is_in(client)
    assert client.post("/dang-xuat", data={"csrf_token": token}).status_code == 303
    assert not is_in(client)


def test_sign_in_without_token_is_refused(client: FlaskClient, account: Account) -> None:
    client.get("/dang-nhap")
    answer = client.post("/dang-nhap", data={"email": EMAIL, "password": PASSWORD})
    assert answer.status_code == 400
    assert not is_in(client)


def test_disabled_account_is_out_at_once(client: FlaskClient, account: Account) -> None:
    sign_in(client)
    assert is_in(client)
    with write_unit():
        session().get_one(Account, account.id).active = False
    assert not is_in(client)
    assert sign_in(client).status_code == 422


def test_a_session_ends_after_twelve_hours(client: FlaskClient, account: Account) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        sign_in(client)
        for _ in range(29):
            clock.shift(timedelta(minutes=24.5))
            assert is_in(client)
        clock.shift(timedelta(minutes=15))
        assert not is_in(client)


def test_a_session_ends_after_half_an_hour_of_nobody(client: FlaskClient, account: Account) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        sign_in(client)
        clock.shift(timedelta(minutes=29))
        assert is_in(client)
        clock.shift(timedelta(minutes=29))
        assert is_in(client)
        clock.shift(timedelta(minutes=31))
        assert not is_in(client)


def test_what_a_page_asks_by_itself_is_nobody_at_work(
    client: FlaskClient, account: Account
) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        sign_in(client)
        for _ in range(3):
            clock.shift(timedelta(minutes=9))
            assert client.get(OWN_PAGE, headers={"Sec-Fetch-Dest": "empty"}).status_code == 200
        clock.shift(timedelta(minutes=4))
        assert not is_in(client)


def test_a_copied_cookie_dies_with_the_session(app: Flask, account: Account) -> None:
    client, copy = app.test_client(), app.test_client()
    sign_in(client)
    cookie = client.get_cookie("matxanh")
    assert cookie is not None
    copy.set_cookie("matxanh", cookie.value)
    assert is_in(copy)
    client.post("/dang-xuat", data={"csrf_token": token_of(client, OWN_PAGE)})
    assert not is_in(copy)
    entry = session().scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.action, entry.actor_id) == ("accounts.sign_out", account.person_id)


def test_the_token_of_a_session_is_not_stored(client: FlaskClient, account: Account) -> None:
    sign_in(client)
    with client.session_transaction() as stored:
        token = stored["sign_in"]
    row = session().scalars(select(SignIn)).one()
    assert (row.account_id, token in row.digest) == (account.id, False)


def mails(app: Flask) -> list[str]:
    drain()
    return list(session().scalars(select(MailboxItem.body).order_by(MailboxItem.id)))


def test_a_sign_in_from_a_new_device_is_told_by_mail(app: Flask, account: Account) -> None:
    own, other = app.test_client(), app.test_client()
    for _ in range(2):
        sign_in(own)
    assert mails(app) == [], "the first device is no news, the same one neither"
    with time_machine.travel(NOON, tick=False):
        sign_in(other)
    told = mails(app)
    assert len(told) == 1
    assert "12:00 02/03/2026" in told[0]
    assert "chưa dùng lần nào" in told[0]
    sign_in(other)
    assert len(mails(app)) == 1


def test_guesses_of_others_do_not_lock_out_a_known_device(app: Flask, account: Account) -> None:
    own, thief = app.test_client(), app.test_client()
    sign_in(own)
    for _ in range(5):
        sign_in(thief, password=WRONG)
    assert sign_in(thief).status_code == 429
    assert sign_in(own).status_code == 303


def test_public_answers_do_not_depend_on_cookies(client: FlaskClient, account: Account) -> None:
    sign_in(client)
    answer = client.get("/healthz")
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert "Set-Cookie" not in answer.headers


def with_second_factor(account: Account) -> tuple[str, list[str]]:
    secret = new_secret()
    with write_unit():
        codes = turn_on_second_factor(SYSTEM, session().get_one(Account, account.id), secret)
    return secret, codes


def send_code(client: FlaskClient, code: str) -> TestResponse:
    words = {"code": code, "csrf_token": token_of(client, "/dang-nhap/ma")}
    return client.post("/dang-nhap/ma", data=words)


def test_second_step_asks_for_a_code_that_works_once(app: Flask, account: Account) -> None:
    secret, _codes = with_second_factor(account)
    with time_machine.travel(NOON, tick=False):
        code = one_time_code(secret, int(NOON.timestamp()) // STEP_SECONDS)
        first, second = app.test_client(), app.test_client()
        assert sign_in(first).headers["Location"].startswith("/dang-nhap/ma")
        assert not is_in(first)
        wrong = "000000" if code != "000000" else "111111"
        assert send_code(first, wrong).status_code == 422
        assert send_code(first, f"{code[:3]} {code[3:]}").status_code == 303
        assert is_in(first)
        sign_in(second)
        assert send_code(second, code).status_code == 422


def test_a_recovery_code_opens_once(app: Flask, account: Account) -> None:
    _secret, codes = with_second_factor(account)
    stored = session().get_one(Account, account.id).mf_recovery_codes or []
    assert not set(codes) & set(stored), "recovery codes lie in clear"
    first, second = app.test_client(), app.test_client()
    sign_in(first)
    assert send_code(first, codes[0].lower()).status_code == 303
    assert is_in(first)
    sign_in(second)
    assert send_code(second, codes[0]).status_code == 422


def test_the_second_step_alone_opens_nothing(client: FlaskClient, account: Account) -> None:
    words = {"code": "123456", "csrf_token": token_of(client)}
    assert client.post("/dang-nhap/ma", data=words).headers["Location"] == "/dang-nhap"
    assert client.get("/dang-nhap/ma").headers["Location"] == "/dang-nhap"


def test_turning_the_second_factor_on_and_changing_the_password(
    app: Flask, client: FlaskClient, account: Account
) -> None:
    sign_in(client)
    elsewhere = app.test_client()
    sign_in(elsewhere)
    token = token_of(client, "/can-bo/tai-khoan/xac-thuc")
    with client.session_transaction() as stored:
        secret = stored["second_factor_secret"]
    step = int(datetime.now(UTC).timestamp()) // STEP_SECONDS
    words = {"code": one_time_code(secret, step), "csrf_token": token}
    done = client.post("/can-bo/tai-khoan/xac-thuc", data=words)
    assert "Mã dự phòng" in done.text
    assert session().get_one(Account, account.id).tf_totp_secret not in (None, secret)
    words = {"current": PASSWORD, "password": "bản-làng-sạch-đẹp", "csrf_token": token}
    short = client.post(f"{OWN_PAGE}mat-khau", data=words | {"password": "ngắn", "again": "ngắn"})
    assert short.status_code == 422
    changed = client.post(f"{OWN_PAGE}mat-khau", data=words | {"again": "bản-làng-sạch-đẹp"})
    assert changed.status_code == 303
    assert is_in(client)
    assert not is_in(elsewhere)
