"""Push and SMS: one neutral line, at a decent hour, once, to whom asked for it."""

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories.clock import FrozenClock
from tests.factories.notifications import KeptMails, Probe
from tests.factories.push import Browser, StandIn, claims_of, stand_in
from webapp.audit.operations import Subject
from webapp.core import crypto
from webapp.core.errors import Invalid, NotFound
from webapp.core.outward import Doors
from webapp.core.unit_of_work import session, write_unit
from webapp.jobs.models import OutboxRow
from webapp.jobs.operations import drain
from webapp.notifications import delivery, messages, operations, subscriptions
from webapp.notifications.channels import QuietHours
from webapp.notifications.messages import Address, Message, Phone
from webapp.notifications.models import NoticeChoice, NoticeDelivery, PushSubscription, SmsSent
from webapp.notifications.phones import international
from webapp.notifications.push import PushSender, new_secret
from webapp.notifications.sms import NotAccepted, SmsGateway
from webapp.notifications.subscriptions import Choice

CASE = Subject("case", 12)
LINE = "Mắt Xanh: có cập nhật"
SECRET = base64.urlsafe_b64decode(new_secret() + "=")


@pytest.fixture
def server() -> Iterator[StandIn]:
    with stand_in() as made:
        yield made


@pytest.fixture
def mails(
    app: Flask, frozen: FrozenClock, server: StandIn, monkeypatch: pytest.MonkeyPatch
) -> KeptMails:
    """Every way out set up, all of them ending on this machine."""
    kept = KeptMails()
    made = replace(
        delivery.delivery(),
        mailer=kept,
        push=PushSender(SECRET, "mat-xanh@tinh.invalid", Doors(server.host)),
        sms=SmsGateway(
            f"http://{server.host}/gui?to={{to}}", "", "bí mật".encode().hex(), "MatXanh", 5
        ),
        quiet=QuietHours(21, 6),
    )
    monkeypatch.setattr(delivery, "_delivery", made)
    return kept


@pytest.fixture
def probe(monkeypatch: pytest.MonkeyPatch) -> Probe:
    made = Probe()
    kind = made.message("probe", to_reporters=True)
    known = {"probe": kind, "probe.now": replace(kind, key="probe.now", urgent=True)}
    monkeypatch.setattr(messages, "_messages", known)
    return made


def notify(key: str = "probe") -> None:
    with write_unit():
        operations.notify(key, CASE)


def subscribe(browser: Browser, language: str = "vi") -> bool:
    with write_unit():
        return subscriptions.subscribe(CASE, browser.keys, language=language)


def choose(**channels: bool) -> None:
    with write_unit():
        subscriptions.choose_channels(CASE, Choice(**channels))


def states() -> dict[str, str]:
    session().rollback()
    return {row.kind: row.state for row in session().scalars(select(OutboxRow))}


def test_a_browser_gets_one_neutral_line_that_only_it_can_read(
    mails: KeptMails, probe: Probe, server: StandIn
) -> None:
    browser = Browser(server.host)
    subscribe(browser)
    notify()
    drain()
    ((method, path, headers, content),) = server.taken
    assert (method, path) == ("POST", "/wpush/v2/noong-nhai")
    assert browser.read(content) == LINE
    assert headers["content-encoding"] == "aes128gcm" and headers["topic"] == "mat-xanh"
    assert int(headers["ttl"]) == 3 * 24 * 3600
    claims = claims_of(headers["authorization"])
    assert claims["sub"] == "mailto:mat-xanh@tinh.invalid"
    assert states() == {"notifications.send": "done", "notifications.push": "done"}


def test_the_line_is_in_the_language_of_the_browser(
    mails: KeptMails, probe: Probe, server: StandIn
) -> None:
    browser = Browser(server.host)
    subscribe(browser, "en")
    notify()
    drain()
    assert browser.read(server.taken[0][3]) == "Mắt Xanh: there is an update"


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_ended_it_is_forgotten(
    mails: KeptMails, probe: Probe, server: StandIn, status: int
) -> None:
    subscribe(Browser(server.host))
    server.status = status
    notify()
    drain()
    assert session().scalars(select(PushSubscription)).all() == []
    assert states()["notifications.push"] == "done"


@pytest.mark.parametrize("status", [301, 400, 403, 429, 500])
def test_a_service_that_refuses_is_asked_again_later(
    mails: KeptMails, probe: Probe, server: StandIn, status: int, frozen: FrozenClock
) -> None:
    browser = Browser(server.host)
    subscribe(browser)
    server.status = status
    notify()
    drain()
    assert states()["notifications.push"] == "waiting" and len(server.taken) == 1
    server.status = 201
    frozen.forward(seconds=21)
    drain()
    assert states()["notifications.push"] == "done" and len(server.taken) == 2


def test_what_may_no_longer_be_known_wakes_nobody(
    mails: KeptMails, probe: Probe, server: StandIn
) -> None:
    subscribe(Browser(server.host))
    notify()
    probe.silent = True
    drain()
    assert server.taken == []


def test_a_subscription_lies_sealed_and_bound_to_its_row(
    mails: KeptMails, probe: Probe, server: StandIn
) -> None:
    one, other = Browser(server.host, "/mot"), Browser(server.host, "/hai")
    assert subscribe(one) and subscribe(other) and not subscribe(one)
    rows = session().scalars(select(PushSubscription).order_by(PushSubscription.id)).all()
    assert len(rows) == 2
    stored = b"".join(r.endpoint_sealed + r.p256dh_sealed + r.auth_sealed for r in rows)
    for keys in (one.keys, other.keys):
        assert not any(each.encode() in stored for each in (keys.endpoint, keys.p256dh, keys.auth))
    with write_unit():
        rows[0].endpoint_sealed = rows[1].endpoint_sealed
    with pytest.raises(crypto.SealBroken):
        subscriptions.keys_of(rows[0].uid)


def test_a_sixth_browser_and_made_up_keys_are_refused(
    mails: KeptMails, probe: Probe, server: StandIn
) -> None:
    for number in range(5):
        subscribe(Browser(server.host, f"/{number}"))
    with pytest.raises(Invalid):
        subscribe(Browser(server.host, "/5"))
    with write_unit():
        subscriptions.forget_subject("case", [12])
    good = Browser(server.host).keys
    for wrong in (
        replace(good, endpoint="http://10.0.0.1/x"),
        replace(good, endpoint="https://127.0.0.1/x"),
        replace(good, auth="AAAA"),
        replace(good, p256dh=good.auth),
        replace(good, p256dh="đ" * 20),
        replace(good, p256dh="A" * 87),
    ):
        with pytest.raises(Invalid), write_unit():
            subscriptions.subscribe(CASE, wrong, language="vi")
    assert session().scalars(select(PushSubscription)).all() == []


def test_without_a_key_there_is_no_push(
    mails: KeptMails, server: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "_delivery", replace(delivery.delivery(), push=None))
    with pytest.raises(NotFound):
        subscribe(Browser(server.host))


def test_at_night_a_phone_is_left_alone_and_a_mail_goes(
    mails: KeptMails, probe: Probe, server: StandIn, frozen: FrozenClock
) -> None:
    frozen.at = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)  # 22:30 in Việt Nam
    probe.reporters = [Address("lo.thi.ang@thu.invalid"), Phone("0912 345 678")]
    subscribe(Browser(server.host))
    choose(mail=True, sms=True)
    notify()
    drain()
    assert len(mails.mails) == 1 and server.taken == []
    frozen.at = datetime(2026, 3, 2, 22, 59, tzinfo=UTC)
    drain()
    assert server.taken == []
    frozen.at = datetime(2026, 3, 2, 23, 0, tzinfo=UTC)  # 06:00
    drain()
    assert len(server.taken) == 2


def test_an_urgent_one_does_not_wait_for_the_morning(
    mails: KeptMails, probe: Probe, server: StandIn, frozen: FrozenClock
) -> None:
    frozen.at = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)
    subscribe(Browser(server.host))
    notify("probe.now")
    drain()
    assert len(server.taken) == 1


@pytest.mark.parametrize(
    ("hours", "at", "until"),
    [
        ((21, 6), "2026-03-02T13:59", "2026-03-02T13:59"),
        ((21, 6), "2026-03-02T14:00", "2026-03-02T23:00"),
        ((21, 6), "2026-03-02T18:30", "2026-03-02T23:00"),
        ((21, 6), "2026-03-02T23:00", "2026-03-02T23:00"),
        ((12, 14), "2026-03-02T05:10", "2026-03-02T07:00"),
        ((12, 14), "2026-03-02T07:00", "2026-03-02T07:00"),
    ],
)
def test_quiet_hours_by_the_clock_of_the_province(
    hours: tuple[int, int], at: str, until: str
) -> None:
    moment, end = (datetime.fromisoformat(each).replace(tzinfo=UTC) for each in (at, until))
    assert QuietHours(*hours).until(moment) == end


def test_no_sms_before_somebody_asks_for_it(
    mails: KeptMails, probe: Probe, server: StandIn
) -> None:
    probe.reporters = [Phone("0912 345 678"), Address("lo.thi.ang@thu.invalid")]
    notify()
    drain()
    assert server.taken == [] and len(mails.mails) == 1
    choose(mail=False, sms=True)
    notify()
    drain()
    ((method, path, headers, _body),) = server.taken
    assert (method, path) == ("GET", "/gui?to=%2B84912345678") and len(mails.mails) == 1
    assert headers["authorization"] == "Bearer " + "bí mật".encode().hex()


def test_a_gateway_that_wants_json_gets_values_that_cannot_break_out(server: StandIn) -> None:
    body = '{"to": ["{to}"], "msg": {"text": "{text}", "from": "{sender}", "n": 1}, "id": "{id}"}'
    gateway = SmsGateway(f"http://{server.host}/sms", body, "", 'Mắt "Xanh"', 5)
    gateway.send("+84912345678", LINE, "7-abc")
    method, _path, headers, content = server.taken[0]
    assert method == "POST" and headers["content-type"] == "application/json"
    assert headers["idempotency-key"] == "7-abc" and "authorization" not in headers
    assert json.loads(content) == {
        "to": ["+84912345678"],
        "msg": {"text": LINE, "from": 'Mắt "Xanh"', "n": 1},
        "id": "7-abc",
    }


@pytest.mark.parametrize("status", [302, 400, 401, 500, 503])
def test_a_gateway_that_refuses(server: StandIn, status: int) -> None:
    server.status = status
    with pytest.raises(NotAccepted):
        SmsGateway(f"http://{server.host}/sms", "", "", "MatXanh", 5).send("+84", LINE, "1")


def test_a_gateway_is_not_asked_forever(
    mails: KeptMails, probe: Probe, server: StandIn, frozen: FrozenClock
) -> None:
    probe.reporters = [Phone("0912345678")]
    choose(sms=True)
    server.status = 500
    notify()
    for _ in range(9):
        drain()
        frozen.forward(hours=1)
    assert len(server.taken) == 5 and states()["notifications.sms"] == "failed"


def test_a_number_is_not_flooded(
    mails: KeptMails, probe: Probe, server: StandIn, frozen: FrozenClock
) -> None:
    """Same words within half an hour tell nothing new; a day has five at most."""
    probe.reporters = [Phone("0912345678")]
    choose(sms=True)
    for minutes in (0, 10, 25, 60, 60, 60, 60, 60, 60):
        frozen.forward(minutes=minutes)
        notify()
        drain()
        with write_unit():  # leaving and sending anew opens no sixth
            subscriptions.forget_subject("case", [12])
        choose(sms=True)
    assert len(server.taken) == 5
    assert session().scalars(select(NoticeDelivery)).all() == []
    frozen.forward(days=1, minutes=1)
    subscriptions.forget_deliveries()
    assert session().scalars(select(SmsSent)).all() == []
    notify()
    drain()
    assert len(server.taken) == 6
    assert "+84912345678" not in str([row.recipient for row in session().scalars(select(SmsSent))])


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("0912 345 678", "+84912345678"),
        ("+84 (91) 234-5678", "+84912345678"),
        ("84912345678", "+84912345678"),
        ("0084912345678", "+84912345678"),
        ("0215 3810 123", None),
        ("+856 20 1234567", None),
        ("19001234", None),
        ("091234567", None),
        ("", None),
    ],
)
def test_only_mobiles_of_the_country_get_sms(written: str, number: str | None) -> None:
    assert international(written) == number


def test_one_tap_in_a_mail_stops_everything_and_can_be_taken_back(
    mails: KeptMails, probe: Probe, server: StandIn
) -> None:
    probe.reporters = [Address("lo.thi.ang@thu.invalid"), Phone("0912345678")]
    subscribe(Browser(server.host))
    choose(mail=True, sms=True)
    notify()
    drain()
    (mail,) = mails.mails
    uid = session().scalars(select(NoticeChoice.uid)).one()
    assert mail.stop_url == f"http://127.0.0.1:8000/thong-bao/dung/{uid}"
    assert mail.body.rstrip().endswith(mail.stop_url)
    with write_unit():
        subscriptions.stop_by_link(uid)
    notify()
    drain()
    assert len(mails.mails) == 1 and len(server.taken) == 2
    with write_unit():
        subscriptions.resume_by_link(uid)
    notify()
    drain()
    assert len(mails.mails) == 2 and len(server.taken) == 2
    with pytest.raises(NotFound), write_unit():
        subscriptions.stop_by_link("0" * 32)


def test_an_officers_mail_has_no_stop_link(mails: KeptMails, probe: Probe) -> None:
    kind = Message("probe.staff", "case", probe.render)
    messages.register_message(kind)
    with write_unit():
        operations.notify("probe.staff", CASE, organisation_id=1)
    drain()
    assert {mail.stop_url for mail in mails.mails} <= {""}


def test_what_was_delivered_is_forgotten_after_a_month(
    mails: KeptMails, probe: Probe, frozen: FrozenClock
) -> None:
    probe.reporters = [Address("lo.thi.ang@thu.invalid")]
    notify()
    drain()
    frozen.forward(days=29)
    subscriptions.forget_deliveries()
    assert len(session().scalars(select(NoticeDelivery)).all()) == 1
    frozen.forward(days=2)
    subscriptions.forget_deliveries()
    assert session().scalars(select(NoticeDelivery)).all() == []
