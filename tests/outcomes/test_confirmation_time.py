"""The time in which residents may confirm a result: nobody is late when it is over."""

import importlib
from datetime import UTC, datetime, timedelta

from alembic.migration import MigrationContext
from alembic.operations import Operations
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.factories.accounts import make_person, sign_in
from tests.factories.cases import make_case
from tests.factories.directory import a_unit
from tests.factories.outcomes import a_person, an_outcome
from tests.factories.triage import an_officer
from webapp.cases import counts
from webapp.cases.clocks import note_due, subject_of
from webapp.cases.models import Case, CellJournal
from webapp.core.unit_of_work import session, write_unit
from webapp.deadlines.operations import start_clock, stop_clock, tell_deadlines
from webapp.deadlines.queries import load_by_owner
from webapp.directory.models import Organisation
from webapp.notifications.models import Notice
from webapp.outcomes.conditions import closing_conditions
from webapp.outcomes.models import Outcome
from webapp.outcomes.operations import publish_outcome
from webapp.triage.filters import CASES, QueueFilters
from webapp.triage.queries.queue import queue

NOW = datetime(2026, 2, 24, 2, 0, tzinfo=UTC)
WINDOW = "confirmation_window"


def waiting_since(days: int, **changes: object) -> Case:
    """A case whose result residents may confirm since so many days; they have ten."""
    case = make_case("awaiting_confirmation", last_result="report_remedied", **changes)
    start_clock(
        WINDOW,
        subject_of(case),
        started_at=NOW - timedelta(days=days),
        owner_id=case.owner_id,
    )
    note_due(case)
    return case


def found(**filters: str) -> set[str]:
    return {row.code for row in queue(an_officer(), QueueFilters(tab=CASES, **filters)).rows}


def test_nobody_is_late_when_it_is_over_and_the_front_learns_it_once(app: Flask) -> None:
    with write_unit():
        over, running = waiting_since(11), waiting_since(3)
        code, number, owner = over.code, over.id, over.owner_id
        assert (over.due_at, over.overdue, running.due_at) == (None, False, None)
    tell_deadlines()
    tell_deadlines()
    with write_unit():
        kept = session().get_one(Case, number)
        assert (kept.overdue, kept.due_at) == (False, None)
        notices = session().scalars(select(Notice).where(Notice.subject_id == number)).all()
        assert {(each.message, each.organisation_id) for each in notices} == {
            ("outcome.may_close", owner)
        }
        assert len(notices) == 1
        assert found(due="overdue") == found(due="near") == set()
        assert found(due="closable") == {code}
        assert counts.rebuild() == 0
        assert load_by_owner(select(Organisation.id)) == []


def test_another_clock_of_the_case_still_counts(app: Flask) -> None:
    with write_unit():
        case = waiting_since(11)
        start_clock(
            "publish_result", subject_of(case), started_at=NOW - timedelta(days=60), owner_id=None
        )
        note_due(case)
        number = case.id
        assert case.overdue
    with write_unit():
        case = session().get_one(Case, number)
        stop_clock(subject_of(case), "publish_result")
        note_due(case)
        assert not case.overdue


def test_a_page_published_late_leaves_no_case_late(app: Flask) -> None:
    """The clock of publishing stops; what is counted as late on the map follows."""
    with write_unit():
        case = waiting_since(3)
        start_clock(
            "publish_result", subject_of(case), started_at=NOW - timedelta(days=60), owner_id=None
        )
        outcome = an_outcome(case, state="approved", approved_by_id=a_person().id)
        publisher = make_person("publisher", unit=a_unit())[1]
        number, page = case.id, outcome.id
    tell_deadlines()
    with write_unit():
        assert session().get_one(Case, number).overdue
        publish_outcome(publisher, session().get_one(Outcome, page))
    with write_unit():
        assert not session().get_one(Case, number).overdue
        assert counts.rebuild() == 0


def test_what_is_missing_names_the_day(app: Flask) -> None:
    with write_unit():
        case = waiting_since(3)
        words = {each.key: str(each.missing) for each in closing_conditions(case) if not each.met}
    assert "03/03/2026" in words["confirmed"]


def test_the_desk_offers_it_for_cases_alone(app: Flask, client: FlaskClient) -> None:
    with write_unit():
        account, _actor = make_person("front_commune", unit=a_unit())
        code = waiting_since(11).code
    sign_in(client, account.email)
    page = client.get("/can-bo/hang-doi?tab=vu-viec&due=closable").text
    assert code in page
    assert "Hết thời gian chờ xác nhận" in page
    assert "Hết thời gian chờ xác nhận" not in client.get("/can-bo/hang-doi?tab=phan-anh").text


def test_what_was_counted_as_late_is_mended(app: Flask) -> None:
    with write_unit():
        case = waiting_since(11)
        case.due_at, case.overdue = NOW - timedelta(days=1), True
        counts.rebuild()
        number = case.id
    with write_unit():
        revision = importlib.import_module(
            "webapp.migrations.versions.0038_time_of_residents_is_no_deadline"
        )
        with Operations.context(MigrationContext.configure(session().connection())):
            revision.upgrade()
        session().expire_all()
        case = session().get_one(Case, number)
        assert (case.due_at, case.overdue) == (None, False)
        assert session().scalars(select(CellJournal.n_overdue)).all().count(-1) == 2
        assert counts.rebuild() == 0
