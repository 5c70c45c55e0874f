"""A lost code: nobody learns who is known, the old one works until the new one is used."""

import json
import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.factories.clock import FrozenClock
from tests.factories.push import stand_in
from tests.factories.reporting import new_key, send
from webapp.audit.operations import Subject
from webapp.core.unit_of_work import session, write_unit
from webapp.jobs.models import OutboxRow
from webapp.jobs.operations import drain
from webapp.notifications import delivery
from webapp.notifications.models import MailboxItem
from webapp.notifications.sms import SmsGateway
from webapp.notifications.subscriptions import Choice, choose_channels
from webapp.reporting.models import ReissuedCode, Report
from webapp.reporting.operations import Receipt, withdraw
from webapp.reporting.submission import Contact

MAIL, PHONE = "ang@matxanh.invalid", "0912 345 678"
CODE = re.compile(r"[0-9A-Z]{4}(?: [0-9A-Z]{4}){3}")


def lost(client: FlaskClient, **left: str) -> int:
    return client.post("/api/v1/lost-code", json=left).status_code


def letters() -> list[MailboxItem]:
    drain()
    session().rollback()
    return list(session().scalars(select(MailboxItem).order_by(MailboxItem.id)))


def new_code() -> str:
    found = CODE.search(letters()[-1].body)
    assert found
    return found[0]


def follow(client: FlaskClient, report: Report, code: str | None) -> int:
    headers = {"X-Tracking-Code": code or ""}
    return client.get(f"/api/v1/reports/{report.code}", headers=headers).status_code


def use(client: FlaskClient, code: str) -> int:
    page = client.get("/tra-cuu").text
    token = re.search(r'name="csrf_token"[^>]* value="([^"]*)"', page)
    assert token
    return client.post("/tra-cuu", data={"csrf_token": token[1], "code": code}).status_code


def sent(**changes: object) -> Receipt:
    return send(contact=Contact("Lò Thị Ẳng", PHONE, MAIL), **changes)


def test_a_new_code_replaces_the_old_one_once_it_is_used(client: FlaskClient) -> None:
    key = new_key()
    receipt = sent(key=key)
    assert lost(client, phone="+84 912.345.678") == 202
    code = new_code()
    assert "Mắt Xanh: có cập nhật" in letters()[-1].subject
    assert follow(client, receipt.report, receipt.tracking_code) == 200
    assert use(client, code.lower().replace(" ", "-")) == 200
    assert follow(client, receipt.report, receipt.tracking_code) == 404
    assert follow(client, receipt.report, code) == 200
    assert session().scalars(select(ReissuedCode)).all() == []
    again = sent(key=key)
    assert (again.created, again.tracking_code) == (False, None)


def test_known_and_unknown_are_answered_alike_and_stored_alike(client: FlaskClient) -> None:
    sent()
    answers = [
        client.post("/api/v1/lost-code", json=left)
        for left in ({"email": MAIL}, {"email": "ai.do@matxanh.invalid"}, {"phone": "0999999999"})
    ]
    assert len({(each.status_code, each.data) for each in answers}) == 1
    rows = session().scalars(select(OutboxRow).where(OutboxRow.kind == "reporting.reissue")).all()
    assert len(rows) == 3
    assert all(MAIL not in str(row.payload) and "999999" not in str(row.payload) for row in rows)
    assert len(letters()) == 1


def test_asking_again_within_the_hour_sends_nothing_more(
    client: FlaskClient, frozen: FrozenClock
) -> None:
    sent()
    for _ in range(3):
        lost(client, email=MAIL)
    assert len(letters()) == 1


def test_a_stranger_who_asks_again_takes_nothing_from_the_code_just_sent(
    client: FlaskClient, frozen: FrozenClock
) -> None:
    receipt = sent()
    lost(client, email=MAIL)
    first = new_code()
    for _ in range(6):
        frozen.forward(hours=30)
        lost(client, email=MAIL)
        drain()
    assert len(letters()) == 7 and new_code() == first
    frozen.forward(days=6)
    assert use(client, first) == 200
    assert follow(client, receipt.report, first) == 200


def test_a_code_that_ran_out_is_followed_by_another(
    client: FlaskClient, frozen: FrozenClock
) -> None:
    sent()
    lost(client, email=MAIL)
    first = new_code()
    frozen.forward(days=8)
    lost(client, email=MAIL)
    assert len(letters()) == 2 and new_code() != first
    assert (use(client, first), use(client, new_code())) == (404, 200)


def test_a_new_code_is_good_for_seven_days(client: FlaskClient, frozen: FrozenClock) -> None:
    receipt = sent()
    lost(client, email=MAIL)
    code = new_code()
    frozen.forward(days=8)
    assert use(client, code) == 404
    assert follow(client, receipt.report, receipt.tracking_code) == 200


def test_a_withdrawn_report_gets_no_new_code(client: FlaskClient) -> None:
    receipt = sent()
    with write_unit():
        withdraw(session().merge(receipt.report), raw_key=new_key())
    lost(client, email=MAIL)
    assert letters() == []


def test_each_code_goes_to_the_address_of_its_own_report(client: FlaskClient) -> None:
    sent()
    send(contact=Contact("Vàng A Chá", PHONE, "cha@matxanh.invalid"))
    lost(client, phone=PHONE)
    assert len({item.recipient for item in letters()}) == 2
    assert all(len(CODE.findall(item.body)) == 1 for item in letters())


def test_a_number_gets_the_code_by_sms_whatever_was_chosen_for_news(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = send(contact=Contact("Lò Thị Ẳng", PHONE))
    with write_unit():
        choose_channels(Subject("report", receipt.report.id), Choice(mail=False, sms=False))
    with stand_in() as server:
        body = '{"to": "{to}", "text": "{text}"}'
        gateway = SmsGateway(f"http://{server.host}/gui", body, "", "MatXanh", 5)
        monkeypatch.setattr(delivery, "_delivery", replace(delivery.delivery(), sms=gateway))
        lost(client, phone=PHONE)
        drain()
        (taken,) = server.taken
    sms = json.loads(taken[3])
    found = CODE.search(sms["text"])
    assert sms["to"] == "+84912345678" and found
    assert use(client, found[0]) == 200


def test_the_page_says_the_same_to_everybody(client: FlaskClient) -> None:
    sent()
    page = client.get("/tra-cuu/mat-ma").text
    token = re.search(r'name="csrf_token"[^>]* value="([^"]*)"', page)
    assert token
    answers = [
        client.post("/tra-cuu/mat-ma", data={"csrf_token": token[1], "left": left})
        for left in (MAIL, "khong@matxanh.invalid", PHONE)
    ]
    assert {each.status_code for each in answers} == {202}
    assert len({re.sub(r'value="[^"]*"', "", each.text) for each in answers}) == 1
    assert all(MAIL not in each.text for each in answers)
    empty = client.post("/tra-cuu/mat-ma", data={"csrf_token": token[1], "left": " "})
    assert empty.status_code == 422 and "Xin điền mục này." in empty.text


def test_asking_is_limited_for_one_address(client: FlaskClient) -> None:
    answers = [lost(client, phone=f"09{number:08}") for number in range(62)]
    assert answers.count(202) == 60 and answers[-1] == 429
    assert session().scalar(select(func.count(OutboxRow.id))) == 60


@pytest.mark.parametrize("left", [{}, {"phone": ""}, {"email": "  "}])
def test_nothing_left_finds_nothing(client: FlaskClient, left: dict[str, str]) -> None:
    send(contact=Contact("Lò Thị Ẳng"))
    assert lost(client, **left) == 202
    assert letters() == []
