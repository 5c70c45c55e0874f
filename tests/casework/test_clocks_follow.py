"""A clock follows what its case is now, and stays one clock: nothing ended, nobody kept a day."""

from collections.abc import Callable
from datetime import date

import pytest

from tests.factories.cases import make_case
from tests.factories.casework import Desks, make_letter
from tests.factories.clock import FrozenClock
from tests.factories.directory import DIEN_BIEN, a_unit, an_organisation
from tests.factories.triage import a_task
from webapp.cases.categories import category, category_codes
from webapp.cases.clocks import subject_of
from webapp.cases.models import Case
from webapp.casework.operations.raising import propose_raise
from webapp.core.unit_of_work import session
from webapp.core.working_days import end_of_day
from webapp.deadlines.models import ClockRule, Deadline
from webapp.deadlines.queries import clocks_of
from webapp.triage.operations.assessment import Amendment, amend_case, recategorise_case
from webapp.triage.operations.local_action import act_locally

Rewrite = Callable[[Desks, Case], None]


def clocks(case: Case) -> list[Deadline]:
    return clocks_of(subject_of(case))


def graver(desks: Desks, case: Case) -> None:
    amendment = Amendment(severity="grave")
    amend_case(desks.front, case, amendment=amendment, reason="Nghiêm trọng hơn")


def urgent(desks: Desks, case: Case) -> None:
    recategorise_case(desks.front, case, category_code="water.fish_kill", reason="Cá chết")


@pytest.mark.parametrize(("rewrite", "key"), [(graver, "accept"), (urgent, "accept_urgent")])
def test_it_stays_one_clock(desks: Desks, rewrite: Rewrite, key: str) -> None:
    case = make_letter(desks, "issued").case
    (before,) = clocks(case)
    started = before.started_at
    rewrite(desks, case)
    (after,) = clocks(case)
    assert (after.rule.key, after.started_at, after.stopped_at) == (key, started, None)
    assert case.due_at == after.due_at


def test_a_rule_that_changed_today_does_not_change_what_runs(desks: Desks) -> None:
    case = make_letter(desks, "issued").case
    (running,) = clocks(case)
    due_at, rule = running.due_at, running.rule
    session().add(
        ClockRule(
            key=rule.key, amount=9, unit=rule.unit, due_soon=1,
            valid_from=date(2026, 3, 2), source="theo quy chế phối hợp của tỉnh",
        )
    )  # fmt: skip
    session().flush()
    graver(desks, case)
    assert clocks(case)[0].due_at == due_at


def test_what_became_grave_is_counted_from_its_own_start(desks: Desks, frozen: FrozenClock) -> None:
    case = make_letter(desks, "issued").case
    case.overdue = True
    propose_raise(desks.front, case, ground="contested", reason="Bà con không đồng tình.")
    frozen.forward(hours=30)
    graver(desks, case)
    (raised,) = (each for each in clocks(case) if each.rule.key == "raise_take")
    assert (raised.rule.amount, raised.rule.unit) == (24, "hours")
    assert case.due_at == raised.due_at and case.overdue


def test_the_day_an_officer_chose_stays(desks: Desks) -> None:
    case = make_case("assessed")
    chosen = date(2026, 5, 5)
    act_locally(desks.front, case, task=a_task(due_on=chosen))
    recategorise_case(
        desks.front, case, category_code="waste_collection.missed_pickup", reason="Rác dân sinh"
    )
    (running,) = clocks(case)
    assert (running.rule.amount, running.due_at) == (3, end_of_day(chosen))


def test_a_matter_that_went_to_the_province_by_its_category_is_the_provinces_to_do(
    desks: Desks,
) -> None:
    code = next(
        each for each in category_codes() if category(each).starts_at_province
        and category(each).parent is not None and category(each).urgency != "urgent"
    )  # fmt: skip
    case = make_case("assessed")
    act_locally(desks.front, case, task=a_task(due_on=date(2026, 5, 5)))
    recategorise_case(desks.front, case, category_code=code, reason="Nhà máy xả thải")
    there = an_organisation(unit=a_unit(DIEN_BIEN)).id
    assert [case.owner_id, *(each.owner_id for each in clocks(case))] == [there, there]
