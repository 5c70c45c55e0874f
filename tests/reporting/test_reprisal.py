"""Who is threatened: read by few, answered in secret, and no trace for the commune."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.factories.accounts import make_person, sign_in
from tests.factories.directory import DIEN_BIEN, THAI_NGUYEN, a_unit
from tests.factories.reporting import new_key, send
from webapp.accounts.models import SteppedAside
from webapp.audit.models import AuditEntry
from webapp.core import clock
from webapp.core.unit_of_work import session, write_unit
from webapp.deadlines.models import Deadline
from webapp.reporting.following import view_for_sender
from webapp.reporting.models import Report, ReprisalMessage, ReprisalStep
from webapp.reporting.operations import claim_report, report_reprisal

WORDS, ANSWER = "Trưởng bản đến nhà dọa.", "Công an xã khác sẽ đến gặp ông/bà."


def threatened() -> str:
    """The uid of a message about a report."""
    report = send().report
    with write_unit():
        report_reprisal(session().merge(report), words=WORDS, raw_key=new_key())
    return session().scalars(select(ReprisalMessage.uid)).one()


def enter(client: FlaskClient, role: str, unit: str) -> None:
    with write_unit():
        account = make_person(role, unit=a_unit(unit))[0]
    sign_in(client, account.email)


def clock_runs() -> bool:
    query = select(Deadline).where(Deadline.stopped_at.is_(None))
    return any(each.rule.key == "reprisal_first_look" for each in session().scalars(query))


def test_the_province_reads_answers_and_the_sender_reads_the_answer(client: FlaskClient) -> None:
    uid = threatened()
    assert clock_runs()
    enter(client, "front_province", DIEN_BIEN)
    listing = client.get("/can-bo/bao-ve").text
    assert "Chưa ai đọc" in listing and WORDS not in listing
    page = client.get(f"/can-bo/bao-ve/{uid}")
    assert WORDS in page.text and page.headers["Cache-Control"] == "private, no-store"
    assert not clock_runs()
    token = re.search(r'name="csrf_token" value="([^"]*)"', page.text)
    assert token
    fields = {"csrf_token": token[1], "words": ANSWER}
    assert client.post(f"/can-bo/bao-ve/{uid}", data=fields).status_code == 303
    assert "Đã trả lời" in client.get("/can-bo/bao-ve").text
    (answer,) = view_for_sender(session().scalars(select(Report)).one()).reprisal_answers
    assert answer.words == ANSWER
    kept = session().scalars(select(ReprisalStep).where(ReprisalStep.kind == "answered")).one()
    assert kept.sealed and "Công an".encode() not in kept.sealed
    facts = str([(e.action, e.facts) for e in session().scalars(select(AuditEntry))])
    assert "open_reprisal" in facts and "dọa" not in facts


def test_the_auditor_reads_and_does_not_answer(client: FlaskClient) -> None:
    uid = threatened()
    enter(client, "auditor", DIEN_BIEN)
    page = client.get(f"/can-bo/bao-ve/{uid}").text
    assert WORDS in page and "<textarea" not in page
    assert clock_runs()
    token = re.search(r'name="csrf_token" value="([^"]*)"', page)
    fields = {"csrf_token": token[1] if token else "", "words": ANSWER}
    assert client.post(f"/can-bo/bao-ve/{uid}", data=fields).status_code == 403


@pytest.mark.parametrize(
    ("role", "unit", "status"),
    [
        ("front_commune", "03325", 403),
        ("front_signer", DIEN_BIEN, 403),
        ("admin", DIEN_BIEN, 403),
        ("duty", DIEN_BIEN, 403),
        ("front_province", THAI_NGUYEN, 404),
    ],
)
def test_nobody_else_reads_it(client: FlaskClient, role: str, unit: str, status: int) -> None:
    uid = threatened()
    enter(client, role, unit)
    assert client.get(f"/can-bo/bao-ve/{uid}").status_code == status
    assert session().scalars(select(ReprisalStep)).all() == []


def test_a_commune_officer_finds_no_trace_of_it(client: FlaskClient) -> None:
    threatened()
    report = session().scalars(select(Report)).one()
    with write_unit():
        officer = make_person("front_commune", unit=a_unit())[1]
    with write_unit():  # nor is a page that was open before stale: that would tell as well
        assert claim_report(officer, report.code, seen=1).version == 1
    enter(client, "front_commune", "03325")
    for address in (
        "/can-bo/hang-doi",
        f"/can-bo/phan-anh/{report.code}",
        f"/can-bo/phan-anh/{report.code}/danh-tinh",
        "/can-bo/de-nghi",
        "/can-bo/thong-bao",
    ):
        page = client.get(address).text
        assert "khó dễ" not in page and "bảo vệ người" not in page, address


def test_the_log_of_identities_is_the_auditors(client: FlaskClient) -> None:
    enter(client, "front_province", DIEN_BIEN)
    assert client.get("/can-bo/nhat-ky-danh-tinh").status_code == 403
    enter(client, "auditor", DIEN_BIEN)
    assert "Chưa có ai mở danh tính nào" in client.get("/can-bo/nhat-ky-danh-tinh").text


def test_who_stepped_aside_reads_and_answers_nothing(client: FlaskClient) -> None:
    uid = threatened()
    with write_unit():
        account, actor = make_person("front_province", unit=a_unit(DIEN_BIEN))
        report_id = session().scalars(select(Report.id)).one()
        aside = SteppedAside(person_id=actor.person_id, subject_kind="report", at=clock.now())
        aside.subject_id = report_id
        session().add(aside)
    sign_in(client, account.email)
    assert session().scalars(select(Report.code)).one() not in client.get("/can-bo/bao-ve").text
    assert client.get(f"/can-bo/bao-ve/{uid}").status_code == 404
    assert clock_runs()
