"""The shipped clock rules and which of them applies."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from webapp.cases.categories import category
from webapp.cases.workflow import CASE, SEVERITIES
from webapp.casework.workflow import RECOMMENDATION
from webapp.core.data_files import DataFileError, Row
from webapp.deadlines import rule_table
from webapp.deadlines.rule_table import RuleRow, Subject, clock_rules, pick_rule
from webapp.inspections.workflow import FILE
from webapp.reporting.workflow import REPORT

TODAY = date(2026, 8, 3)


def picked(key: str, subject: Subject, on: date = TODAY) -> RuleRow:
    rule = pick_rule(clock_rules(), key, subject, on=on)
    assert rule is not None
    return rule


def test_every_step_of_the_main_loop_has_a_rule() -> None:
    assert {rule.key for rule in clock_rules()} >= {
        "triage_first_look", "needs_info_answer", "verification_task", "front_reco_reply",
        "front_reco_reply_complex", "accept", "conclude", "remedy", "confirmation_window",
        "reconsider_window", "transfer_take", "raise_take", "urgent_unopened",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("key", "amount"),
    [("needs_info_answer", 5), ("front_reco_reply", 15), ("front_reco_reply_complex", 30)],
)
def test_agreed_numbers(key: str, amount: int) -> None:
    rule = picked(key, Subject("air"))
    assert (rule.amount, rule.unit) == (amount, "working_days")


def test_a_setting_cites_no_law_and_a_law_is_no_setting() -> None:
    for rule in clock_rules():
        assert ("Luật" in rule.source or "Điều" in rule.source) is not rule.is_setting, rule.key


def test_categories_in_rules_exist() -> None:
    named = {rule.category for rule in clock_rules() if rule.category}
    assert named
    assert {category(code).code for code in named} == named


def test_events_and_severities_are_those_of_the_workflow_tables() -> None:
    known = {
        f"{table.name}.{row.name}"
        for table in (REPORT, CASE, RECOMMENDATION, FILE)
        for row in table.rows
    }
    known |= {"report.opened", "report.reprisal_opened", "outcome.publish"}
    known |= {"outcome.shown", "outcome.retract"}
    known |= {f"posting.{each}" for each in ("start", "board", "loudspeaker", "end")}
    for rule in clock_rules():
        assert {*rule.start_events, *rule.stop_events} <= known, rule.key
        assert rule.severity in ("", *SEVERITIES), rule.key


def test_urgent_matters_run_in_hours() -> None:
    assert {rule.unit for rule in clock_rules() if "urgent" in rule.key} == {"hours"}
    assert picked("triage_first_look", Subject("air")).unit == "working_days"


def test_the_filter_on_a_category_covers_its_sub_categories_only() -> None:
    assert picked("local_action", Subject("waste_collection.overflow")).amount == 3
    assert picked("local_action", Subject("waste_collection")).amount == 3
    assert picked("local_action", Subject("waste_collectionx")).amount == 7


def test_level_and_severity_choose() -> None:
    assert picked("conclude", Subject("air", level="commune")).amount == 15
    assert picked("conclude", Subject("air", level="province")).amount == 30
    assert picked("raise_take", Subject("air", severity="grave")).unit == "hours"


def test_no_rule_before_its_first_day_or_for_an_unknown_key() -> None:
    assert pick_rule(clock_rules(), "accept", Subject("air"), on=date(2023, 12, 31)) is None
    assert pick_rule(clock_rules(), "acept", Subject("air"), on=TODAY) is None


def test_the_later_of_two_rules_wins_from_its_day_on() -> None:
    old = picked("accept", Subject("air"))
    new = replace(old, amount=5, valid_from=TODAY)
    assert pick_rule((new, old), "accept", Subject("air"), on=TODAY) == new
    assert pick_rule((new, old), "accept", Subject("air"), on=date(2026, 8, 2)) == old


def test_an_ended_rule_is_not_taken_after_its_last_day() -> None:
    ended = replace(picked("accept", Subject("air")), valid_to=date(2026, 8, 2))
    assert pick_rule((ended,), "accept", Subject("air"), on=date(2026, 8, 2)) == ended
    assert pick_rule((ended,), "accept", Subject("air"), on=TODAY) is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"unit": "weeks"}, "unknown unit"),
        ({"due_soon": 9}, "longer than the limit"),
        ({"stop": []}, "start and stop"),
        ({"valid_from": ""}, "valid_from"),
        ({"valid_to": date(2025, 1, 1)}, "before valid_from"),
        ({"amonut": 3}, "unknown amonut"),
    ],
)
def test_unsound_rows_are_refused(change: dict[str, Any], message: str) -> None:
    cells = {
        "key": "accept", "vi": "Nhận", "en": "Accept", "amount": 3, "unit": "hours", "due_soon": 1,
        "start": ["case.escalate"], "stop": ["case.accept"], "valid_from": date(2025, 7, 1),
        "source": "theo cài đặt của tỉnh", "setting": True,
    }  # fmt: skip
    with pytest.raises(DataFileError, match=message):
        rule_table._rule(Row("rules.toml, rule 1", {**cells, **change}))
