"""W4: honest phones behind one address all get through, a flood computes, waits or comes last."""

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from altcha import Challenge, Payload, solve_challenge
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from tests.factories.accounts import make_person, sign_in
from tests.factories.clock import FrozenClock
from tests.factories.directory import a_unit
from tests.factories.reporting import LAT, LON, a_body, new_key
from webapp.core.unit_of_work import session, write_unit
from webapp.extensions import limiter
from webapp.notifications.models import Notice
from webapp.reporting import proof
from webapp.reporting.models import Report
from webapp.reporting.views import admission
from webapp.triage.filters import QueueFilters
from webapp.triage.queries.queue import queue

FREE = 20
URGENT = "burning.dump_fire"


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "COST", 1)


def token(number: int) -> str:
    return f"may-{number:04}-cua-ba-con"


def post(client: FlaskClient, phone: str = "", **more: Any) -> TestResponse:
    headers = {"Idempotency-Key": more.pop("key", None) or new_key()}
    headers |= {"X-Device-Token": phone} if phone else {}
    headers |= {"X-Proof": more.pop("proof")} if "proof" in more else {}
    return client.post("/api/v1/reports", json=a_body(**more), headers=headers)


def solved(refused: TestResponse) -> str:
    """What a phone computes."""
    challenge = Challenge.from_dict(refused.json["challenge"])
    solution = solve_challenge(challenge)
    assert solution is not None
    return Payload(challenge, solution).to_base64()


@pytest.fixture
def pressed(client: FlaskClient) -> FlaskClient:
    """A browser behind an address from which many unknown phones have just sent."""
    for number in range(FREE):
        assert post(client, token(number)).status_code == 201
    return client


def test_two_hundred_honest_phones_behind_one_address_all_succeed(client: FlaskClient) -> None:
    asked = 0
    for number in range(200):
        answer = post(client, token(number))
        if answer.status_code == 429:
            asked += 1
            answer = post(client, token(number), proof=solved(answer))
        assert answer.status_code == 201, number
    assert asked == 200 - FREE


@pytest.mark.parametrize("phone", ["", "ngắn", token(1)], ids=["none", "short", "one"])
def test_one_flooder_gets_no_further_than_twenty(client: FlaskClient, phone: str) -> None:
    phone = phone.encode().hex() if phone == "ngắn" else phone
    answers = [post(client, phone).status_code for _ in range(60)]
    assert answers == [201] * 20 + [429] * 40


def test_a_flood_of_made_up_phones_is_asked_to_compute(client: FlaskClient) -> None:
    answers = [post(client, token(number)) for number in range(100)]
    assert [each.status_code for each in answers].count(201) == FREE
    refused = answers[-1]
    assert refused.json["type"] == "/loi/proof-required" and refused.headers["Retry-After"] == "1"
    assert refused.content_type == "application/problem+json"
    assert refused.headers["Cache-Control"] == "no-store"
    assert refused.json["challenge"]["parameters"]["algorithm"] == "PBKDF2/SHA-256"


def test_a_proof_is_good_once_and_for_its_own_phone(pressed: FlaskClient) -> None:
    challenge = solved(post(pressed, token(90)))
    assert post(pressed, token(91), proof=challenge).status_code == 429
    assert post(pressed, token(90), proof=challenge).status_code == 201
    limiter.storage.clear(f"device.known:{_device(pressed, token(90))}")
    assert post(pressed, token(90), proof=challenge).status_code == 429


def _device(client: FlaskClient, phone: str) -> str:
    with client.application.test_request_context(headers={"X-Device-Token": phone}):
        return str(admission.digest("limit.device", f"{admission.today_local()}:{phone}"))


def test_an_old_proof_is_refused(pressed: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "VALID_SECONDS", -1)
    assert post(pressed, token(90), proof=solved(post(pressed, token(90)))).status_code == 429


def broken(good: str) -> Iterator[tuple[str, str]]:
    told = json.loads(base64.b64decode(good))
    for name, change in {
        "counter": lambda: told["solution"].update(counter=told["solution"]["counter"] + 1),
        "text": lambda: told["solution"].update(counter="1"),
        "cost": lambda: told["challenge"]["parameters"].update(cost=10**9),
        "kind": lambda: told["challenge"]["parameters"].update(algorithm="ARGON2ID"),
        "later": lambda: told["challenge"]["parameters"].update(expiresAt=4102444800),
        "unsigned": lambda: told["challenge"].update(signature=""),
        "list": lambda: told.update(challenge=[1]),
    }.items():
        kept = json.loads(json.dumps(told))
        change()
        yield name, base64.b64encode(json.dumps(told).encode()).decode()
        told.clear()
        told.update(kept)
    yield from {"words": "xin chào".encode().hex(), "long": "A" * 8000, "none": "e30="}.items()


def test_a_made_up_proof_is_refused_and_costs_nothing(pressed: FlaskClient) -> None:
    for name, made_up in broken(solved(post(pressed, token(90)))):
        assert post(pressed, token(90), proof=made_up).status_code == 429, name


def test_sending_the_same_again_is_never_held_up(client: FlaskClient) -> None:
    key = new_key()
    assert post(client, token(1), key=key).status_code == 201
    for number in range(FREE + 5):
        post(client, token(number))
    again = [post(client, token(99), key=key).status_code for _ in range(30)]
    assert again == [200] * 30


def test_a_phone_that_sent_before_is_not_asked(pressed: FlaskClient) -> None:
    assert post(pressed, token(3)).status_code == 201


def test_tomorrow_the_phone_is_another(frozen: FrozenClock, pressed: FlaskClient) -> None:
    frozen.forward(days=1)
    assert post(pressed, token(3)).status_code == 201  # another day, another address digest
    keys = {_device(pressed, token(3))}
    frozen.forward(days=1)
    assert _device(pressed, token(3)) not in keys


def test_a_refused_report_counts_for_nothing(client: FlaskClient) -> None:
    for _ in range(40):
        assert post(client, token(1), consent=False).status_code == 422
    assert post(client, token(1)).status_code == 201


def by_form(client: FlaskClient, **fields: str) -> TestResponse:
    page = client.get("/gui-phan-anh").text
    hidden = {
        name: re.findall(rf'name="{name}"[^>]* value="([^"]*)"', page)[0]
        for name in ("csrf_token", "idempotency_key", "consent_version")
    }
    where = {"lon": str(LON), "lat": str(LAT), "accuracy_m": "20", "source": "gps"}
    words = {"category": "p_waste", "description": "Rác ven suối.", "consent": "y"}
    return client.post("/gui-phan-anh", data=hidden | where | words | fields)


def test_who_records_for_a_village_is_not_held_up(app: Flask, pressed: FlaskClient) -> None:
    with write_unit():
        account, _actor = make_person("front_commune", unit=a_unit())
    officer = app.test_client()
    sign_in(officer, account.email)
    assert [by_form(officer).status_code for _ in range(FREE + 2)] == [201] * (FREE + 2)
    assert not newest().unchecked


def test_a_flood_without_script_takes_nothing_from_the_others(
    app: Flask, pressed: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = replace(app.extensions["matxanh_settings"], reports_per_address=FREE + 3)
    monkeypatch.setitem(app.extensions, "matxanh_settings", settings)
    flood = [by_form(app.test_client()).status_code for _ in range(FREE + 5)]
    assert flood == [201] * (FREE + 3) + [429] * 2
    assert post(pressed, token(3)).status_code == 201
    fresh = post(pressed, token(90), proof=solved(post(pressed, token(90))))
    assert (fresh.status_code, newest().unchecked) == (201, False)


def newest() -> Report:
    session().rollback()
    return session().scalars(select(Report).order_by(Report.id.desc()).limit(1)).one()


def test_without_script_it_is_taken_and_looked_at_last(app: Flask, pressed: FlaskClient) -> None:
    assert by_form(app.test_client()).status_code == 201
    report = newest()
    assert report.unchecked
    with write_unit():
        _account, officer = make_person("front_commune", unit=a_unit())
    rows = queue(officer, QueueFilters()).rows
    assert [row.code for row in rows].index(report.code) == len(rows) - 1


def test_a_browser_that_was_here_before_the_flood_is_checked(
    app: Flask, client: FlaskClient
) -> None:
    neighbour = app.test_client()
    assert by_form(neighbour).status_code == 201
    for number in range(FREE):
        post(client, token(number))
    assert by_form(neighbour).status_code == 201
    assert not newest().unchecked


def test_the_cookie_is_for_a_day_and_out_of_reach_of_scripts(client: FlaskClient) -> None:
    answer = client.get("/gui-phan-anh")
    (cookie,) = [c for c in answer.headers.getlist("Set-Cookie") if admission.COOKIE in c]
    assert {"HttpOnly", "SameSite=Lax", "Max-Age=86400"} <= set(cookie.split("; "))
    again = client.get("/gui-phan-anh").headers.getlist("Set-Cookie")
    assert not [c for c in again if admission.COOKIE in c]


def urgent_notices() -> list[tuple[str, bool]]:
    session().rollback()
    rows = session().scalars(select(Notice).where(Notice.message.startswith("report.u"))).all()
    return [(row.message, row.person_id is not None) for row in rows]


def test_an_unchecked_urgent_report_tells_the_duty_person_alone_and_rarely(
    frozen: FrozenClock, app: Flask, pressed: FlaskClient
) -> None:
    with write_unit():
        make_person("duty", unit=a_unit("11"))
    for _ in range(3):
        assert by_form(app.test_client(), category=URGENT).status_code == 201
        assert newest().unchecked and newest().urgent
    assert urgent_notices() == [("report.urgent_unchecked", True)]
    frozen.forward(minutes=16)
    for number in range(FREE):
        post(pressed, token(number))
    assert by_form(app.test_client(), category=URGENT).status_code == 201
    assert urgent_notices() == [("report.urgent_unchecked", True)] * 2


def test_while_the_limiter_is_away_reports_still_come_in(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_args: object, **_more: object) -> None:
        raise OperationalError("SELECT", {}, Exception("disk I/O error"))

    for name in ("get", "incr"):
        monkeypatch.setattr(limiter.storage, name, away)
    assert [post(client, token(1)).status_code for _ in range(25)] == [201] * 25
