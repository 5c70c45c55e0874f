"""C1 and the rest of R7: officers at once on one record; replays after a restart and a month."""

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.factories.accounts import make_person, sign_in, token_header
from tests.factories.cases import make_case, make_line
from tests.factories.clock import FrozenClock
from tests.factories.directory import a_unit
from tests.factories.reporting import a_body, make_report, new_key
from tests.resilience.contests import Contest
from webapp.app import create_app
from webapp.audit.models import AuditEntry
from webapp.cases.models import Case
from webapp.core.unit_of_work import session, write_unit
from webapp.extensions import db, limiter
from webapp.reporting.models import Report

pytestmark = [pytest.mark.resilience, pytest.mark.timeout(300)]

ROUNDS = 25  # of each of the two races: fifty with the other database's fifty


def officers(count: int) -> list[str]:
    """The e-mails of officers of one commune, each with a name of their own."""
    with write_unit():
        made = [
            make_person("front_commune", unit=a_unit(), name=f"Cán bộ Số {number}")
            for number in range(count)
        ]
        return [account.email for account, _ in made]


def race(app: Flask, emails: list[str], url: str, form: dict[str, str]) -> list[tuple[int, str]]:
    """Everybody sends the same step of the same version at once; status and page of each."""
    start = threading.Barrier(len(emails))
    ends: list[tuple[int, str]] = [(0, "")] * len(emails)
    clients = []
    for email in emails:
        client = app.test_client()
        sign_in(client, email)
        clients.append((client, token_header(client)))
    db.session.remove()

    def run(number: int) -> None:
        client, header = clients[number]
        with app.app_context():
            start.wait()
            answer = client.post(url, data=form, headers=header)
            ends[number] = (answer.status_code, answer.text)
            db.session.remove()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(emails))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return ends


def one_won(ends: list[tuple[int, str]], kept: str) -> None:
    """One redirect, the others 409 with who, when, and what was typed."""
    statuses = sorted(status for status, _ in ends)
    assert statuses == [303, *[409] * (len(ends) - 1)], statuses
    for status, page in ends:
        if status == 409:
            assert "Cán bộ Số " in page and "08:00 02/03/2026" in page
            assert kept in page


def acts(kind: str, subject_id: int, action: str) -> int:
    """How many such acts the audit shows."""
    query = select(func.count(AuditEntry.id)).where(
        AuditEntry.subject_kind == kind,
        AuditEntry.subject_id == subject_id,
        AuditEntry.action == action,
    )
    return session().scalar(query) or 0


def test_officers_on_one_report(app: Flask, frozen: FrozenClock) -> None:
    emails = officers(6)
    for number in range(ROUNDS):
        with write_unit():
            report = make_report()
            code, report_id, version = report.code, report.id, report.version
        typed = f"Lời của vòng {number}"
        ends = race(
            app,
            emails[: 2 + number % 5],
            f"/can-bo/phan-anh/{code}/buoc/reject",
            {"version": str(version), "reason": "no_place", "words": typed},
        )
        one_won(ends, typed)
        after = session().get_one(Report, report_id, populate_existing=True)
        assert (after.state, after.version) == ("rejected", version + 1)
        assert acts("report", report_id, "report.reject") == 1


def test_officers_on_one_case(app: Flask, frozen: FrozenClock) -> None:
    emails = officers(6)
    for number in range(ROUNDS):
        with write_unit():
            case = make_case("received")
            make_line(case, None, transition="open_case")
            code, case_id, version = case.code, case.id, case.version
        typed = f"Tóm tắt của vòng {number}"
        form = {"summary": typed, "severity": "minor", "waste_source": "market"}
        ends = race(
            app,
            emails[: 2 + number % 5],
            f"/can-bo/vu-viec/{code}/buoc/assess",
            form | {"version": str(version), "site_note": "Đã xem."},
        )
        one_won(ends, typed)
        after = session().get_one(Case, case_id, populate_existing=True)
        assert (after.state, after.version, after.summary) == ("assessed", version + 1, typed)
        assert acts("case", case_id, "case.assess") == 1


def test_a_replay_after_restart_and_after_thirty_days(app: Flask, frozen: FrozenClock) -> None:
    limiter.reset()
    headers, body = {"Idempotency-Key": new_key()}, a_body(contact={"name": "Lò Thị Ẳng"})
    first = app.test_client().post("/api/v1/reports", json=body, headers=headers)
    assert first.status_code == 201
    fixed = ("report_code", "tracking_code", "unit")
    settings = app.extensions["matxanh_settings"]
    for days in (0, 30, 365):
        frozen.at += timedelta(days=days)
        restarted = create_app(settings)
        with restarted.app_context():
            again = restarted.test_client().post("/api/v1/reports", json=body, headers=headers)
            assert again.status_code == 200, again.text
            assert all(again.json[name] == first.json[name] for name in fixed)
            other = restarted.test_client().post(
                "/api/v1/reports", json=a_body(description="Khác"), headers=headers
            )
            assert (other.status_code, other.json["type"]) == (422, "/loi/key-reused")
            db.session.remove()
            db.engine.dispose()
    assert session().scalar(select(func.count(Report.id))) == 1


def test_up_to_twenty_officers_on_one_case(app: Flask, frozen: FrozenClock) -> None:
    contest = Contest(app, seed=4)
    contest.run(12)
    assert contest.faults == []
