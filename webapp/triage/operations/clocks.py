"""Clocks of a case whose category, severity or level changed while they run."""

from webapp.cases.clocks import subject_of
from webapp.cases.models import Case
from webapp.deadlines.operations import rerule_clocks
from webapp.deadlines.rule_table import Subject as Matter
from webapp.deadlines.rule_table import clock_rules


def recount_clocks(case: Case) -> None:
    """Count running clocks anew from their own start, under the rules of what the case is now.

    A date that a person decided stays; the step itself notes when the next one is due.
    """
    matter = Matter(case.category, case.severity or "", case.level)
    rerule_clocks(subject_of(case), matter, lambda key: _key_for(key, urgent=case.urgent))


def _key_for(key: str, *, urgent: bool) -> str:
    plain = key.removesuffix("_urgent")
    hurried = f"{plain}_urgent"
    return hurried if urgent and hurried in {rule.key for rule in clock_rules()} else plain
