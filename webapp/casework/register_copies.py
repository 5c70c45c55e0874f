"""Which copies of the tracking register with identities exist, for the auditor."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select

from webapp.accounts.models import Assignment
from webapp.audit.models import AuditEntry, AuditReason
from webapp.audit.operations import open_reason
from webapp.audit.permissions import READ_IDENTITY_LOG
from webapp.core.actor import Actor
from webapp.core.unit_of_work import session
from webapp.directory.models import Person

COPY_MADE: Final = "casework.register_copy"
_LIMIT: Final = 200


@dataclass(frozen=True)
class RegisterCopy:
    """One file that left with names: ``number`` stands on each of its pages.

    ``rows`` are the reports it lists from ``first`` to ``last``, ``opened`` those with an identity.
    """

    number: str
    at: datetime
    person: str
    reason: str
    first: date
    last: date
    rows: int
    opened: int


def register_copies(actor: Actor) -> list[RegisterCopy]:
    """The latest copies made in the auditor's units, newest first. Raises Forbidden for others."""
    actor.demand(READ_IDENTITY_LOG)
    query = (
        select(AuditEntry, Person.name, AuditReason)
        .join(Assignment, Assignment.id == AuditEntry.assignment_id)
        .join(Person, Person.id == AuditEntry.actor_id)
        .join(AuditReason, AuditReason.id == AuditEntry.reason_id)
        .where(
            AuditEntry.action == COPY_MADE,
            Assignment.unit_id.in_(sorted(actor.units_for(READ_IDENTITY_LOG))),
        )
        .order_by(AuditEntry.id.desc())
        .limit(_LIMIT)
    )
    return [_copy(entry, name, reason) for entry, name, reason in session().execute(query)]


def _copy(entry: AuditEntry, person: str, reason: AuditReason) -> RegisterCopy:
    return RegisterCopy(
        number=entry.facts["copy"],
        at=entry.at,
        person=person,
        reason=open_reason(reason),
        first=date.fromisoformat(entry.facts["first"]),
        last=date.fromisoformat(entry.facts["last"]),
        rows=entry.facts["rows"],
        opened=entry.facts["opened"],
    )
