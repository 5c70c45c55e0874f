"""The sender's choices: asked on the receipt, under the code alone, gone when time is over."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.factories.accounts import make_person
from tests.factories.clock import FrozenClock
from tests.factories.directory import DIEN_BIEN, a_unit, an_organisation
from tests.factories.push import Browser, StandIn, stand_in
from tests.factories.reporting import a_body, a_submission, new_key, send
from webapp.audit.operations import Subject
from webapp.core.actor import GUEST
from webapp.core.outward import Doors
from webapp.core.unit_of_work import session, write_unit
from webapp.jobs.models import OutboxRow
from webapp.jobs.operations import drain
from webapp.notifications import delivery
from webapp.notifications.models import (
    MailboxItem,
    Notice,
    NoticeChoice,
    NoticeDelivery,
    PushSubscription,
)
from webapp.notifications.push import PushSender
from webapp.notifications.queries import notices_of
from webapp.notifications.sms import SmsGateway
from webapp.notifications.subscriptions import Choice, choice_of, choose_channels
from webapp.reporting import operations as acts
from webapp.reporting.alerts import tell_sender
from webapp.reporting.models import Report
from webapp.reporting.operations import (
    Receipt,
    draft_report,
    lock_report,
    store_report,
)
from webapp.reporting.reach import _long_ended, forget_channels
from webapp.reporting.submission import Contact

CONTACT = Contact("Lò Thị Ẳng", "0912345678", "lo.thi.ang@thu.invalid")
SECRET = (7).to_bytes(32)


@pytest.fixture
def server(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    with stand_in() as made:
        way = replace(
            delivery.delivery(),
            push=PushSender(SECRET, "mat-xanh@tinh.invalid", Doors(made.host)),
            sms=SmsGateway(f"http://{made.host}/gui?to={{to}}", "", "", "MatXanh", 5),
            quiet=None,
        )
        monkeypatch.setattr(delivery, "_delivery", way)
        yield made


def subscribe(client: FlaskClient, receipt: Receipt, browser: Browser, code: str = "") -> int:
    answer = client.post(
        f"/api/v1/reports/{receipt.report.code}/push",
        json=browser.json,
        headers={"X-Tracking-Code": code or receipt.tracking_code or ""},
    )
    return answer.status_code


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the panel's form, as a browser sends them."""
    part = page[page.index('id="channels"') :]
    found = re.findall(r'<input[^>]*type="hidden"[^>]*>', part)
    names = [(re.search(r'name="([^"]*)"', x), re.search(r'value="([^"]*)"', x)) for x in found]
    return {name[1]: value[1] for name, value in names if name and value}


def follow(client: FlaskClient, receipt: Receipt) -> str:
    page = client.get("/tra-cuu").text
    token = re.findall(r'name="csrf_token"[^>]* value="([^"]*)"', page)[0]
    data = {"csrf_token": token, "code": receipt.tracking_code or ""}
    return client.post("/tra-cuu", data=data).text


def test_only_the_code_lets_a_browser_be_told(client: FlaskClient, server: StandIn) -> None:
    receipt, other = send(), send()
    browser = Browser(server.host)
    assert subscribe(client, receipt, browser, code="0" * 16) == 404
    assert subscribe(client, receipt, browser, code=other.tracking_code or "") == 404
    assert session().scalars(select(PushSubscription)).all() == []
    assert subscribe(client, receipt, browser) == 201
    assert subscribe(client, receipt, browser) == 200


@pytest.mark.parametrize(
    "endpoint", ["http://10.0.0.5/x", "https://192.168.1.1/x", "https://localhost/x", "x" * 5000]
)
def test_a_foreign_address_is_refused_by_the_field(
    client: FlaskClient, server: StandIn, endpoint: str
) -> None:
    receipt, browser = send(), Browser(server.host)
    answer = client.post(
        f"/api/v1/reports/{receipt.report.code}/push",
        json=browser.json | {"endpoint": endpoint},
        headers={"X-Tracking-Code": receipt.tracking_code or ""},
    )
    assert answer.status_code == 422 and "endpoint" in answer.json["fields"]


@pytest.mark.parametrize(
    "change",
    [{"endpoint": 5}, {"keys": {}}, {"keys": {"p256dh": "x", "auth": None}}, {"more": 1}],
)
def test_a_broken_subscription_is_refused(
    client: FlaskClient, server: StandIn, change: dict[str, object]
) -> None:
    receipt, browser = send(), Browser(server.host)
    answer = client.post(
        f"/api/v1/reports/{receipt.report.code}/push",
        json=browser.json | change,
        headers={"X-Tracking-Code": receipt.tracking_code or ""},
    )
    assert answer.status_code == 422


def test_a_guest_without_any_contact_is_told_on_the_phone(
    client: FlaskClient, server: StandIn
) -> None:
    receipt, browser = send(), Browser(server.host)
    subscribe(client, receipt, browser)
    with write_unit():
        tell_sender(lock_report(receipt.report.id))
    drain()
    assert [browser.read(content) for *_rest, content in server.taken] == ["Mắt Xanh: có cập nhật"]


def test_the_phone_itself_ends_it_everywhere(client: FlaskClient, server: StandIn) -> None:
    one, two, browser = send(), send(), Browser(server.host)
    subscribe(client, one, browser)
    subscribe(client, two, browser)
    subscribe(client, two, Browser(server.host, "/khac"))
    for _twice in range(2):
        answer = client.post("/api/v1/push/stop", json={"endpoint": browser.endpoint})
        assert answer.status_code == 200
    assert len(session().scalars(select(PushSubscription)).all()) == 1


def test_channels_are_chosen_under_the_code(client: FlaskClient, server: StandIn) -> None:
    receipt = send(contact=CONTACT)
    page = follow(client, receipt)
    assert "Báo cho tôi khi có cập nhật" in page and "0912" not in page
    assert re.search(r'<input[^>]* checked [^>]*name="channels-mail"', page)
    assert not re.search(r'<input[^>]* checked [^>]*name="channels-sms"', page)
    answer = client.post("/tra-cuu/bao-tin", data=hidden(page) | {"channels-sms": "y"})
    assert answer.status_code == 200 and "báo qua tin nhắn" in answer.text
    row = session().scalars(select(NoticeChoice)).one()
    assert (row.mail, row.sms) == (False, True)


def test_a_wrong_code_chooses_nothing(client: FlaskClient, server: StandIn) -> None:
    fields = hidden(follow(client, send(contact=CONTACT)))
    wrong = client.post("/tra-cuu/bao-tin", data=fields | {"channels-code": "0" * 16})
    assert wrong.status_code == 404 and "Không có phản ánh nào" in wrong.text
    fields.pop("channels-csrf_token", None)
    fields.pop("csrf_token", None)
    assert client.post("/tra-cuu/bao-tin", data=fields).status_code == 422
    assert session().scalars(select(NoticeChoice)).all() == []


def test_nothing_is_offered_where_nothing_is_set_up(client: FlaskClient, app: Flask) -> None:
    assert 'id="channels"' not in follow(client, send())
    page = follow(client, send(contact=Contact(phone="0912345678")))
    assert 'id="channels"' not in page
    assert "data-push" not in follow(client, send(contact=CONTACT))


def test_the_receipt_asks_and_the_form_does_not(client: FlaskClient, server: StandIn) -> None:
    page = client.get("/gui-phan-anh").text
    # The receipt that the phone draws waits in it, not shown before something was sent.
    shown = re.sub(r"<template data-receipt-template>.*?</template>", "", page, flags=re.S)
    assert shown != page and "data-push" not in shown
    fields = {
        name: re.findall(rf'name="{name}"[^>]* value="([^"]*)"', page)[0]
        for name in ("csrf_token", "idempotency_key", "consent_version")
    }
    where = {"lon": "103.151", "lat": "21.471", "accuracy_m": "20", "source": "gps"}
    words = {"category": "p_waste", "description": "Rác ven suối.", "consent": "y"}
    receipt = client.post("/gui-phan-anh", data=fields | where | words)
    assert receipt.status_code == 201 and "data-push-on" in receipt.text
    assert PushSender(SECRET, "", Doors()).public_key in receipt.text


def test_the_stop_page_changes_nothing_by_being_looked_at(
    client: FlaskClient, server: StandIn
) -> None:
    receipt = send(contact=CONTACT)
    with write_unit():
        tell_sender(lock_report(receipt.report.id))
    drain()
    row = session().scalars(select(NoticeChoice)).one()
    address = f"/thong-bao/dung/{row.uid}"
    assert client.get(address).status_code == 200
    session().refresh(row)
    assert row.mail
    assert "Đã dừng" in client.post(address).text  # as a mail program does, without a session
    session().refresh(row)
    assert not row.mail
    assert "lại báo tin" in client.post(address, data={"act": "resume"}).text
    session().refresh(row)
    assert row.mail
    assert client.get("/thong-bao/dung/" + "0" * 32).status_code == 404
    assert client.post("/thong-bao/dung/x").status_code == 404


@pytest.mark.parametrize("act", ["withdraw", "withdraw_identity"])
def test_who_leaves_is_told_nothing_more(client: FlaskClient, server: StandIn, act: str) -> None:
    receipt = send(contact=CONTACT)
    subscribe(client, receipt, Browser(server.host))
    with write_unit():
        getattr(acts, act)(lock_report(receipt.report.id), raw_key=new_key())
    assert session().scalars(select(PushSubscription)).all() == []


@pytest.mark.parametrize("act", ["withdraw", "withdraw_identity"])
def test_no_digest_of_who_leaves_is_left(client: FlaskClient, server: StandIn, act: str) -> None:
    leaves, stays = send(contact=CONTACT), send(contact=Contact(email="cha@thu.invalid"))
    subscribe(client, leaves, Browser(server.host))
    with write_unit():
        choose_channels(Subject("report", leaves.report.id), Choice(mail=True, sms=True))
    server.status = 500  # the push service and the gateway fail, so that their rows wait
    for receipt in (leaves, stays):
        with write_unit():
            tell_sender(lock_report(receipt.report.id))
    client.post("/api/v1/lost-code", json={"email": "khac@thu.invalid"})
    drain()
    waiting = select(OutboxRow.kind).where(OutboxRow.state == "waiting")
    session().rollback()
    assert set(session().scalars(waiting)) == {"notifications.push", "notifications.sms"}
    client.post("/api/v1/lost-code", json={"email": CONTACT.email, "phone": CONTACT.phone})
    with write_unit():
        getattr(acts, act)(lock_report(leaves.report.id), raw_key=new_key())
    drain()
    session().rollback()
    assert {str(row.payload) for row in session().scalars(select(OutboxRow))} == {"{}"}
    left = select(Notice.subject_id).join(NoticeDelivery, NoticeDelivery.notice_id == Notice.id)
    assert session().scalars(left.where(Notice.organisation_id.is_(None))).all() == [
        stays.report.id
    ]


def test_who_stopped_the_mails_is_not_asked_again_when_the_case_ends(
    client: FlaskClient, server: StandIn, frozen: FrozenClock
) -> None:
    stopped, chose = send(contact=CONTACT), send(contact=CONTACT)
    with write_unit():
        choose_channels(Subject("report", stopped.report.id), Choice(mail=False))
        choose_channels(Subject("report", chose.report.id), Choice(mail=True, sms=True))
        for receipt in (stopped, chose):
            row = lock_report(receipt.report.id)
            row.state, row.rejection = "rejected", "no_place"
    frozen.forward(days=31)
    forget_channels()
    assert choice_of("report", stopped.report.id) == Choice(mail=False)
    assert choice_of("report", chose.report.id) == Choice()
    with write_unit():
        assert _long_ended() == []


def test_thirty_days_after_the_end_the_phones_are_forgotten(
    client: FlaskClient, server: StandIn, frozen: FrozenClock
) -> None:
    ended, going = send(contact=CONTACT), send(contact=CONTACT)
    for receipt in (ended, going):
        subscribe(client, receipt, Browser(server.host, f"/{receipt.report.code}"))
    with write_unit():
        row = lock_report(ended.report.id)
        row.state, row.rejection = "rejected", "no_place"
    frozen.forward(days=29)
    forget_channels()
    assert len(session().scalars(select(PushSubscription)).all()) == 2
    frozen.forward(days=2)
    forget_channels()
    left = session().scalars(select(PushSubscription.subject_id)).all()
    assert left == [going.report.id]


def test_language_of_the_api_is_that_of_the_browser(client: FlaskClient, server: StandIn) -> None:
    answer = client.post(
        "/api/v1/reports", json=a_body(), headers={"Idempotency-Key": new_key()}
    ).json
    client.post(
        f"/api/v1/reports/{answer['report_code']}/push",
        json=Browser(server.host).json,
        headers={"X-Tracking-Code": answer["tracking_code"], "Accept-Language": "en"},
    )
    assert session().scalars(select(PushSubscription.language)).one() == "en"
    assert session().scalars(select(Report)).one().code == answer["report_code"]


def new_reports() -> list[int | None]:
    query = select(Notice.organisation_id).where(Notice.message == "report.new")
    return list(session().scalars(query.order_by(Notice.id)))


def test_an_ordinary_report_is_listed_for_the_front_and_mailed_to_nobody(app: Flask) -> None:
    send()
    send(to_province=True)
    province = an_organisation(unit=a_unit(DIEN_BIEN))
    assert new_reports() == [an_organisation().id, province.id]
    drain()
    assert session().scalars(select(MailboxItem)).all() == []


def test_the_list_says_what_and_where_until_it_is_decided(app: Flask) -> None:
    receipt = send()
    with write_unit():
        _account, officer = make_person("front_commune", unit=a_unit())
    (notice,) = notices_of(officer, language="vi")
    assert notice.rendered is not None
    words = f"{notice.rendered.subject} {notice.rendered.body}"
    assert "Có phản ánh mới" in words and "Xã Mường Phăng" in words
    assert "Nậm Phăng" not in words, "no word of the sender"
    with write_unit():
        acts.withdraw(lock_report(receipt.report.id), raw_key=new_key())
    (notice,) = notices_of(officer, language="vi")
    assert notice.rendered is None


def test_an_urgent_report_is_not_listed_twice(app: Flask) -> None:
    send(category="hospital.sharps")
    assert new_reports() == []
    assert session().scalars(select(Notice.message)).all()


def test_what_came_without_proof_of_work_tells_nobody(app: Flask) -> None:
    with write_unit():
        store_report(draft_report(GUEST, a_submission(), raw_key=new_key(), unchecked=True))
    assert new_reports() == []
