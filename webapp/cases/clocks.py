"""The clocks of a case, started and stopped by the shipped rule table's events."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from webapp.audit.operations import Subject
from webapp.cases.indexed import still_pending
from webapp.cases.models import Case, Proposal
from webapp.cases.workflow import ENDED, WITH_OFFICE
from webapp.core import clock
from webapp.core.unit_of_work import session
from webapp.deadlines.operations import apply_event, hand_clocks
from webapp.deadlines.queries import next_due
from webapp.directory.models import Organisation
from webapp.directory.queries import front_of, province_of

SOON: Final = timedelta(days=1)
"""A deadline nearer than this is due soon, on chips and in the filter alike."""
# Steps that start a clock for somebody other than who holds the case, or give the case to another.
_HANDING: Final = frozenset(
    {
        *("accept_urgent", "conclude", "propose_raise", "propose_transfer"),
        *("raise", "transfer", "step_aside", "recategorise"),
    }
)


def subject_of(case: Case) -> Subject:
    """How audit, clocks and notices name a case."""
    return Subject("case", case.id)


def tick(
    case: Case,
    step: str,
    *,
    due_at: datetime | None = None,
    happened_at: datetime | None = None,
) -> None:
    """Apply a step to the case's clocks; note the nearest due moment, and whether it has passed.

    What residents have until then, to confirm or to ask again, is nobody's deadline.
    """
    apply_event(
        f"case.{step}",
        subject_of(case),
        category=case.category,
        severity=case.severity or "",
        level=case.level,
        urgent=case.urgent,
        owner_id=_holder(case),
        due_at=due_at,
        happened_at=happened_at,
    )
    if step in _HANDING:
        hand_clocks(subject_of(case), lambda key: owes(case, key))
    note_due(case)


def note_due(case: Case) -> None:
    """Keep the nearest due moment with the case, and whether it has passed."""
    case.due_at = None if case.state in ENDED else next_due(subject_of(case))
    case.overdue = case.due_at is not None and case.due_at < clock.now()


def owes(case: Case, key: str) -> int | None:
    """The organisation that owes what a clock of the case waits for; None where nobody is known.

    An answer is owed by who was asked, whoever holds the case meanwhile.
    """
    return _OWED_BY.get(key, _holder)(case)


def _holder(case: Case) -> int | None:
    return case.office_id if case.state in WITH_OFFICE else case.owner_id


def _front(case: Case) -> int | None:
    return case.owner_id


def _province(case: Case) -> int | None:
    return _id(front_of(province_of(case.handling_unit).id, clock.today_local()))


def _asked(case: Case) -> int | None:
    query = select(Proposal.target_unit_id).where(
        Proposal.case_id == case.id, Proposal.kind == "transfer", still_pending()
    )
    target = session().scalar(query)
    return _id(front_of(target, clock.today_local())) if target is not None else None


def _id(body: Organisation | None) -> int | None:
    return body.id if body is not None else None


_OWED_BY: Final[Mapping[str, Callable[[Case], int | None]]] = {
    "raise_take": _province,
    "transfer_take": _asked,
    "regularise": _front,
    "publish_result": _front,
}
