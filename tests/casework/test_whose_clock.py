"""A clock counts for whoever owes what it waits for, and that body is told when it comes near."""

import pytest
from sqlalchemy import delete, select

from tests.factories.accounts import make_person
from tests.factories.cases import make_case
from tests.factories.casework import ANSWER, Desks, accepted_case, make_letter
from tests.factories.clock import FrozenClock
from tests.factories.directory import NA_TAU, a_unit, an_organisation
from webapp.accounts.models import Assignment
from webapp.cases.clocks import subject_of
from webapp.cases.models import Case
from webapp.casework import messages
from webapp.casework.operations import office, raising
from webapp.casework.operations.answering import answer_recommendation
from webapp.casework.operations.moves import subject_of as subject_of_letter
from webapp.core import clock
from webapp.core.unit_of_work import session, write_unit
from webapp.deadlines.operations import tell_deadlines
from webapp.deadlines.queries import clocks_of, load_by_owner
from webapp.directory.models import Organisation
from webapp.notifications.models import Notice
from webapp.triage.operations import transfer
from webapp.triage.operations.stepping_aside import step_aside_from_case


def owners(case: Case) -> dict[str, int | None]:
    """Who owes what, of the clocks that run for a case."""
    running = (each for each in clocks_of(subject_of(case)) if each.stopped_at is None)
    return {each.rule.key: each.owner_id for each in running}


def province_front(case: Case) -> Organisation:
    return an_organisation(unit=case.handling_unit.parent)


def test_the_province_owes_the_answer_to_a_raise_the_office_its_conclusion(desks: Desks) -> None:
    case = accepted_case(desks)
    raising.propose_raise(desks.front, case, ground="overdue", reason="Quá hạn.")
    province = province_front(case)
    assert owners(case) == {"raise_take": province.id, "conclude": case.office_id}
    (load,) = load_by_owner(select(Organisation.id).where(Organisation.id == province.id))
    assert load.running == 1
    raising.return_raise(desks.province, case, reason="Xã còn làm được.")
    assert owners(case) == {"conclude": case.office_id}
    assert load_by_owner(select(Organisation.id).where(Organisation.id == province.id)) == []


def test_the_asked_committee_owes_the_answer_to_a_transfer(desks: Desks) -> None:
    there = a_unit(NA_TAU)
    theirs = an_organisation(unit=there)
    _account, taker = make_person("front_commune", unit=there, organisation=theirs)
    case = make_case("received")
    transfer.propose_transfer(desks.front, case, unit_id=there.id, reason="Điểm ở bên kia suối.")
    assert owners(case) == {"transfer_take": theirs.id}
    transfer.transfer_case(taker, case)
    assert (owners(case), case.owner_id) == ({}, theirs.id)


def test_the_front_owes_the_letter_and_the_page_of_what_the_office_does(desks: Desks) -> None:
    case = make_case("received", urgent=True)
    today = clock.today_local()
    office.accept_urgent_case(desks.office, case, handler="Quàng Văn Sín", planned_on=today)
    assert owners(case) == {"regularise": case.owner_id, "conclude": case.office_id}


def test_a_case_that_went_to_the_province_takes_along_what_the_front_owes(desks: Desks) -> None:
    letter = make_letter(desks, "delivered")
    case = letter.case
    answer_recommendation(
        desks.office, letter, answer=ANSWER, document=None, answered_on=clock.today_local()
    )
    raising.propose_raise(desks.front, case, ground="unsatisfactory", reason="Chưa trả lời đủ.")
    raising.raise_case(desks.province, case)
    (view,) = (each for each in clocks_of(subject_of_letter(letter)) if each.stopped_at is None)
    assert view.owner_id == case.owner_id == province_front(case).id


def test_stepping_aside_takes_no_work_from_the_office(desks: Desks) -> None:
    case = accepted_case(desks)
    session().execute(delete(Assignment).where(Assignment.person_id == desks.signer.person_id))
    step_aside_from_case(desks.front, case, person_id=None, reason="Nhà em trai tôi")
    assert case.owner_id == province_front(case).id
    assert owners(case) == {"conclude": case.office_id}


@pytest.mark.parametrize(
    ("days", "message"), [(3, messages.CASE_DUE_SOON), (9, messages.CASE_OVERDUE)]
)
def test_who_is_asked_learns_that_the_time_to_answer_ends(
    committed: Desks, frozen: FrozenClock, days: int, message: str
) -> None:
    with write_unit():
        case = accepted_case(committed)
        raising.propose_raise(committed.front, case, ground="overdue", reason="Quá hạn.")
        province, front = province_front(case).id, case.owner_id
    frozen.forward(days=days)
    tell_deadlines()
    told = session().scalars(select(Notice.organisation_id).where(Notice.message == message))
    assert set(told) == {province, front}
