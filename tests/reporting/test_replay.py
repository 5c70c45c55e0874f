"""R7: one key is one report, however often and however many at once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.factories.directory import a_unit
from tests.factories.reporting import a_body, a_submission, new_key
from webapp.core.actor import GUEST
from webapp.core.errors import Invalid
from webapp.core.unit_of_work import read_unit, session, write_unit
from webapp.directory.models import Unit
from webapp.jobs.models import OutboxRow
from webapp.reporting.models import Report, ReportLine
from webapp.reporting.operations import Draft, Receipt, draft_report, store_report

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


def drafted(key: str, **changes: object) -> Draft:
    """A report that is checked and waits to be stored."""
    with read_unit():
        return draft_report(GUEST, a_submission(**changes), raw_key=key)


def stored(draft: Draft) -> Receipt:
    """It is stored."""
    with write_unit():
        return store_report(draft)


def test_of_two_drafts_under_one_key_the_second_gets_the_receipt_of_the_first(app: Flask) -> None:
    key = new_key()
    one, two = drafted(key), drafted(key)
    first, again = stored(one), stored(two)
    assert (first.created, again.created) == (True, False)
    assert again.tracking_code == first.tracking_code
    assert again.report.code == first.report.code
    assert session().scalar(select(func.count(Report.id))) == 1


def test_of_two_drafts_with_other_words_the_second_is_refused(app: Flask) -> None:
    key = new_key()
    one, two = drafted(key), drafted(key, description="Đốt rơm khói mù cả bản.")
    stored(one)
    with pytest.raises(Invalid) as refused:
        stored(two)
    assert refused.value.kind == "key-reused"
    assert session().scalar(select(func.count(ReportLine.id))) == 1


def test_what_was_taken_is_answered_though_it_would_be_refused_today(client: FlaskClient) -> None:
    unit = a_unit()
    place = {"unit": {"code_system": unit.code_system, "code": unit.code}, "location": None}
    body = a_body(**place, place_note="Cạnh cầu treo bản Bánh")
    headers = {"Idempotency-Key": new_key()}
    first = client.post("/api/v1/reports", json=body, headers=headers)
    with write_unit():
        session().get_one(Unit, unit.id).valid_to = date(2026, 1, 1)
    again = client.post("/api/v1/reports", json=body, headers=headers)
    other = client.post("/api/v1/reports", json=body, headers={"Idempotency-Key": new_key()})
    assert [each.status_code for each in (first, again, other)] == [201, 200, 422]
    assert again.json["tracking_code"] == first.json["tracking_code"]
