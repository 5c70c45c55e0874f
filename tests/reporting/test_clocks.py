"""What happens when a report's clock runs out."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories.accounts import make_person
from tests.factories.clock import MONDAY
from tests.factories.directory import DIEN_BIEN, a_unit, an_organisation
from tests.factories.reporting import send
from webapp.audit.operations import Subject
from webapp.core import clock
from webapp.core.actor import GUEST, Actor
from webapp.core.unit_of_work import session, write_unit
from webapp.deadlines.operations import tell_deadlines
from webapp.deadlines.queries import clocks_of
from webapp.notifications.models import Notice
from webapp.reporting.models import Report, ReportLine
from webapp.reporting.operations import claim_report, mark_opened, take_report_step
from webapp.reporting.steps import lock_report


def officer() -> Actor:
    with write_unit():
        return make_person("front_commune", unit=a_unit())[1]


def later(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> datetime:
    moment = clock.now() + by
    monkeypatch.setattr(clock, "now", lambda: moment)
    return moment


def ask(actor: Actor, report: Report) -> None:
    with write_unit():
        claimed = claim_report(actor, report.code, seen=report.version)
        given = {"question": "Ở đoạn nào?"}
        with take_report_step(actor, claimed, "request_info", given=given) as line:
            line.words = "Ở đoạn nào của suối?"


def test_an_unanswered_question_resumes_by_itself(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = send().report
    ask(officer(), report)
    assert report.due_at is None
    later(monkeypatch, timedelta(days=20))
    tell_deadlines()
    kept = session().scalars(select(Report).execution_options(populate_existing=True)).one()
    assert (kept.state, kept.due_at is not None) == ("submitted", True)
    steps = session().scalars(select(ReportLine.transition).order_by(ReportLine.id)).all()
    assert steps == ["submit", "request_info", "resume"]


def test_a_question_pauses_the_first_look_and_the_answer_resumes_it(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: MONDAY)
    report = send().report
    due_at = report.due_at
    assert due_at is not None
    later(monkeypatch, timedelta(hours=2))
    ask(officer(), report)
    assert report.due_at is None
    later(monkeypatch, timedelta(days=2))
    with write_unit():
        answered = lock_report(report.id)
        with take_report_step(GUEST, answered, "add_info", by_sender=True):
            pass
    # Monday to Wednesday: due two working days later, not a whole new term from the answer.
    assert answered.due_at == due_at + timedelta(days=2)
    clocks = clocks_of(Subject("report", report.id))
    assert [each.rule.key for each in clocks].count("triage_first_look") == 1


def unopened() -> list[Notice]:
    return list(session().scalars(select(Notice).where(Notice.message == "report.unopened")))


def test_an_urgent_report_nobody_opens_climbs_to_the_province(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with write_unit():
        province = a_unit(DIEN_BIEN)
        make_person("duty", unit=province)
    send(category="water.fish_kill")
    later(monkeypatch, timedelta(hours=3))
    tell_deadlines()
    tell_deadlines()
    told = unopened()
    assert [each.organisation_id for each in told if each.organisation_id] == [
        an_organisation(unit=province).id
    ]
    assert len([each for each in told if each.person_id]) == 1


def test_an_urgent_report_that_was_opened_does_not_climb(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = send(category="water.fish_kill").report
    with write_unit():
        mark_opened(claim_report(officer_of(report), report.code, seen=None))
    later(monkeypatch, timedelta(hours=3))
    tell_deadlines()
    assert unopened() == []


def officer_of(report: Report) -> Actor:
    return make_person("front_commune", unit=report.handling_unit)[1]


def test_a_report_nobody_looks_at_is_marked_late(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    send()
    later(monkeypatch, timedelta(days=20))
    tell_deadlines()
    tell_deadlines()
    assert session().scalars(select(Report.overdue)).one() is True
    late = session().scalars(select(Notice).where(Notice.message == "report.overdue")).all()
    assert [each.organisation_id for each in late] == [an_organisation().id]
