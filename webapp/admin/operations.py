"""What an administrator does to the machine, on the record."""

from webapp.audit.operations import Subject, record
from webapp.core.actor import Actor
from webapp.jobs.operations import run_again
from webapp.jobs.permissions import MANAGE


def retry_job(actor: Actor, row_id: int) -> None:
    """Let a failed or waiting outbox row run again now. Raises Forbidden, NotFound, Conflict."""
    actor.demand(MANAGE)
    row = run_again(row_id)
    record(actor, "jobs.retry", Subject("outbox", row.id), by=MANAGE, kind=row.kind)
