"""A code stands in bodies only: in no address, title, header, log or cache."""

import logging
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.factories.reporting import new_key, send
from webapp.audit.models import AuditEntry
from webapp.core.codes import grouped
from webapp.core.unit_of_work import session
from webapp.reporting.models import Report
from webapp.reporting.views.acts import ACTS


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]* value="([^"]*)"', page)
    assert found, name
    return found[1]


def follow(client: FlaskClient, code: str) -> TestResponse:
    page = client.get("/tra-cuu").text
    return client.post("/tra-cuu", data={"csrf_token": hidden(page, "csrf_token"), "code": code})


def fields_of(page: str, name: str, **more: str) -> dict[str, str]:
    """The hidden fields of one of the page's forms."""
    wanted = ("csrf_token", "idempotency_key", "code")
    return {f"{name}-{each}": hidden(page, f"{name}-{each}") for each in wanted} | more


def spoken(answer: TestResponse) -> str:
    """Everything of an answer but its body."""
    title = re.search(r"<title>(.*?)</title>", answer.text)
    return f"{answer.request.path} {answer.headers} {title[1] if title else ''}"


def test_no_code_in_addresses_titles_headers_logs_and_caches(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    receipt = send()
    code = receipt.tracking_code or ""
    page = follow(client, code)
    acted = client.post(
        "/tra-cuu/bo-sung",
        data=fields_of(page.text, "evidence", **{"evidence-words": "Thêm."}),
    )
    api = client.get(f"/api/v1/reports/{receipt.report.code}", headers={"X-Tracking-Code": code})
    assert {page.status_code, acted.status_code, api.status_code} == {200}
    for answer in (page, acted, api):
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert code not in spoken(answer) and grouped(code) not in spoken(answer)
    assert code not in api.text
    assert code not in caplog.text and grouped(code) not in caplog.text
    facts = str([entry.facts for entry in session().scalars(select(AuditEntry))])
    assert code not in facts


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.slug)
def test_an_act_under_another_code_changes_nothing(client: FlaskClient, act: Any) -> None:
    mine = send().tracking_code or ""
    fields = fields_of(follow(client, mine).text, "evidence")
    wrong = {f"{act.name}-{name.partition('-')[2]}": value for name, value in fields.items()} | {
        f"{act.name}-code": "0" * 16,
        f"{act.name}-words": "Lời.",
        f"{act.name}-sure": "y",
    }
    wrong |= {f"{act.name}-fixed": "yes", f"{act.name}-mark": "satisfied"}
    before = session().scalars(select(Report.version)).one()
    refused = client.post(f"/tra-cuu/{act.slug}", data=wrong)
    assert refused.status_code == 404 and "0" * 16 not in refused.text
    session().expire_all()
    assert session().scalars(select(Report.version)).one() == before


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.slug)
def test_an_act_without_our_token_changes_nothing(client: FlaskClient, act: Any) -> None:
    code = send().tracking_code or ""
    fields = {
        f"{act.name}-code": code,
        f"{act.name}-idempotency_key": new_key(),
        f"{act.name}-words": "Lời.",
        f"{act.name}-sure": "y",
    }
    refused = client.post(f"/tra-cuu/{act.slug}", data=fields)
    assert refused.status_code == 422
    assert session().scalars(select(Report.version)).one() == 1


def test_an_unknown_act_is_not_found(client: FlaskClient) -> None:
    assert client.post("/tra-cuu/khong-co").status_code == 404


def test_guessing_on_the_pages_is_slowed_down_too(client: FlaskClient) -> None:
    tries = [follow(client, f"{number:016}").status_code for number in range(32)]
    assert tries.count(404) == 30 and tries[-1] == 429
