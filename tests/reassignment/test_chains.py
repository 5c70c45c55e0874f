"""Mergers after mergers, and the clocks of what others wait for from a body that ended."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories.cases import make_case
from tests.factories.casework import make_desks
from tests.factories.clock import FrozenClock
from tests.factories.directory import NA_TAU, a_unit, an_organisation, make_unit
from tests.factories.open_data import an_administrator
from tests.factories.triage import an_officer
from tests.reassignment.test_reassignment import a_plan, actor_now, merge, settle, undo
from webapp.audit.operations import Subject
from webapp.cases.operations import lock_case
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import Conflict
from webapp.core.unit_of_work import session, write_unit
from webapp.deadlines.models import Deadline
from webapp.deadlines.operations import start_clock
from webapp.deadlines.queries import clocks_of
from webapp.directory.models import Unit
from webapp.outcomes.models import Outcome, Posting
from webapp.reassignment.models import Reassignment
from webapp.reassignment.operations import start_reassignment
from webapp.reassignment.planning import make_plan, preview
from webapp.triage.operations.assessment import assign_case
from webapp.triage.operations.transfer import propose_transfer


@pytest.fixture
def admin(app: Flask, frozen: FrozenClock) -> Actor:
    with write_unit():
        return an_administrator()


def join(actor: Actor, old: Unit, into: Unit) -> str:
    with write_unit():
        plan = make_plan(
            actor, predecessor_ids=[old.id], successor_id=into.id, effective=date(2026, 3, 2)
        )
        uid = start_reassignment(actor, plan).uid
    settle()
    return uid


def state_of(uid: str) -> str:
    session().expire_all()
    return session().scalars(select(Reassignment.state).where(Reassignment.uid == uid)).one()


def test_mergers_are_taken_back_the_last_first(admin: Actor) -> None:
    with write_unit():
        last = make_unit("99100", name="Xã Mường Trời")
        case = make_case("received")
    admin = actor_now(admin)
    first = merge(admin)  # Mường Phăng into Nà Tấu
    second = join(admin, a_unit(NA_TAU), last)
    with pytest.raises(Conflict, match="Mường Trời"):
        undo(admin, first)
    assert (state_of(first), a_unit().valid_to) == ("done", date(2026, 3, 1))
    assert case.handling_unit_id == last.id
    undo(admin, second)
    undo(admin, first)
    session().expire_all()
    assert (state_of(second), state_of(first)) == ("undone", "undone")
    assert (a_unit().valid_to, a_unit(NA_TAU).valid_to) == (None, None)
    assert case.handling_unit_id == a_unit().id


def test_what_somebody_changed_between_two_mergers_stays_where_the_first_left_it(
    admin: Actor,
) -> None:
    with write_unit():
        last = make_unit("99100", name="Xã Mường Trời")
        case = make_case("received")
    admin = actor_now(admin)
    first = merge(admin)
    with write_unit():
        there = an_officer(unit=a_unit(NA_TAU), name="Mùa A Dơ")
    with write_unit():
        assert there.person_id is not None
        assign_case(there, lock_case(case.id), person_id=there.person_id, reason="Việc mới")
    undo(admin, join(admin, a_unit(NA_TAU), last))
    undo(admin, first)
    session().expire_all()
    assert (a_unit().valid_to, case.handling_unit_id) == (None, a_unit(NA_TAU).id)


def test_who_is_asked_for_a_case_of_others_owes_the_answer_after_the_merger(admin: Actor) -> None:
    with write_unit():
        other = make_desks(a_unit(NA_TAU))
        front = an_organisation(unit=a_unit(NA_TAU))
        case = make_case("received", unit=a_unit(NA_TAU), owner=front)
        third = make_unit("99100", name="Xã Mường Trời")
        an_organisation(unit=a_unit())
        propose_transfer(other.front, case, unit_id=a_unit().id, reason="Bên kia suối")
    admin = actor_now(admin)
    (asked,) = clocks_of(Subject("case", case.id))
    assert asked.owner_id == an_organisation().id
    uid = merge(admin, into=third)
    session().expire_all()
    there = an_organisation(unit=third)
    assert session().get_one(Deadline, asked.id).owner_id == there.id
    undo(admin, uid)
    session().expire_all()
    assert session().get_one(Deadline, asked.id).owner_id == an_organisation().id


def test_what_waits_on_the_notice_board_is_the_successors_to_do(admin: Actor) -> None:
    with write_unit():
        case = make_case("closed")
        outcome = Outcome(case_id=case.id, state="draft", version=1)
        session().add(outcome)
        session().flush()
        posting = Posting(
            outcome_id=outcome.id,
            number=1,
            kind="board",
            place="Nhà văn hóa bản Nà Nhạn",
            done_by="Trưởng bản",
            posted_from=date(2026, 3, 2),
            until=date(2026, 3, 31),
            recorded_by_id=admin.person_id or 0,
            recorded_at=clock.now(),
        )
        session().add(posting)
        session().flush()
        start_clock("reopen_window", Subject("case", case.id), owner_id=case.owner_id)
        to_post = start_clock("post_result", Subject("outcome", outcome.id), owner_id=case.owner_id)
        hangs = start_clock("posting_board", Subject("posting", posting.id), owner_id=case.owner_id)
        told = preview(a_plan(admin)).deadlines
    uid = merge(admin)
    session().expire_all()
    there = an_organisation(unit=a_unit(NA_TAU)).id
    assert told == 3
    assert [case.owner_id, to_post.owner_id, hangs.owner_id] == [there] * 3
    undo(admin, uid)
    session().expire_all()
    assert [case.owner_id, to_post.owner_id, hangs.owner_id] == [an_organisation().id] * 3
