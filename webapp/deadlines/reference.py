"""The shipped clock rules as rows."""

from sqlalchemy import select

from webapp.core.unit_of_work import session
from webapp.deadlines.models import ClockRule
from webapp.deadlines.rule_table import RuleRow, clock_rules


def load_rules() -> None:
    """Insert the shipped rules that are not there yet; rows that a province edited stay."""
    identities = select(
        ClockRule.key,
        ClockRule.category,
        ClockRule.severity,
        ClockRule.level,
        ClockRule.valid_from,
    )
    present = {tuple(row) for row in session().execute(identities)}
    for rule in clock_rules():
        if (rule.key, rule.category, rule.severity, rule.level, rule.valid_from) not in present:
            session().add(_row(rule))


def _row(rule: RuleRow) -> ClockRule:
    return ClockRule(
        key=rule.key,
        category=rule.category,
        severity=rule.severity,
        level=rule.level,
        amount=rule.amount,
        unit=rule.unit,
        due_soon=rule.due_soon,
        valid_from=rule.valid_from,
        valid_to=rule.valid_to,
        source=rule.source,
    )
