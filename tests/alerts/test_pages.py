"""Asking, confirming, changing and stopping: nobody learns who is told, nobody is told unasked."""

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from werkzeug.test import TestResponse

from tests.factories.accounts import make_person
from tests.factories.alerts import (
    EMAIL,
    a_public_case,
    a_reader,
    a_step,
    links,
    tell,
    told,
)
from tests.factories.clock import FrozenClock
from tests.factories.directory import DIEN_BIEN, a_unit, an_organisation
from tests.factories.notifications import KeptMails
from webapp.alerts import operations, sending
from webapp.alerts.models import Alert, AlertKey
from webapp.audit.models import AuditEntry
from webapp.core.errors import Forbidden, Invalid
from webapp.core.unit_of_work import session, write_unit
from webapp.extensions import db
from webapp.jobs.models import OutboxRow
from webapp.jobs.operations import drain
from webapp.notifications import delivery
from webapp.notifications.delivery import NoMailer

HIDDEN = r'name="{}"[^>]* value="([^"]*)"'


def token_on(page: str) -> str:
    found = re.search(HIDDEN.format("csrf_token"), page)
    assert found
    return found[1]


def ask(client: FlaskClient, email: str = EMAIL, **asked: str) -> TestResponse:
    """Fill in the form without script."""
    token = token_on(client.get("/nhan-tin").text)
    given = {"csrf_token": token, "email": email, "frequency": "now"}
    return client.post("/nhan-tin", data=given | asked)


def alerts() -> list[Alert]:
    session().rollback()
    session().expire_all()
    return list(session().scalars(select(Alert).order_by(Alert.id)))


def test_nothing_goes_out_before_the_address_confirmed(
    client: FlaskClient, mails: KeptMails
) -> None:
    case = a_public_case()
    assert ask(client, unit="gso-2025:03325").status_code == 202
    a_step(case, "Trước khi xác nhận.")
    tell()
    (letter,) = mails.mails
    assert letter.to == EMAIL and letter.stop_url == "" and EMAIL not in letter.shown_to
    assert letter.subject == "Mắt Xanh: có cập nhật" and "Mường Phăng" in letter.body[70:]
    (path,) = links(letter.body)
    page = client.get(path)
    assert page.status_code == 200 and "Mường Phăng" in page.text
    assert alerts()[0].confirmed_at is None  # a program that looks at links confirms nothing
    done = client.post(path, data={"csrf_token": token_on(page.text)})
    assert done.status_code == 200 and "Đã xác nhận" in done.text
    a_step(case, "Sau khi xác nhận.")
    tell()
    (body,) = told(mails)
    assert "Sau khi xác nhận." in body and "Trước khi xác nhận." not in body


def test_one_request_of_a_mail_program_ends_it(client: FlaskClient, mails: KeptMails) -> None:
    case = a_public_case()
    a_reader()
    a_step(case)
    tell()
    mail = mails.mails[-1]
    stop = mail.stop_url.removeprefix("http://127.0.0.1:8000")
    assert stop in mail.body and client.get(stop).status_code == 200 and len(alerts()) == 1
    a_step(case, "Tin đang chờ.")
    sending.tell_news()
    for _again in range(2):  # RFC 8058: no cookie, no token of a form
        answer = Flask.test_client(client.application).post(
            stop, data={"List-Unsubscribe": "One-Click"}
        )
        assert answer.status_code == 200 and "Đã dừng" in answer.text
    drain()
    assert len(told(mails)) == 1 and alerts() == []
    assert session().scalar(select(func.count()).select_from(AlertKey)) == 0
    assert "Đã dừng" in client.get(stop).text


def test_an_attacker_does_not_learn_who_is_told(client: FlaskClient, mails: KeptMails) -> None:
    a_reader()
    drain()
    known, unknown = ask(client), ask(client, "khong.ai@thu.invalid")
    assert (known.status_code, known.data) == (unknown.status_code, unknown.data)
    assert EMAIL not in known.text
    drain()
    by_reader = {mail.to: mail.body for mail in mails.mails[-2:]}
    same = [re.sub("[0-9a-f]{64}", "", body) for body in by_reader.values()]
    assert set(by_reader) == {EMAIL, "khong.ai@thu.invalid"} and same[0] == same[1]


def test_a_stranger_can_not_flood_an_address(
    client: FlaskClient, mails: KeptMails, frozen: FrozenClock
) -> None:
    first, *rest = [ask(client, EMAIL.upper() if number % 2 else EMAIL) for number in range(6)]
    drain()
    assert len(mails.mails) == operations.MOST_ASKED
    assert {answer.data for answer in rest} == {first.data}
    frozen.forward(days=1)
    ask(client)
    drain()
    assert len(mails.mails) == operations.MOST_ASKED + 1


def test_one_place_of_the_network_asks_thirty_times_an_hour(
    client: FlaskClient, mails: KeptMails
) -> None:
    if db.engine.dialect.name != "sqlite":
        return  # counted apart from the database
    token = token_on(client.get("/nhan-tin").text)
    data = {"csrf_token": token, "frequency": "now"}
    answers = [
        client.post("/nhan-tin", data=data | {"email": f"a{number}@thu.invalid"}).status_code
        for number in range(31)
    ]
    assert answers == [202] * 30 + [429]


def test_the_same_wish_confirmed_again_takes_the_old_ones_place(
    client: FlaskClient, mails: KeptMails
) -> None:
    case = a_public_case()
    a_reader(frequency="week", unit="gso-2025:03325")
    a_reader("KHAC@thu.invalid", unit="gso-2025:03325")
    a_step(case, "Còn chờ thứ Hai.")
    sending.tell_news()
    a_reader(EMAIL.upper(), frequency="now", unit="gso-2025:03325")
    assert sorted(each.frequency for each in alerts()) == ["now", "now"]
    tell()
    assert sum("Còn chờ thứ Hai." in body for body in told(mails)) == 2


def test_an_address_is_told_of_so_many_things_at_most(
    mails: KeptMails, monkeypatch: pytest.MonkeyPatch, client: FlaskClient
) -> None:
    monkeypatch.setattr(operations, "MOST_KEPT", 1)
    a_reader()
    drain()
    ask(client, results="1")
    drain()
    (path,) = links(mails.mails[-1].body)
    answer = client.post(path, data={"csrf_token": token_on(client.get(path).text)})
    assert answer.status_code == 409 and "Xin dừng bớt tin khác." in answer.text


PATHS = ("/nhan-tin/{}", "/nhan-tin/dung/{}", "/nhan-tin/xac-nhan/{}")


def test_a_crafted_link_opens_nothing(client: FlaskClient, mails: KeptMails) -> None:
    one, other = a_reader(), a_reader("khac@thu.invalid")
    manage = operations.token_of(one, operations.MANAGE)
    confirm = operations.token_of(one, operations.CONFIRM)
    theirs = operations.token_of(other, operations.MANAGE)
    wrong = [
        one.uid + "0" * 32,
        one.uid + theirs[32:],
        manage.upper(),
        manage[:-1],
        one.uid,
        "..%2f",
    ]
    tried = [path.format(token) for path in PATHS for token in wrong]
    tried += [PATHS[0].format(confirm), PATHS[1].format(confirm), PATHS[2].format(manage)]
    for path in tried:
        assert client.get(path).status_code == 404, path
        assert client.post(path, data={"act": "everything"}).status_code == 404, path
    assert len(alerts()) == 2


def test_a_case_that_is_not_public_is_refused_like_one_that_is_not_there(
    client: FlaskClient, mails: KeptMails
) -> None:
    hidden = a_public_case(state="received")
    never = a_public_case(category_code="burial")
    page = client.get("/nhan-tin?case=VV0000000")
    for case in (hidden, never):
        answer = client.get(f"/nhan-tin?case={case.code}")
        same = answer.text.replace(case.code, "VV0000000") == page.text
        assert (answer.status_code, page.status_code, same) == (404, 404, True)
        assert ask(client, case=case.code).status_code == 404
    assert alerts() == []


BAD: tuple[tuple[dict[str, str], str], ...] = (
    ({"category": "khong-co"}, "Loại việc"),
    ({"category": "burial"}, "Loại việc"),
    ({"unit": "gso-2025:00000"}, "Xã, phường"),
    ({"unit": "'; DROP"}, "Xã, phường"),
    ({"office": "9" * 30}, "Không có cơ quan này"),
    ({"office": "²"}, "Không có cơ quan này"),
    ({"lat": "103.1", "lon": "21.4", "radius": "5"}, "Chỗ này không dùng được"),
    ({"lat": "21.4", "lon": "NaN", "radius": "5"}, "Chỗ này không dùng được"),
    ({"lat": "21.4", "lon": "103.1", "radius": "7"}, "khoảng cách"),
    ({"email": "không có"}, "Địa chỉ thư điện tử có dạng"),
    ({"email": "a@b.c\r\nBcc: d@e.f"}, "Địa chỉ thư điện tử có dạng"),
    ({"email": "x" * 200 + "@thu.invalid"}, "thư điện tử"),
    ({"frequency": "hour"}, "bao lâu một lần"),
    ({"csrf_token": "sai"}, "Trang mở đã lâu"),
)


def test_bad_input_is_told_by_the_field_and_keeps_nothing(
    client: FlaskClient, mails: KeptMails
) -> None:
    for given, field in BAD:
        answer = ask(client, **{"email": EMAIL} | given)
        assert answer.status_code == 422 and field in answer.text, given
    assert alerts() == []


def test_a_page_offers_what_is_set_up(
    client: FlaskClient, mails: KeptMails, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = client.get("/nhan-tin?category=dumping&unit=gso-2025:03325").text
    assert 'name="email"' in page and "data-push-on" not in page
    assert "/feeds/vu-viec.atom?category=dumping&amp;unit=gso-2025%3A03325" in page
    token = token_on(page)
    closed = replace(delivery.delivery(), mailer=NoMailer())
    monkeypatch.setattr(delivery, "_delivery", closed)
    page = client.get("/nhan-tin").text
    assert 'name="email"' not in page and "/feeds/vu-viec.atom" in page
    given = {"csrf_token": token, "email": EMAIL, "frequency": "now"}
    assert client.post("/nhan-tin", data=given).status_code == 404
    english = client.get("/en/nhan-tin?results=1").text
    assert '<html lang="en">' in english and "/en/feeds/ket-qua.atom" in english


def test_a_case_offers_wider_wishes_and_a_finished_one_says_so(
    client: FlaskClient, mails: KeptMails
) -> None:
    case, gone = a_public_case(), a_public_case(state="dismissed")
    page = client.get(f"/nhan-tin?case={case.code}").text
    assert "unit=gso-2025:03325" in page.replace("%3A", ":") and "category=dumping" in page
    assert f"office={an_organisation().id}" in page
    assert f"/feeds/vu-viec/{case.code}.atom" in page
    ended = client.get(f"/nhan-tin?case={gone.code}")
    assert ended.status_code == 422 and "không còn bước công khai" in ended.text


def test_the_readers_own_page_changes_and_stops_everything(
    client: FlaskClient, mails: KeptMails
) -> None:
    case = a_public_case()
    one = a_reader()
    a_reader(results="1")
    a_reader("khac@thu.invalid")
    a_step(case)
    tell()
    path = f"/nhan-tin/{operations.token_of(one, operations.MANAGE)}"
    page = client.get(path)
    assert "Mặt trận đã gửi kiến nghị." in page.text and f"/vu-viec/{case.code}" in page.text
    assert EMAIL not in page.text and "noindex" in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    refused = client.post(path, data={"frequency": "week"})
    assert refused.status_code == 422
    given = {"frequency": "week", "csrf_token": token_on(page.text)}
    assert "Đã đổi" in client.post(path, data=given).text
    assert alerts()[0].frequency == "week"
    client.post(path.replace("/nhan-tin/", "/nhan-tin/dung/"), data={"act": "everything"})
    assert [operations.email_of(each) for each in alerts()] == ["khac@thu.invalid"]
    assert "Đã dừng" in client.get(path).text and "Đã dừng" in client.post(path).text


def test_what_is_not_confirmed_is_gone_after_two_days(
    client: FlaskClient, mails: KeptMails, frozen: FrozenClock
) -> None:
    ask(client)
    drain()
    (path,) = links(mails.mails[0].body)
    frozen.forward(hours=48)
    late = client.get(path)
    assert late.status_code == 410 and "đã hết hạn" in late.text
    assert client.post(path).status_code == 410
    sending.forget_alerts()
    assert alerts() == [] and client.get(path).status_code == 410


def test_an_address_lies_nowhere_in_clear_and_the_audit_names_no_one(
    client: FlaskClient, mails: KeptMails
) -> None:
    ask(client)
    alert = alerts()[0]
    assert operations.email_of(alert) == EMAIL
    for table in ("alert", "alert_key", "outbox", "audit_entry"):
        rows = session().execute(text(f"SELECT * FROM {table}")).all()
        assert EMAIL not in repr(rows) and EMAIL.encode() not in repr(rows).encode(), table
    with write_unit():
        operations.confirm(operations.token_of(alert, operations.CONFIRM))
        operations.stop(operations.token_of(alert, operations.MANAGE))
    actions = session().scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert [each for each in actions if each.startswith("alerts.")] == [
        "alerts.ask",
        "alerts.confirm",
        "alerts.stop",
    ]
    rows = session().scalars(select(OutboxRow).where(OutboxRow.kind == "alerts.confirm")).all()
    assert {(row.state, str(row.payload)) for row in rows} == {("cancelled", "{}")}
    drain()
    assert mails.mails == []


def test_staff_read_a_count_and_no_more(app: Flask, mails: KeptMails) -> None:
    a_reader()
    with write_unit():
        _account, admin = make_person("admin", unit=a_unit(DIEN_BIEN))
        _account, officer = make_person("front_commune", unit=a_unit())
    assert operations.alert_counts(admin) == {"mail": 1}
    with pytest.raises(Forbidden):
        operations.alert_counts(officer)


def test_a_wrong_frequency_is_refused_by_the_operation_too(mails: KeptMails) -> None:
    alert = a_reader()
    with pytest.raises(Invalid), write_unit():
        operations.change_frequency(operations.token_of(alert, operations.MANAGE), "hour")
