"""A clock that was called off is nobody's answer, and nobody is late with it."""

from datetime import date

from sqlalchemy import select

from tests.casework.test_answer_days import YEAR, counted
from tests.factories.cases import make_case
from tests.factories.casework import Desks, accepted_case, make_letter
from tests.factories.clock import FrozenClock
from tests.factories.directory import an_organisation
from webapp.cases.clocks import subject_of
from webapp.cases.models import Case
from webapp.casework.hearing import figures_of
from webapp.casework.operations.front import hand_over_case
from webapp.casework.operations.office import accept_urgent_case
from webapp.casework.queries import recommendations_of
from webapp.core.unit_of_work import session
from webapp.deadlines.queries import clocks_of
from webapp.triage.models import SiteCheck
from webapp.triage.operations.verification import request_verification


def running(case: Case) -> set[str]:
    return {each.rule.key for each in clocks_of(subject_of(case)) if each.stopped_at is None}


def checks_of(case: Case) -> list[SiteCheck]:
    return list(session().scalars(select(SiteCheck).where(SiteCheck.case_id == case.id)))


def test_a_letter_of_a_case_that_was_handed_over_was_not_answered(desks: Desks) -> None:
    case = accepted_case(desks)
    (letter,) = recommendations_of(case.id)
    hand_over_case(desks.front, case, body="police", reason="Có dấu hiệu tội phạm.")
    assert letter.answered_on is None
    assert set(counted(desks, letter).values()) == {(0, 0)}


def test_nobody_is_late_with_a_letter_that_did_not_arrive_or_was_handed_over(
    desks: Desks, frozen: FrozenClock
) -> None:
    undelivered = make_letter(desks, "issued")
    handed = make_letter(desks, "delivered", number="6")
    late = make_letter(desks, "delivered", number="7")
    hand_over_case(desks.front, handed.case, body="police", reason="Có dấu hiệu tội phạm.")
    frozen.forward(days=60)
    figures = figures_of(an_organisation(), (YEAR.first, YEAR.last), [undelivered, handed, late])
    assert figures.waiting_late == 1


def test_a_site_check_called_off_by_the_office_has_no_clock(
    desks: Desks, frozen: FrozenClock
) -> None:
    case = make_case("received", category="water.fish_kill", urgent=True)
    request_verification(
        desks.front,
        case,
        organisation_id=None,
        due_on=date(2026, 3, 4),
        question="Cá chết từ khi nào?",
    )
    frozen.forward(days=3)  # nobody went by then
    accept_urgent_case(desks.office, case, handler="Quàng Văn Sín", planned_on=date(2026, 3, 20))
    assert running(case) == {"regularise", "conclude"}
    assert case.due_at is not None and not case.overdue
    assert [each.state for each in checks_of(case)] == ["cancelled"]
