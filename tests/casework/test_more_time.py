"""A day that a person chose is that day everywhere; more time is for the clock it was asked on."""

from datetime import date, timedelta

import pytest

from tests.factories.cases import make_case
from tests.factories.casework import Desks, accepted_case, make_letter
from tests.factories.triage import a_task
from webapp.cases.clocks import subject_of
from webapp.cases.models import Case
from webapp.cases.public_queries import public_case
from webapp.casework.operations import extending, office
from webapp.casework.operations.answering import answer_recommendation
from webapp.casework.operations.issuing import issue_recommendation
from webapp.casework.operations.moves import subject_of as subject_of_letter
from webapp.casework.queries import pending_proposal
from webapp.core import clock
from webapp.core.errors import Invalid, TransitionRefused
from webapp.deadlines.queries import clocks_of
from webapp.digest.queries import morning_of
from webapp.triage.operations.assessment import recategorise_case
from webapp.triage.operations.local_action import act_locally

ASKED = date(2026, 5, 20)


def due_days(case: Case) -> dict[str, date]:
    """The local days of the clocks that run."""
    return {
        each.rule.key: clock.local(each.due_at).date()
        for each in clocks_of(subject_of(case))
        if each.stopped_at is None
    }


def test_the_day_an_officer_chose_is_the_day_that_is_shown(desks: Desks) -> None:
    case = make_case("assessed", public=True)
    act_locally(desks.front, case, task=a_task(due_on=date(2026, 3, 10)))
    assert due_days(case) == {"local_action": date(2026, 3, 10)}
    assert public_case(case.code).due_day == date(2026, 3, 10)
    with pytest.raises(Invalid):
        extending.propose_extension(desks.front, case, reason="Mưa", due_on=date(2026, 3, 10))
    extending.propose_extension(desks.front, case, reason="Mưa", due_on=date(2026, 3, 11))
    extending.extend_case(desks.signer, case)
    assert due_days(case) == {"local_action": date(2026, 3, 11)}


def test_what_is_due_today_by_choice_is_in_the_morning_mail(desks: Desks) -> None:
    case = make_case("assessed")
    act_locally(desks.front, case, task=a_task(due_on=clock.today_local()))
    assert morning_of(desks.front, clock.now()).due_cases == 1


def test_a_letter_delivered_on_its_day_keeps_the_day_it_says(desks: Desks) -> None:
    signed = make_letter(desks, "signed")
    printed = signed.due_on
    letter = make_letter(desks, "delivered", number="6")
    (running,) = (each for each in clocks_of(subject_of_letter(letter)) if not each.stopped_at)
    assert letter.due_on == printed == clock.local(running.due_at).date()


def test_no_letter_is_older_than_the_matter(desks: Desks) -> None:
    """A wrong year would let the office be late from the first day, for everybody to read."""
    letter = make_letter(desks, "signed")
    first = clock.local(letter.case.first_reported_at).date()
    with pytest.raises(Invalid) as caught:
        issue_recommendation(desks.front, letter, number="7", issued_on=first - timedelta(days=1))
    assert set(caught.value.fields) == {"issued_on"}
    assert (letter.state, letter.document.number) == ("signed", None)
    issue_recommendation(desks.front, letter, number="7", issued_on=first)
    assert letter.state == "issued"


def test_no_answer_is_older_than_its_letter(desks: Desks) -> None:
    letter = make_letter(desks, "delivered")
    with pytest.raises(Invalid) as caught:
        answer_recommendation(
            desks.office,
            letter,
            answer="Đã xử lý.",
            document=None,
            answered_on=clock.today_local() - timedelta(days=1),
        )
    assert set(caught.value.fields) == {"answered_on"}
    assert letter.state == "delivered"


def test_more_time_asked_for_one_clock_is_not_given_to_the_next(desks: Desks) -> None:
    case = make_case("assessed")
    make_letter(desks, "issued", case=case)
    extending.propose_extension(desks.office, case, reason="Mưa lũ.", due_on=ASKED)
    office.accept_case(desks.office, case, handler="Sín", planned_on=date(2026, 3, 20))
    before = due_days(case)
    assert pending_proposal(case.id, "extend") is None
    with pytest.raises(TransitionRefused):
        extending.extend_case(desks.signer, case)
    assert due_days(case) == before
    assert ASKED not in before.values()


def test_more_time_is_still_asked_for_where_the_clock_goes_on(desks: Desks) -> None:
    case = accepted_case(desks)
    extending.propose_extension(desks.office, case, reason="Mưa lũ.", due_on=ASKED)
    office.start_inspection(
        desks.office, case, form="examination", team="Ông Sín", on_date=clock.today_local()
    )
    recategorise_case(desks.front, case, category_code="dumping.river_dump", reason="Ven suối")
    assert pending_proposal(case.id, "extend") is not None
    extending.extend_case(desks.signer, case)
    assert due_days(case)["conclude"] == ASKED
