"""News on a phone: one neutral line, the reader's own page behind it, silence at night."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.factories.alerts import a_public_case, a_step, tell
from tests.factories.clock import FrozenClock
from tests.factories.push import Browser, StandIn
from webapp.alerts import sending
from webapp.alerts.models import Alert
from webapp.core.unit_of_work import session
from webapp.notifications.models import PushSubscription

LINE = "Mắt Xanh: có cập nhật"


def ask(client: FlaskClient, browser: Browser, **asked: str) -> TestResponse:
    return client.post("/api/v1/alerts/push", json=browser.json | {"frequency": "now"} | asked)


def counted() -> tuple[int, int]:
    """Alerts, and browsers that are told."""
    session().rollback()
    alerts = session().scalar(select(func.count(Alert.id))) or 0
    return alerts, session().scalar(select(func.count(PushSubscription.id))) or 0


def test_a_phone_is_told_one_line_and_where_to_read(client: FlaskClient, phones: StandIn) -> None:
    case, browser = a_public_case(), Browser(phones.host)
    answer = ask(client, browser, unit="gso-2025:03325")
    assert answer.status_code == 201 and answer.json
    page = answer.json["page"]
    a_step(case, "Đã thu gom ở bản Noong Nhai.")
    tell()
    ((_method, _path, headers, content),) = phones.taken
    assert browser.read(content) == f"{LINE}\n{page}"
    assert headers["topic"] == "mat-xanh-tin"
    own = client.get(page).text
    assert "Đã thu gom ở bản Noong Nhai." in own and "Dừng mọi tin của máy này" in own


def test_at_night_a_phone_is_left_alone(
    client: FlaskClient, phones: StandIn, frozen: FrozenClock
) -> None:
    ask(client, Browser(phones.host))
    frozen.forward(hours=14)  # 22:00
    a_step(a_public_case())
    tell()
    assert phones.taken == []
    frozen.forward(hours=8)
    tell()
    assert len(phones.taken) == 1


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_ended_it_is_forgotten(
    client: FlaskClient, phones: StandIn, status: int
) -> None:
    ask(client, Browser(phones.host))
    phones.status = status
    a_step(a_public_case())
    tell()
    assert counted() == (0, 0)


def test_a_service_that_refuses_is_asked_for_two_weeks(
    client: FlaskClient, phones: StandIn, frozen: FrozenClock
) -> None:
    ask(client, Browser(phones.host))
    phones.status = 403
    a_step(a_public_case())
    tell()
    assert counted() == (1, 1)
    frozen.forward(days=14)
    tell()
    assert counted() == (0, 0) and len(phones.taken) == 2


def test_a_service_that_is_away_is_asked_again_soon(
    client: FlaskClient, phones: StandIn, frozen: FrozenClock
) -> None:
    ask(client, Browser(phones.host))
    phones.status = 500
    a_step(a_public_case())
    tell()
    phones.status = 201
    frozen.forward(seconds=30)
    tell()
    tell()
    assert len(phones.taken) == 2


def test_the_phone_itself_ends_everything_it_was_told(client: FlaskClient, phones: StandIn) -> None:
    browser = Browser(phones.host)
    ask(client, browser)
    ask(client, browser, results="1")
    ask(client, browser, results="1")  # the same wish again
    assert counted() == (2, 2)
    stopped = client.post("/api/v1/push/stop", json={"endpoint": browser.endpoint})
    assert stopped.status_code == 200 and counted() == (2, 0)
    a_step(a_public_case())
    tell()
    assert phones.taken == [] and counted() == (1, 0)
    sending.forget_alerts()
    assert counted() == (0, 0)


def test_a_bad_wish_is_refused_by_the_field(client: FlaskClient, phones: StandIn) -> None:
    browser = Browser(phones.host)
    hidden = a_public_case(state="received")
    for wrong, field in (
        ({"endpoint": "http://10.0.0.5/x"}, "endpoint"),
        ({"unit": "gso-2025:00000"}, "unit"),
        ({"frequency": "hour"}, "frequency"),
        ({"more": "x"}, "more"),
    ):
        answer = ask(client, browser, **wrong)
        assert answer.status_code == 422 and answer.json and field in answer.json["fields"]
    assert ask(client, browser, case=hidden.code).status_code == 404
    assert ask(client, browser, case="VV0000000").status_code == 404
    assert counted() == (0, 0)


def test_without_a_key_no_phone_is_told(client: FlaskClient, mails: object) -> None:
    assert ask(client, Browser("127.0.0.1:9")).status_code == 404
    assert counted() == (0, 0)
