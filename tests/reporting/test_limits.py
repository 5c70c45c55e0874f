"""Guessing codes is slowed down; sending the same report again never is."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from tests.factories.reporting import a_body, new_key
from webapp.reporting.views import api


def test_guessing_codes_is_slowed_down(client: FlaskClient) -> None:
    path = "/api/v1/reports/PA0000000"
    tries = [client.get(path, headers={"X-Tracking-Code": f"{n:016}"}) for n in range(35)]
    assert [answer.status_code for answer in tries].count(404) == 30
    assert tries[-1].status_code == 429 and tries[-1].headers["Retry-After"]


def test_a_phone_that_sends_again_and_again_is_slowed_down_but_replays_are_not(
    client: FlaskClient,
) -> None:
    key = new_key()
    headers = {"Idempotency-Key": key, "X-Device-Token": "máy này".encode().hex()}
    first = [client.post("/api/v1/reports", json=a_body(), headers=headers) for _ in range(70)]
    assert {answer.status_code for answer in first} == {200, 201}


def test_many_honest_phones_behind_one_address_all_succeed(client: FlaskClient) -> None:
    for number in range(90):
        headers = {"Idempotency-Key": new_key(), "X-Device-Token": f"máy {number}".encode().hex()}
        answer = client.post("/api/v1/reports", json=a_body(), headers=headers)
        assert answer.status_code == 201, number


def test_one_phone_has_a_limit_of_its_own(client: FlaskClient) -> None:
    def send() -> int:
        headers = {"Idempotency-Key": new_key(), "X-Device-Token": "cùng máy".encode().hex()}
        return client.post("/api/v1/reports", json=a_body(), headers=headers).status_code

    assert [send() for _ in range(61)] == [*[201] * 60, 429]


def test_a_twin_that_runs_longer_than_a_lock_may_wait_is_409(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_args: object, **_kwargs: object) -> None:
        raise OperationalError("INSERT", {}, Exception("database is locked"))

    monkeypatch.setattr(api, "submit_report", locked)
    headers = {"Idempotency-Key": new_key()}
    refused = client.post("/api/v1/reports", json=a_body(), headers=headers)
    assert (refused.status_code, refused.json["type"]) == (409, "/loi/busy")
    assert refused.headers["Retry-After"] == "2"
