"""What an administrator reads of the batches of their units."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from webapp.core.actor import Actor
from webapp.core.errors import NotFound
from webapp.core.unit_of_work import session
from webapp.directory.models import Person, Unit
from webapp.directory.permissions import MANAGE
from webapp.reassignment.models import ReassignedRow, Reassignment
from webapp.reassignment.moving import is_as_left
from webapp.reassignment.workflow import ACTIVE

SHOWN_ROWS = 500


@dataclass(frozen=True)
class BatchFile:
    """A batch with its units, who made it, how far it is, and the rows that want attention."""

    batch: Reassignment
    predecessors: list[Unit]
    made_by: str
    counts: Counter[tuple[str, str]]
    rows: list[ReassignedRow]

    @property
    def total(self) -> int:
        """How many rows there are."""
        return sum(self.counts.values())

    @property
    def finished(self) -> int:
        """How many rows are through with what is under way."""
        unfinished = {"running": "waiting", "undoing": "moved"}.get(self.batch.state)
        return sum(n for (_kind, state), n in self.counts.items() if state != unfinished)


def batches(actor: Actor) -> list[Reassignment]:
    """The batches of the actor's units, the newest first."""
    query = (
        select(Reassignment)
        .where(Reassignment.successor_id.in_(sorted(actor.units_for(MANAGE))))
        .options(joinedload(Reassignment.successor))
        .order_by(Reassignment.id.desc())
    )
    return list(session().scalars(query))


def batch_file(actor: Actor, uid: str) -> BatchFile:
    """One batch. Raises NotFound when it is not there or not of the actor's units."""
    batch = next((each for each in batches(actor) if each.uid == uid), None)
    if batch is None:
        raise NotFound
    rows = select(ReassignedRow).where(ReassignedRow.batch_id == batch.id)
    counted = session().execute(
        select(ReassignedRow.kind, ReassignedRow.state, func.count())
        .where(ReassignedRow.batch_id == batch.id)
        .group_by(ReassignedRow.kind, ReassignedRow.state)
    )
    units = select(Unit).where(Unit.id.in_(batch.predecessor_ids)).order_by(Unit.code)
    return BatchFile(
        batch=batch,
        predecessors=list(session().scalars(units)),
        made_by=session().get_one(Person, batch.person_id).name,
        counts=Counter({(kind, state): n for kind, state, n in counted}),
        rows=list(session().scalars(rows.order_by(ReassignedRow.id).limit(SHOWN_ROWS))),
    )


def later_batch(batch: Reassignment) -> Reassignment | None:
    """A batch that came after this one, stands or is to come, and has a unit of it.

    Batches are taken back the last first: what the later one moved on stands on this one.
    """
    units = {batch.successor_id, *batch.predecessor_ids}
    query = select(Reassignment).where(
        Reassignment.id > batch.id, Reassignment.state.in_([*ACTIVE, "done"])
    )
    found = session().scalars(query.order_by(Reassignment.id.desc()))
    return next(
        (each for each in found if units & {each.successor_id, *each.predecessor_ids}), None
    )


def changed_since(file: BatchFile) -> list[ReassignedRow]:
    """The shown rows that an undo could not put back, because something changed them."""
    return [row for row in file.rows if row.state == "moved" and not is_as_left(row.after)]
