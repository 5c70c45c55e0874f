"""Keys and webhooks: shown once, sealed, ended; news signed, repeated, and only what is public."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.factories.accounts import make_person, sign_in
from tests.factories.cases import make_case, make_line
from tests.factories.clock import FrozenClock
from tests.factories.directory import DIEN_BIEN, a_unit
from tests.factories.open_data import an_administrator
from tests.factories.outcomes import a_case, an_outcome
from webapp.audit.models import AuditEntry
from webapp.cases.events import CaseMoved
from webapp.cases.models import Case
from webapp.core.actor import GUEST
from webapp.core.errors import Conflict, Forbidden, Invalid
from webapp.core.events import announce
from webapp.core.outward import Doors
from webapp.core.unit_of_work import session, write_unit
from webapp.jobs.operations import drain
from webapp.open_data.models import ApiKey, Webhook, WebhookDelivery
from webapp.open_data.operations import webhooks
from webapp.open_data.operations.keys import key_for, make_key, revoke_key
from webapp.outcomes.events import OutcomeMoved

PAGE = "/can-bo/ket-noi"
EVENTS = ["case.moved", "outcome.published", "outcome.retracted"]


@dataclass
class Receiver:
    """A partner's machine: what it got, and with which status it answers."""

    host: str
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    status: int = 204


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """It listens on loopback, the one place outside the rules that tests may name."""
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    made = Receiver(f"127.0.0.1:{server.server_port}")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.got.append((dict(self.headers), body))
            self.send_response(made.status)
            self.send_header("Location", "http://127.0.0.1:1/khac")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    server.RequestHandlerClass = Handler
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setattr(webhooks, "DOORS", Doors(made.host))
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


def a_webhook(receiver: Receiver, events: list[str] | None = None) -> tuple[Webhook, str]:
    url = f"http://{receiver.host}/nhan-tin"
    with write_unit():
        return webhooks.make_webhook(
            an_administrator(), name="Cổng dữ liệu tỉnh", url=url, events=events or EVENTS
        )


def moved(case: Case, held_for: str | None = None) -> None:
    with write_unit():
        announce(CaseMoved(case.id, "assess", "received", "assessed", None, held_for))


def deliveries() -> list[WebhookDelivery]:
    session().expire_all()
    return list(session().scalars(select(WebhookDelivery).order_by(WebhookDelivery.id)))


def test_news_of_a_public_case_is_signed_and_logged(
    client: FlaskClient, frozen: FrozenClock, receiver: Receiver
) -> None:
    _row, secret = a_webhook(receiver)
    with write_unit():
        case = make_case("assessed")
        make_line(case, "Mặt trận xã đã xem xét.")
    moved(case)
    drain()
    ((headers, body),) = receiver.got
    told = json.loads(body)
    assert told["case"]["case_code"] == case.code and told["event"] == "case.moved"
    signed = headers["X-MatXanh-Timestamp"].encode() + b"." + body
    expected = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    assert headers["X-MatXanh-Signature"] == f"sha256={expected}"
    (row,) = deliveries()
    assert (row.state, row.answer, row.attempts) == ("done", 204, 1)
    assert headers["X-MatXanh-Delivery"] == row.uid == told["id"]


def test_nothing_is_told_of_what_is_not_public(client: FlaskClient, receiver: Receiver) -> None:
    a_webhook(receiver)
    with write_unit():
        hidden = make_case("received")
        never = make_case("assessed", category_code="dispute")
        dismissed = make_case("dismissed")
    for case in (hidden, never, dismissed):
        moved(case)
    drain()
    ((_headers, body),) = receiver.got
    assert json.loads(body)["gone"] is True and dismissed.code.encode() in body
    assert b"summary" not in body


def test_a_step_that_is_undone_is_never_told(client: FlaskClient, receiver: Receiver) -> None:
    a_webhook(receiver)
    with write_unit():
        case = make_case("assessed")
    moved(case, held_for="report:7")
    drain()
    assert receiver.got == []


def test_outcomes_published_and_retracted(client: FlaskClient, receiver: Receiver) -> None:
    a_webhook(receiver, ["outcome.published", "outcome.retracted"])
    with write_unit():
        page = an_outcome(a_case(state="closed"), state="published")
        announce(OutcomeMoved(page.id, page.case_id, "publish", "published"))
    drain()
    assert b"front_words" in receiver.got[0][1]
    with write_unit():
        session().merge(page).state = "retracted"
        announce(OutcomeMoved(page.id, page.case_id, "retract", "retracted"))
    drain()
    assert len(receiver.got) == 2 and b"front_words" not in receiver.got[1][1]


def test_what_nobody_takes_is_tried_again_with_the_same_number(
    client: FlaskClient, frozen: FrozenClock, receiver: Receiver
) -> None:
    a_webhook(receiver)
    receiver.status = 302  # never followed
    with write_unit():
        case = make_case("assessed")
    moved(case)
    for _number in range(10):
        drain()
        frozen.forward(hours=2)
    assert len(receiver.got) == 8
    assert len({headers["X-MatXanh-Delivery"] for headers, _body in receiver.got}) == 1
    (row,) = deliveries()
    assert (row.state, row.answer, row.attempts) == ("failed", 302, 8)


@pytest.mark.parametrize(
    "url",
    [
        "http://donvi.vn/tin",
        "https://127.0.0.1/tin",
        "https://localhost/tin",
        "https://10.0.0.7/tin",
        "https://[::1]/tin",
        "https://ai:mat@donvi.vn/tin",
        "https://may-chu.internal/tin",
        "https://donvi.vn:8443/tin",
        "ftp://donvi.vn",
        "",
        "https://donvi.vn/" + "x" * 400,
    ],
)
def test_only_public_addresses_are_told(client: FlaskClient, url: str) -> None:
    with pytest.raises(Invalid) as refused, write_unit():
        webhooks.make_webhook(an_administrator(), name="Đơn vị", url=url, events=EVENTS)
    assert "url" in refused.value.fields


def test_a_name_that_leads_inside_is_refused_when_it_is_asked(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = [(2, 1, 6, "", ("192.168.1.10", 443))]
    monkeypatch.setattr("webapp.core.outward.socket.getaddrinfo", lambda *_a, **_k: inside)
    with write_unit():
        row, _secret = webhooks.make_webhook(
            an_administrator(), name="Đơn vị", url="https://donvi.vn/tin", events=EVENTS
        )
        webhooks.try_webhook(an_administrator(), row.id)
    drain()
    (delivery,) = deliveries()
    assert (delivery.state, delivery.answer, delivery.problem) == ("waiting", None, "Refused")
    with write_unit():
        account, _actor = make_person("admin", unit=a_unit("11"))
    sign_in(client, account.email)
    assert "(địa chỉ không được phép)" in client.get("/can-bo/ket-noi").text


def test_secrets_are_not_kept_in_clear(client: FlaskClient, receiver: Receiver) -> None:
    row, secret = a_webhook(receiver)
    assert secret.encode() not in row.sealed_secret
    with write_unit():
        key, text = make_key(an_administrator(), name="Cổng", scopes=["open311.write"])
    assert text not in repr(vars(key)) and len(text) == 32
    assert key_for(text, "open311.write").id == key.id
    for wrong in (None, "", text[:-1], text.lower() + "x"):
        with pytest.raises(Forbidden):
            key_for(wrong, "open311.write")
    with pytest.raises(Forbidden):
        key_for(text, "khac")
    with write_unit():
        revoke_key(an_administrator(), key.id)
    with pytest.raises(Forbidden):
        key_for(text, "open311.write")


def test_only_who_may_makes_keys(client: FlaskClient) -> None:
    with pytest.raises(Forbidden), write_unit():
        make_key(GUEST, name="Cổng", scopes=["open311.write"])
    with pytest.raises(Invalid), write_unit():
        make_key(an_administrator(), name="Cổng", scopes=["khac"])
    with pytest.raises(Invalid), write_unit():
        make_key(an_administrator(), name=" ", scopes=["open311.write"])
    assert session().scalars(select(ApiKey)).all() == []


def test_an_ended_webhook_is_told_nothing_more(client: FlaskClient, receiver: Receiver) -> None:
    row, _secret = a_webhook(receiver)
    with write_unit():
        webhooks.end_webhook(an_administrator(), row.id)
        case = make_case("assessed")
    moved(case)
    drain()
    assert receiver.got == []
    with pytest.raises(Conflict), write_unit():
        webhooks.try_webhook(an_administrator(), row.id)


@pytest.fixture
def admin(client: FlaskClient) -> FlaskClient:
    """An administrator's browser."""
    with write_unit():
        make_person("admin", unit=a_unit(DIEN_BIEN), email="quan.tri@thu.invalid")
    sign_in(client, "quan.tri@thu.invalid")
    client.application.config["WTF_CSRF_ENABLED"] = False
    return client


@pytest.fixture(autouse=True)
def _tokens_again(client: FlaskClient) -> Iterator[None]:
    yield
    client.application.config["WTF_CSRF_ENABLED"] = True


def test_the_page_gives_a_key_once_and_takes_it_back(admin: FlaskClient) -> None:
    typed = {"khoa-name": "Cổng tỉnh", "khoa-scopes": "open311.write", "khoa-promised": "y"}
    made = admin.post(f"{PAGE}/khoa", data=typed)
    assert made.status_code == 201 and made.headers["Cache-Control"] == "private, no-store"
    (key,) = session().scalars(select(ApiKey))
    text = made.text.split('<code class="mx-secret">')[1].split("<")[0]
    assert key_for(text, "open311.write").id == key.id
    assert text not in admin.get(PAGE).text and "Cổng tỉnh" in admin.get(PAGE).text
    assert admin.post(f"{PAGE}/khoa/{key.id}/thu-hoi").status_code == 303
    assert "Đã thu hồi ngày" in admin.get(PAGE).text
    actions = list(session().scalars(select(AuditEntry.action)))
    assert "open_data.make_key" in actions and "open_data.revoke_key" in actions


def test_a_key_needs_the_partners_promise(admin: FlaskClient) -> None:
    typed = {"khoa-name": "Cổng tỉnh", "khoa-scopes": "open311.write"}
    refused = admin.post(f"{PAGE}/khoa", data=typed)
    assert refused.status_code == 422 and 'value="Cổng tỉnh"' in refused.text
    assert session().scalars(select(ApiKey)).all() == []


def test_the_page_makes_tries_and_ends_a_webhook(admin: FlaskClient, receiver: Receiver) -> None:
    typed = {"tin-name": "Đài tỉnh", "tin-url": "http://xau.invalid", "tin-events": "case.moved"}
    refused = admin.post(f"{PAGE}/bao-tin", data=typed)
    assert refused.status_code == 422 and "https công khai" in refused.text
    typed["tin-url"] = f"http://{receiver.host}/tin"
    assert admin.post(f"{PAGE}/bao-tin", data=typed).status_code == 201
    (row,) = session().scalars(select(Webhook))
    assert admin.post(f"{PAGE}/bao-tin/{row.id}/gui-thu").status_code == 303
    drain()
    assert json.loads(receiver.got[0][1])["event"] == "ping"
    shown = admin.get(PAGE).text
    assert "Đã nhận" in shown and "(204)" in shown
    assert admin.post(f"{PAGE}/bao-tin/{row.id}/ngung").status_code == 303
    assert admin.post(f"{PAGE}/bao-tin/{row.id}/gui-thu").status_code == 409
    assert admin.post(f"{PAGE}/bao-tin/999/ngung").status_code == 404
