"""What a merger finds only while it runs, what it must not strand, and new work before an undo."""

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories.cases import make_case
from tests.factories.clock import FrozenClock
from tests.factories.directory import NA_TAU, a_unit, an_organisation, make_unit
from tests.factories.open_data import an_administrator
from tests.factories.reporting import make_report
from tests.factories.triage import an_officer, opened_case
from tests.reassignment.test_reassignment import actor_now, merge, undo
from webapp.cases.models import Case
from webapp.cases.operations import lock_case
from webapp.core.actor import Actor
from webapp.core.unit_of_work import session, write_unit
from webapp.directory.models import Organisation
from webapp.reassignment import operations
from webapp.reassignment.models import ReassignedRow
from webapp.reassignment.moving import Ways
from webapp.reassignment.queries import batch_file
from webapp.reassignment.snapshots import Snapshot
from webapp.reporting.models import Report
from webapp.reporting.operations import lock_report
from webapp.triage.operations.assessment import assign_case
from webapp.triage.operations.joining import detach_report
from webapp.triage.operations.merging import lock_merged, merge_cases, unmerge_case


@pytest.fixture
def admin(app: Flask, frozen: FrozenClock) -> Actor:
    with write_unit():
        return an_administrator()


def an_officer_there() -> Actor:
    """Of the committee that took the other one in."""
    with write_unit():
        return an_officer(unit=a_unit(NA_TAU), name="Mùa A Dơ")


def test_a_wrong_merge_of_cases_is_parted_after_the_units_became_one(admin: Actor) -> None:
    with write_unit():
        officer = an_officer()
        keeper, merged = opened_case(officer), opened_case(officer)
    with write_unit():
        merge_cases(officer, merged, other_code=keeper.code)
    merge(admin)
    there = an_officer_there()
    with write_unit():
        lock_merged(there, merged.code)
        unmerge_case(there, lock_case(merged.id), reason="Hai đống rác khác nhau")
    front = an_organisation(unit=a_unit(NA_TAU))
    assert (merged.state, merged.owner_id, merged.report_count) == ("received", front.id, 1)


def test_a_report_taken_out_of_a_moved_case_is_dealt_with_where_it_is_now(admin: Actor) -> None:
    with write_unit():
        officer, report = an_officer(), make_report()
        opened_case(officer, report)
    uid = merge(admin)
    assert session().get_one(Report, report.id).handling_unit_id == a_unit(NA_TAU).id
    undo(admin, uid)
    assert session().get_one(Report, report.id).handling_unit_id == a_unit().id
    merge(admin)
    there = an_officer_there()
    with write_unit():
        detach_report(there, lock_report(report.id), reason="Chỗ khác")
    with write_unit():
        again = opened_case(there, lock_report(report.id))
    assert again.owner_id == an_organisation(unit=a_unit(NA_TAU)).id


def test_what_came_to_the_old_committee_while_the_batch_ran_goes_along(
    admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with write_unit():
        make_case("received")
        old = an_organisation()
    late: list[Case] = []
    move_one = operations._move_one

    def meanwhile(row_id: int, by: int | None) -> None:
        if not late:
            with write_unit():
                late.append(make_case("received", owner=session().get_one(Organisation, old.id)))
        move_one(row_id, by)

    monkeypatch.setattr(operations, "_move_one", meanwhile)
    merge(admin)
    there = an_officer_there()
    assert there.person_id is not None
    with write_unit():
        assign_case(there, lock_case(late[0].id), person_id=there.person_id, reason="Việc mới")
    assert late[0].handling_unit_id == a_unit(NA_TAU).id


def test_undo_keeps_a_new_body_that_has_work_of_its_own_by_then(admin: Actor) -> None:
    with write_unit():
        new = make_unit("99100", name="Xã Mường Trời")
        make_case("received")
    admin = actor_now(admin)
    uid = merge(admin, into=new)
    with write_unit():
        body = an_organisation(unit=new)
        make_case("received", unit=new, owner=body)
    undo(admin, uid)
    session().expire_all()
    kept = session().scalars(
        select(ReassignedRow).where(
            ReassignedRow.kind == "organisation", ReassignedRow.row_id == body.id
        )
    )
    assert [row.state for row in kept] == ["kept"]
    assert body.valid_to is None


def test_a_record_that_breaks_something_holds_up_no_other(
    admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with write_unit():
        broken, other = make_case("received"), make_case("received")
    move = operations.move

    def fails(actor: Actor, kind: str, row_id: int, ways: Ways) -> tuple[Snapshot, Snapshot]:
        found = move(actor, kind, row_id, ways)
        if (kind, row_id) == ("case", broken.id):
            raise RuntimeError("hỏng")
        return found

    monkeypatch.setattr(operations, "move", fails)
    uid = merge(admin)
    there = a_unit(NA_TAU).id
    assert [broken.handling_unit_id, other.handling_unit_id] == [a_unit().id, there]
    file = batch_file(admin, uid)
    assert file.batch.state == "done"
    assert file.counts[("case", "refused")] == 1
