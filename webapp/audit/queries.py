"""Reading and verifying the audit chain."""

from contextlib import closing

from sqlalchemy import func, select

from webapp.audit.chain import GENESIS, link
from webapp.audit.models import AuditEntry
from webapp.audit.permissions import READ
from webapp.core.actor import Actor
from webapp.core.unit_of_work import session

_BATCH = 5000


def first_broken_entry() -> int | None:
    """The id of the first entry that does not follow from the one before; None if all do."""
    previous = GENESIS
    rows = select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=_BATCH)
    with closing(session().scalars(rows)) as entries:
        for entry in entries:
            if entry.chain != link(previous, entry):
                return entry.id
            previous = entry.chain
    return None


def count_entries() -> int:
    """How many entries there are."""
    return session().scalar(select(func.count(AuditEntry.id))) or 0


def last_of(*actions: str) -> AuditEntry | None:
    """The last entry of these actions; the caller has authorised, and shows nobody's name of it."""
    query = select(AuditEntry).where(AuditEntry.action.in_(actions))
    return session().scalar(query.order_by(AuditEntry.id.desc()).limit(1))


def latest_entries(actor: Actor, *, before_id: int | None, limit: int) -> list[AuditEntry]:
    """Entries newest first, for the auditor. Raises Forbidden for others."""
    actor.demand(READ)
    query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
    if before_id is not None:
        query = query.where(AuditEntry.id < before_id)
    return list(session().scalars(query))
