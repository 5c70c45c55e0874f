"""Clocks of a case whose category, severity or level changed while they run."""

from sqlalchemy import exists, select

from webapp.cases.clocks import subject_of
from webapp.cases.models import Case
from webapp.core.unit_of_work import session
from webapp.deadlines.models import Deadline, DeadlineChange
from webapp.deadlines.operations import start_clock, stop_clock
from webapp.deadlines.queries import clocks_of, next_due
from webapp.deadlines.rule_table import clock_rules

_DECIDED = ("set", "extend")


def restart_clocks(case: Case) -> None:
    """Count running clocks anew from their own start, under the rules of what the case is now.

    A date that a person decided stays.
    """
    subject = subject_of(case)
    for running in clocks_of(subject):
        if running.stopped_at is not None:
            continue
        stop_clock(subject, running.rule.key)
        start_clock(
            _key_for(running.rule.key, urgent=case.urgent),
            subject,
            category=case.category,
            severity=case.severity or "",
            level=case.level,
            owner_id=running.owner_id,
            started_at=running.started_at,
            due_at=running.due_at if _is_decided(running) else None,
        )
    case.due_at = next_due(subject)


def _key_for(key: str, *, urgent: bool) -> str:
    plain = key.removesuffix("_urgent")
    hurried = f"{plain}_urgent"
    return hurried if urgent and hurried in {rule.key for rule in clock_rules()} else plain


def _is_decided(deadline: Deadline) -> bool:
    decided = exists().where(
        DeadlineChange.deadline_id == deadline.id, DeadlineChange.kind.in_(_DECIDED)
    )
    return bool(session().scalar(select(decided)))
