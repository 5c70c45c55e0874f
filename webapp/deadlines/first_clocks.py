"""The clocks of a record that is about to be stored: nothing of it can run before."""

from webapp.core import clock
from webapp.deadlines import rule_table
from webapp.deadlines.models import Deadline
from webapp.deadlines.queries import rules_in_force
from webapp.deadlines.terms import due_moment
from webapp.directory.queries import working_calendar


def first_clocks(
    event: str,
    subject_kind: str,
    *,
    category: str = "",
    level: str = "",
    urgent: bool = False,
    owner_id: int | None = None,
) -> list[Deadline]:
    """The clocks that an event starts on a record that has no row yet; the caller stores them.

    Nothing of it can run before, so that nothing is looked for. Raises LookupError as
    ``start_clock`` does.
    """
    start, calendar = clock.now(), working_calendar()
    keys = rule_table.started_by(event, urgent=urgent)
    return [
        Deadline(
            rule=rule,
            rule_id=rule.id,
            subject_kind=subject_kind,
            owner_id=owner_id,
            started_at=start,
            due_at=due_moment(calendar, rule, start),
            told_due_soon=False,
            told_overdue=False,
        )
        for rule in rules_in_force(keys, rule_table.Subject(category, "", level), start)
    ]
