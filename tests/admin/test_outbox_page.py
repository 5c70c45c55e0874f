"""The administrator's page of the outbox."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.factories.accounts import make_person, sign_in
from tests.factories.directory import a_unit
from webapp.admin.views import JOBS
from webapp.audit.models import AuditEntry
from webapp.core.unit_of_work import session, write_unit
from webapp.features import OUTBOX_HANDLERS
from webapp.jobs.models import OutboxRow
from webapp.jobs.operations import enqueue


@pytest.fixture
def failed(app: Flask, monkeypatch: pytest.MonkeyPatch) -> OutboxRow:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    with write_unit():
        row = enqueue("media.render", photo_id=77)
        row.state, row.attempts, row.last_error = "failed", 8, "FileNotFoundError"
    return row


def enter(client: FlaskClient, role: str) -> FlaskClient:
    with write_unit():
        account, _actor = make_person(role, unit=a_unit("11"))
    sign_in(client, account.email)
    return client


def test_every_job_has_words() -> None:
    assert JOBS.keys() == OUTBOX_HANDLERS.keys()


def test_failed_and_waiting_rows_are_listed_without_what_they_carry(
    client: FlaskClient, failed: OutboxRow
) -> None:
    with write_unit():
        enqueue("notifications.send", notice_id=1)
        enqueue("documents.pdf", document_id=1).state = "done"
    page = enter(client, "admin").get("/can-bo/viec-nen").text
    assert "media.render" in page and "FileNotFoundError" in page and "Không thành" in page
    assert "notifications.send" in page and "Đang chờ" in page
    assert "documents.pdf" not in page and "photo_id" not in page


def test_running_again_is_recorded(client: FlaskClient, failed: OutboxRow) -> None:
    answer = enter(client, "admin").post(f"/can-bo/viec-nen/{failed.id}/chay-lai")
    assert answer.status_code == 303
    row = session().get_one(OutboxRow, failed.id, populate_existing=True)
    assert (row.state, row.attempts) == ("waiting", 0)
    entry = session().scalars(select(AuditEntry).where(AuditEntry.action == "jobs.retry")).one()
    assert (entry.subject_id, entry.facts) == (failed.id, {"kind": "media.render"})
    assert entry.assignment_id is not None


@pytest.mark.parametrize("role", ["front_province", "auditor", "publisher"])
def test_nobody_else_sees_or_runs_it(client: FlaskClient, failed: OutboxRow, role: str) -> None:
    signed_in = enter(client, role)
    assert signed_in.get("/can-bo/viec-nen").status_code == 403
    assert signed_in.post(f"/can-bo/viec-nen/{failed.id}/chay-lai").status_code == 403
    assert session().get_one(OutboxRow, failed.id, populate_existing=True).state == "failed"


@pytest.mark.parametrize(("row_id", "status"), [("0", 404), ("9" * 30, 404)])
def test_unknown_rows(client: FlaskClient, failed: OutboxRow, row_id: str, status: int) -> None:
    assert enter(client, "admin").post(f"/can-bo/viec-nen/{row_id}/chay-lai").status_code == status


def test_a_done_row_answers_with_a_conflict(client: FlaskClient, failed: OutboxRow) -> None:
    with write_unit():
        session().get_one(OutboxRow, failed.id).state = "done"
    answer = enter(client, "admin").post(f"/can-bo/viec-nen/{failed.id}/chay-lai")
    assert answer.status_code == 409


def test_each_channel_shows_how_it_stands_and_nobody_it_reaches(
    client: FlaskClient, failed: OutboxRow
) -> None:
    with write_unit():
        enqueue("notifications.push", notice_id=1, to="ab12cd34ef56ab12cd34")
        for number in range(2):
            lost = enqueue("notifications.sms", notice_id=number, to="ff00ff00ff00ff00ff00")
            lost.state = "failed"
    signed_in = enter(client, "admin")
    page = signed_in.get("/can-bo/viec-nen").text
    rows = [" ".join(re.sub("<[^>]*>", " ", row).split()) for row in page.split("<tr>")[2:]]
    assert rows[1].startswith("Thông báo trên điện thoại Chưa cài 0 máy 1 0 0")
    assert rows[2].startswith("Tin nhắn SMS Chưa cài 0 2 0")
    assert "ff00ff00" not in page
    only = signed_in.get("/can-bo/viec-nen?kenh=sms").text
    assert only.count("notifications.sms") == 2 and "media.render" not in only
    assert signed_in.get("/can-bo/viec-nen?kenh=khong-co").text.count("media.render") == 1
