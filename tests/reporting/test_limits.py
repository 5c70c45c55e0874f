"""Guessing codes is slowed down; a twin that takes long is told to come again."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from tests.factories.reporting import a_body, new_key
from webapp.reporting.views import sending


def test_guessing_codes_is_slowed_down(client: FlaskClient) -> None:
    path = "/api/v1/reports/PA0000000"
    tries = [client.get(path, headers={"X-Tracking-Code": f"{n:016}"}) for n in range(35)]
    assert [answer.status_code for answer in tries].count(404) == 30
    assert tries[-1].status_code == 429 and tries[-1].headers["Retry-After"]


def test_a_twin_that_runs_longer_than_a_lock_may_wait_is_409(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_args: object, **_kwargs: object) -> None:
        raise OperationalError("INSERT", {}, Exception("database is locked"))

    monkeypatch.setattr(sending, "store_report", locked)
    headers = {"Idempotency-Key": new_key()}
    refused = client.post("/api/v1/reports", json=a_body(), headers=headers)
    assert (refused.status_code, refused.json["type"]) == (409, "/loi/busy")
    assert refused.headers["Retry-After"] == "2"
