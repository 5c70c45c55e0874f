"""The five tables, walked completely against what is written down here by hand from the design.

``-s`` prints how many steps are allowed and how many are forbidden.
"""

import pytest

from tests.architecture.transitions import (
    CASE_ROWS,
    ELSEWHERE,
    INSPECTION_ROWS,
    OUTCOME_ROWS,
    PHOTO_ROWS,
    RECOMMENDATION_ROWS,
    REPORT_ROWS,
    WHO,
    Rows,
)
from webapp.accounts.role_table import roles
from webapp.cases.step_pages import step_page
from webapp.cases.workflow import CASE
from webapp.casework.letter_pages import letter_page
from webapp.casework.workflow import RECOMMENDATION
from webapp.core.errors import NotFound, TransitionRefused
from webapp.core.workflow import Workflow
from webapp.inspections.step_pages import file_page
from webapp.inspections.workflow import FILE
from webapp.media.workflow import PHOTO
from webapp.outcomes.workflow import OUTCOME
from webapp.reporting.workflow import REPORT
from webapp.triage.report_pages import report_page

TABLES: tuple[tuple[Workflow, Rows], ...] = (
    (CASE, CASE_ROWS),
    (REPORT, REPORT_ROWS),
    (RECOMMENDATION, RECOMMENDATION_ROWS),
    (OUTCOME, OUTCOME_ROWS),
    (PHOTO, PHOTO_ROWS),
    (FILE, INSPECTION_ROWS),
)
EACH = pytest.mark.parametrize(("table", "rows"), TABLES, ids=[table.name for table, _ in TABLES])


@EACH
def test_the_names_are_the_designs(table: Workflow, rows: Rows) -> None:
    assert set(table.names()) == set(rows)


@EACH
def test_every_state_and_step(table: Workflow, rows: Rows) -> None:
    allowed = forbidden = 0
    for name, designed in rows.items():
        for state in (None, *table.states):
            if state in designed:
                assert table.transition(name, state).target == designed[state], (name, state)
                allowed += 1
            else:
                with pytest.raises(TransitionRefused):
                    table.transition(name, state)
                forbidden += 1
            assert table.allows(name, state) is (state in designed), (name, state)
    assert allowed + forbidden == len(rows) * (len(table.states) + 1)
    print(f"{table.name}: allowed {allowed}, forbidden {forbidden}, none wrong")


@EACH
def test_every_state_is_reached(table: Workflow, rows: Rows) -> None:
    reached = {target for designed in rows.values() for target in designed.values() if target}
    assert set(table.states) == reached


def test_no_step_leaves_an_ended_case_but_reopening_and_parting() -> None:
    for ended, ways in {
        "closed": {"reopen"},
        "dismissed": {"reopen"},
        "merged": {"unmerge"},
        "handed_over": set(),
    }.items():
        assert {row.name for row in CASE.possible(ended)} == ways


@EACH
def test_who_may(table: Workflow, rows: Rows) -> None:
    for row in table.rows:
        holders = {role.code for role in roles() if role.permissions & set(row.permissions)}
        assert holders == WHO[table.name].get(row.name, frozenset()), row.name


def test_every_step_of_a_case_has_its_page_or_its_reason() -> None:
    without = set()
    for name in CASE.names():
        try:
            step_page(name)
        except NotFound:
            without.add(name)
    assert without == set(ELSEWHERE["case"])


@pytest.mark.parametrize(
    ("table", "find"),
    [(REPORT, report_page), (RECOMMENDATION, letter_page), (FILE, file_page)],
    ids=["report", "recommendation", "inspection"],
)
def test_every_other_step_of_staff_too(table: Workflow, find: object) -> None:
    assert callable(find)
    without = set()
    for name in table.names():
        try:
            find(name)
        except NotFound:
            without.add(name)
    assert without == set(ELSEWHERE[table.name])
