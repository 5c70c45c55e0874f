"""In the middle of a job: a row that breaks, a database that is away, a right that ended."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from tests.factories.accounts import make_person
from tests.factories.directory import NA_TAU, a_unit
from tests.factories.reporting import make_report
from webapp.accounts.models import Account
from webapp.core.actor import Actor
from webapp.core.unit_of_work import session, write_unit
from webapp.reporting.models import Report
from webapp.triage.models import BulkItem
from webapp.triage.operations import bulk
from webapp.triage.operations.bulk import Chosen, run_bulk, start_bulk
from webapp.triage.presentation import refusal_of


@pytest.fixture
def officer(app: Flask) -> Actor:
    with write_unit():
        return make_person("front_commune", unit=a_unit(), name="Cà Văn Noọng")[1]


def three_forwarded(officer: Actor) -> tuple[int, list[str]]:
    """A job that waits, and its codes."""
    with write_unit():
        chosen = [Chosen(make_report().code, 1) for _number in range(3)]
        given = {"unit": a_unit(NA_TAU).id, "reason": "Bên kia suối"}
        job = start_bulk(officer, act="forward", chosen=chosen, given=given)
        return job.id, [each.code for each in chosen]


def break_on(code: str, error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the step fail for this record, after it was done."""
    permission, act = bulk._ACTS["forward"]

    def fails(actor: Actor, item: BulkItem, given: Any) -> None:
        act(actor, item, given)
        if item.code == code:
            raise error

    monkeypatch.setitem(bulk._ACTS, "forward", (permission, fails))


def states() -> list[str]:
    session().expire_all()
    return list(session().scalars(select(BulkItem.state).order_by(BulkItem.id)))


def moved() -> int:
    there = select(Report.id).where(Report.handling_unit_id == a_unit(NA_TAU).id)
    return len(session().scalars(there).all())


def test_a_row_that_breaks_something_holds_up_no_other(
    officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, codes = three_forwarded(officer)
    break_on(codes[0], RuntimeError("hỏng"), monkeypatch)
    run_bulk(job)
    assert (states(), moved()) == (["refused", "done", "done"], 2)
    refused = session().scalars(select(BulkItem).where(BulkItem.state == "refused")).one()
    assert "hỏng" not in refusal_of(refused) and "Máy chủ gặp lỗi" in refusal_of(refused)


def test_a_job_that_stopped_half_way_goes_on_without_doing_a_row_twice(
    officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, codes = three_forwarded(officer)
    with monkeypatch.context() as away:
        break_on(codes[1], OperationalError("UPDATE", {}, Exception("mất kết nối")), away)
        with pytest.raises(OperationalError):
            run_bulk(job)
    session().rollback()
    assert (states(), moved()) == (["done", "waiting", "waiting"], 1)
    run_bulk(job)
    assert (states(), moved()) == (["done", "done", "done"], 3)


def test_who_may_no_more_has_nothing_done_in_their_name(officer: Actor) -> None:
    job, _codes = three_forwarded(officer)
    with write_unit():
        account = session().scalars(select(Account)).one()
        account.active = False
    run_bulk(job)
    assert (states(), moved()) == (["refused"] * 3, 0)
