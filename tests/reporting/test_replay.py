"""R7: one key is one report, however often and however many at once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.factories.reporting import a_body, new_key
from webapp.core.unit_of_work import session
from webapp.jobs.models import OutboxRow
from webapp.reporting.models import Report, ReportLine

pytestmark = pytest.mark.resilience


def test_two_hundred_replays_make_one_report(client: FlaskClient) -> None:
    headers, body = {"Idempotency-Key": new_key()}, a_body(category="water.fish_kill")
    answers = [client.post("/api/v1/reports", json=body, headers=headers) for _ in range(200)]
    assert [answer.status_code for answer in answers] == [201, *[200] * 199]
    assert len({answer.json["tracking_code"] for answer in answers}) == 1
    assert session().scalar(select(func.count(Report.id))) == 1
    assert session().scalar(select(func.count(ReportLine.id))) == 1
    assert session().scalar(select(func.count(OutboxRow.id))) == 4


def test_twenty_at_once_make_one_report(app: Flask) -> None:
    headers, body = {"Idempotency-Key": new_key()}, a_body()
    start = threading.Barrier(20)

    def send(_number: int) -> tuple[int, str | None]:
        start.wait()
        with app.app_context():
            answer = app.test_client().post("/api/v1/reports", json=body, headers=headers)
        return answer.status_code, answer.json.get("tracking_code")

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(send, range(20)))
    assert [status for status, _code in answers].count(201) == 1, answers
    assert {status for status, _code in answers} <= {200, 201}
    assert len({code for _status, code in answers}) == 1
    assert session().scalar(select(func.count(Report.id))) == 1
