"""Reading the outbox, for those who look after the machine."""

from sqlalchemy import select

from webapp.core.actor import Actor
from webapp.core.unit_of_work import session
from webapp.jobs.models import OutboxRow
from webapp.jobs.permissions import MANAGE


def unfinished(
    actor: Actor, *, before_id: int | None, limit: int, kind: str | None = None
) -> list[OutboxRow]:
    """Failed and waiting rows, newest first, all or of one kind. Raises Forbidden."""
    actor.demand(MANAGE)
    query = (
        select(OutboxRow)
        .where(OutboxRow.state.in_(("failed", "waiting")))
        .order_by(OutboxRow.id.desc())
        .limit(limit)
    )
    if kind is not None:
        query = query.where(OutboxRow.kind == kind)
    if before_id is not None:
        query = query.where(OutboxRow.id < before_id)
    return list(session().scalars(query))
