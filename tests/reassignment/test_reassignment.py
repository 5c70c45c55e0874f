"""A unit merger moves open work, roles and inboxes, says what it did, and finds its way back."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from geo.points import Point
from tests.factories.accounts import actor_with, make_person
from tests.factories.cases import AT_NA_TAU, make_case
from tests.factories.casework import Desks, make_desks, make_letter
from tests.factories.clock import FrozenClock
from tests.factories.directory import (
    DIEN_BIEN,
    MUONG_PHANG,
    NA_TAU,
    THAI_NGUYEN,
    a_unit,
    an_organisation,
    make_unit,
)
from tests.factories.open_data import an_administrator
from tests.factories.reporting import make_report, send
from tests.factories.triage import opened_case
from webapp import reference
from webapp.accounts.models import Account, Assignment
from webapp.accounts.queries import actor_of
from webapp.audit.models import AuditEntry
from webapp.cases import counts
from webapp.cases.models import Case, TimelineLine
from webapp.cases.operations import lock_case
from webapp.cases.queries import case_file
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from webapp.core.unit_of_work import session, write_unit
from webapp.deadlines.models import Deadline
from webapp.directory.models import FocalPoint, Organisation, Unit, UnitArea, UnitSuccession
from webapp.directory.queries import organisation_of, search_units, unit_at
from webapp.directory.validity import valid_on
from webapp.reassignment.models import ReassignedRow, Reassignment
from webapp.reassignment.operations import (
    cancel_reassignment,
    run_reassignment,
    start_reassignment,
    undo_moves,
    undo_reassignment,
)
from webapp.reassignment.planning import Plan, make_plan, preview
from webapp.reassignment.queries import batch_file, changed_since
from webapp.reporting.models import Report, ReportLine
from webapp.triage.operations.assessment import assign_case

TODAY = date(2026, 3, 2)
Row = tuple[object, ...]


@pytest.fixture
def admin(app: Flask, frozen: FrozenClock) -> Actor:
    with write_unit():
        return an_administrator()


def a_plan(actor: Actor, *, into: Unit | None = None, on: date = TODAY) -> Plan:
    into = into or a_unit(NA_TAU)
    return make_plan(actor, predecessor_ids=[a_unit().id], successor_id=into.id, effective=on)


def merge(actor: Actor, **how: object) -> str:
    with write_unit():
        uid = start_reassignment(actor, a_plan(actor, **how)).uid  # type: ignore[arg-type]
    settle()
    return uid


def settle() -> None:
    """What the worker does for batches; notices and letters of the record are not looked at."""
    for batch_id, state in session().execute(select(Reassignment.id, Reassignment.state)).all():
        task = undo_moves if state == "undoing" else run_reassignment
        for _times in range(4):
            task(batch_id)


def undo(actor: Actor, uid: str) -> None:
    with write_unit():
        undo_reassignment(actor, uid)
    settle()


def a_desk_at_work() -> tuple[Desks, Case, Report]:
    """Work in every stage: a case at the office with its letter and clocks, a report waiting."""
    with write_unit():
        desks = make_desks()
        case = make_letter(desks, "delivered").case
        opened_case(desks.front)
        report = make_report()
    return desks, case, report


def standing() -> list[list[Row]]:
    """Everything that a merger may touch, as it stands; versions and histories aside."""
    session().rollback()
    columns: tuple[tuple[object, ...], ...] = (
        (Case.id, Case.handling_unit_id, Case.owner_id, Case.office_id, Case.addressee_id,
         Case.search_text, Case.due_at, Case.overdue, Case.state),
        (Report.id, Report.handling_unit_id, Report.due_at, Report.state),
        (Deadline.id, Deadline.owner_id, Deadline.due_at, Deadline.stopped_at),
        (Unit.id, Unit.valid_to),
        (UnitSuccession.old_id, UnitSuccession.new_id),
        (Organisation.id, Organisation.unit_id, Organisation.successor_id, Organisation.valid_to),
    )  # fmt: skip
    return [
        [tuple(row) for row in session().execute(select(*each).order_by(each[0]))]  # type: ignore[call-overload]
        for each in columns
    ]


def in_force() -> set[Row]:
    """Roles and inboxes of today."""
    roles = select(Assignment.person_id, Assignment.role_id, Assignment.organisation_id).where(
        valid_on(Assignment, TODAY)
    )
    boxes = select(FocalPoint.name, FocalPoint.email, FocalPoint.organisation_id).where(
        valid_on(FocalPoint, TODAY)
    )
    return {tuple(row) for query in (roles, boxes) for row in session().execute(query)}


def actor_now(actor: Actor) -> Actor:
    account = session().scalars(select(Account).where(Account.person_id == actor.person_id)).one()
    return actor_of(account, clock.today_local())


def test_open_work_goes_to_the_successor_with_its_history(admin: Actor) -> None:
    desks, case, report = a_desk_at_work()
    uid = merge(admin)
    new, front = a_unit(NA_TAU), an_organisation(unit=a_unit(NA_TAU))
    office = an_organisation("env_office", unit=new)
    session().expire_all()
    assert (case.handling_unit_id, case.owner_id, case.office_id) == (new.id, front.id, office.id)
    line = (
        session()
        .scalars(
            select(TimelineLine)
            .where(TimelineLine.case_id == case.id)
            .order_by(TimelineLine.id.desc())
        )
        .first()
    )
    assert line is not None and line.transition == "move_unit"
    assert line.public_line == ("Sắp xếp đơn vị hành chính: từ Xã Mường Phăng chuyển về Xã Nà Tấu.")
    assert report.handling_unit_id == new.id
    told = session().scalars(select(ReportLine.words).where(ReportLine.transition == "move_unit"))
    assert list(told) == [line.public_line]
    audited = select(func.count()).where(
        AuditEntry.action.in_(("case.move_unit", "report.move_unit"))
    )
    assert session().scalar(audited) == 3
    assert batch_file(admin, uid).batch.state == "done"
    # Whoever worked there works on: same person, same record, at the successor's.
    assert case_file(actor_now(desks.front), case.code).sight == "front"
    assert case_file(actor_now(desks.office), case.code).sight == "office"


def test_clocks_run_on_for_the_new_owner(admin: Actor) -> None:
    a_desk_at_work()
    due = dict(session().execute(select(Deadline.id, Deadline.due_at)).all())
    merge(admin)
    owners = set(session().scalars(select(Deadline.owner_id).where(Deadline.stopped_at.is_(None))))
    units = select(Organisation.unit_id).where(Organisation.id.in_(owners))
    assert set(session().scalars(units)) == {a_unit(NA_TAU).id}
    assert dict(session().execute(select(Deadline.id, Deadline.due_at)).all()) == due


def test_undo_restores_exactly(admin: Actor) -> None:
    a_desk_at_work()
    before, roles = standing(), in_force()
    areas = dict(session().execute(select(UnitArea.unit_id, func.ST_Area(UnitArea.geom))).all())
    uid = merge(admin)
    assert standing() != before
    undo(admin, uid)
    assert standing() == before
    assert in_force() == roles
    after = dict(session().execute(select(UnitArea.unit_id, func.ST_Area(UnitArea.geom))).all())
    assert after == areas
    file = batch_file(admin, uid)
    assert file.batch.state == "undone" and {state for _kind, state in file.counts} == {"restored"}
    assert organisation_of(a_unit().id, "front", TODAY) is not None
    assert (
        session().scalar(select(UnitSuccession.id).where(UnitSuccession.old_id == a_unit().id))
        is None
    )


def test_what_somebody_changed_stays_and_says_so(admin: Actor, frozen: FrozenClock) -> None:
    desks, case, report = a_desk_at_work()
    uid = merge(admin)
    with write_unit():
        front = actor_now(desks.front)
        assign_case(front, lock_case(case.id), person_id=front.person_id, reason="Theo địa bàn.")
    assert [row.label for row in changed_since(batch_file(admin, uid))] == [case.code]
    undo(admin, uid)
    session().expire_all()
    assert (case.handling_unit_id, report.handling_unit_id) == (a_unit(NA_TAU).id, a_unit().id)
    kept = [row for row in batch_file(admin, uid).rows if row.state == "kept"]
    assert case.code in {row.label for row in kept}
    # The people who have it now go on having it.
    assert case_file(actor_now(desks.front), case.code).case.owner_id == case.owner_id
    assert actor_now(desks.front).grants[0].organisation_id in {
        an_organisation().id, case.owner_id,
    }  # fmt: skip


def test_counts_stay_exact(admin: Actor) -> None:
    a_desk_at_work()
    with write_unit():
        for state in ("received", "assessed", "closed"):
            make_case(state, overdue=state == "assessed")
        counts.fold()
    uid = merge(admin)
    with write_unit():
        assert counts.rebuild() == 0
    undo(admin, uid)
    with write_unit():
        assert counts.rebuild() == 0


def test_a_new_unit_gets_its_bodies_and_the_ground(admin: Actor) -> None:
    a_desk_at_work()
    with write_unit():
        new = make_unit("99100", name="Xã Mường Trời")
    admin = actor_now(admin)
    uid = merge(admin, into=new)
    names = {
        each.kind: each.name
        for each in session().scalars(select(Organisation).where(Organisation.unit_id == new.id))
    }
    assert names["front"] == "Ủy ban MTTQ Việt Nam xã Mường Trời"
    assert {"peoples_committee", "env_office", "group"} <= set(names)
    found = unit_at(AT_NA_TAU, TODAY)
    here = a_unit()
    assert here.lon is not None and here.lat is not None
    inside = unit_at(Point(here.lon, here.lat), TODAY)
    assert inside is not None and inside.unit.id == new.id
    assert found is not None and found.unit.id != here.id
    undo(admin, uid)
    again = unit_at(Point(here.lon, here.lat), TODAY)
    assert again is not None and again.unit.id == here.id
    assert organisation_of(new.id, "front", TODAY) is None


def test_old_names_find_the_new_unit_however_many_mergers_ago(admin: Actor) -> None:
    old = (
        session()
        .scalars(
            select(Unit.name)
            .join(UnitSuccession, UnitSuccession.old_id == Unit.id)
            .where(UnitSuccession.new_id == a_unit().id)
        )
        .first()
    )
    assert old is not None
    merge(admin)
    assert a_unit(NA_TAU).id in [unit.id for unit in search_units(old, TODAY)]
    assert a_unit(NA_TAU).id in [unit.id for unit in search_units("Mường Phăng", TODAY)]
    # The shipped list, read again at the next upgrade, brings nothing back.
    bodies = session().scalar(select(func.count(Organisation.id)))
    with write_unit():
        reference.load()
    assert session().scalar(select(func.count(Organisation.id))) == bodies
    assert a_unit().valid_to == TODAY - timedelta(days=1)


def test_the_preview_counts_what_then_moves(admin: Actor) -> None:
    a_desk_at_work()
    seen = preview(a_plan(admin))
    rows = len(standing()[3])
    assert (seen.cases, seen.reports) == (2, 1)
    assert seen.deadlines >= 3 and len(seen.assignments) >= 4
    assert {each.by.unit_id for each in seen.organisations if each.by} == {a_unit(NA_TAU).id}
    assert session().scalar(select(func.count(ReassignedRow.id))) == 0
    uid = merge(admin)
    file = batch_file(admin, uid)
    assert (file.counts[("case", "moved")], file.counts[("report", "moved")]) == (2, 1)
    assert len(standing()[3]) == rows


def test_a_day_ahead_waits_and_can_be_given_up(admin: Actor, frozen: FrozenClock) -> None:
    a_desk_at_work()
    uid = merge(admin, on=TODAY + timedelta(days=3))
    assert batch_file(admin, uid).batch.state == "planned"
    with pytest.raises(Invalid):
        a_plan(admin)  # one unfinished batch at a time
    with write_unit():
        cancel_reassignment(admin, uid)
    with write_unit(), pytest.raises(Conflict):
        cancel_reassignment(admin, uid)
    later = merge(admin, on=TODAY + timedelta(days=3))
    frozen.forward(days=3)
    settle()
    assert batch_file(admin, later).batch.state == "done"
    assert a_unit().valid_to == TODAY + timedelta(days=2)


def test_running_twice_moves_nothing_twice(admin: Actor) -> None:
    a_desk_at_work()
    uid = merge(admin)
    batch = session().scalars(select(Reassignment).where(Reassignment.uid == uid)).one()
    lines = session().scalar(select(func.count(TimelineLine.id)))
    run_reassignment(batch.id)
    assert session().scalar(select(func.count(TimelineLine.id))) == lines


def test_a_right_lost_meanwhile_moves_nothing_more(admin: Actor) -> None:
    a_desk_at_work()
    with write_unit():
        uid = start_reassignment(admin, a_plan(admin)).uid
        for role in session().scalars(
            select(Assignment).where(Assignment.person_id == admin.person_id)
        ):
            role.valid_to = TODAY - timedelta(days=1)
    settle()
    assert session().scalars(select(Reassignment)).one().state == "cancelled", uid
    assert a_unit().valid_to is None


@pytest.mark.parametrize(
    ("ends", "into", "on", "field"),
    [
        ((MUONG_PHANG,), MUONG_PHANG, TODAY, "predecessors"),
        ((), NA_TAU, TODAY, "predecessors"),
        ((MUONG_PHANG,), "01840", TODAY, "successor"),
        ((MUONG_PHANG,), NA_TAU, date(2020, 1, 1), "effective"),
        ((MUONG_PHANG,), NA_TAU, None, "effective"),
        ((DIEN_BIEN,), NA_TAU, TODAY, "predecessors"),
    ],
)
def test_what_cannot_be_is_refused_by_field(
    admin: Actor, ends: tuple[str, ...], into: str, on: date | None, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        make_plan(
            admin,
            predecessor_ids=[a_unit(code).id for code in ends],
            successor_id=a_unit(into).id,
            effective=on,
        )
    assert set(refused.value.fields) == {field}


def test_only_an_administrator_of_the_units_may(admin: Actor) -> None:
    for other in (
        actor_with("front_province", a_unit(DIEN_BIEN)),
        actor_with("front_commune", a_unit()),
    ):
        with pytest.raises(Forbidden):
            a_plan(other)
    uid = merge(admin)
    with write_unit():
        platform = an_organisation("platform", unit=a_unit(THAI_NGUYEN))
        stranger = make_person("admin", unit=a_unit(THAI_NGUYEN), organisation=platform)[1]
    with pytest.raises(NotFound):
        batch_file(stranger, uid)
    with write_unit(), pytest.raises(NotFound):
        undo_reassignment(stranger, uid)


def test_a_report_sent_afterwards_finds_the_new_unit(admin: Actor) -> None:
    merge(admin)
    receipt = send()
    assert receipt.report.handling_unit_id == a_unit(NA_TAU).id
