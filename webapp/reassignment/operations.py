"""A batch: planned, carried out record by record on its day, put back."""

import logging
import uuid
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.exc import OperationalError

from webapp.accounts.models import Account
from webapp.accounts.queries import actor_of
from webapp.audit.operations import Subject, record
from webapp.core import clock
from webapp.core.actor import Actor, ActorKind
from webapp.core.errors import Conflict, DomainError, Forbidden, NotFound
from webapp.core.events import announce
from webapp.core.text import _
from webapp.core.unit_of_work import session, write_unit
from webapp.directory.events import UnitsMerged
from webapp.directory.models import Unit
from webapp.directory.permissions import MANAGE
from webapp.jobs.operations import enqueue
from webapp.reassignment.models import ReassignedRow, Reassignment
from webapp.reassignment.moving import Ways, is_as_left, move, restore
from webapp.reassignment.planning import (
    Plan,
    is_in_force,
    make_plan,
)
from webapp.reassignment.queries import later_batch
from webapp.reassignment.snapshots import find, put_back, snapshot
from webapp.reassignment.structure import reorganise
from webapp.reassignment.work import left_behind, work_of, write_down
from webapp.reassignment.workflow import WORK

RUN: Final = "reassignment.run"
UNDO: Final = "reassignment.undo"
_AT_ONCE: Final = 20
"""Records of one run: far fewer than fit into the lease of an outbox row."""
_WORDS: Final = 400
_CHANGED: Final = "Đã có thay đổi sau khi chuyển, nên để nguyên ở đơn vị mới."
_BROKEN: Final = _("Máy chủ gặp lỗi với hồ sơ này. Xin báo quản trị.")
_STILL_USED: Final = "Còn việc ở lại đơn vị mới, nên giữ nguyên."
log = logging.getLogger(__name__)
# What a batch added and takes away again; everything else that it added ends with the undo.
_REMOVED: Final = frozenset({"unit_succession", "unit_area"})


def start_reassignment(actor: Actor, plan: Plan) -> Reassignment:
    """Record a merger that was previewed; carried out at once, or at the start of its day.

    Raises Forbidden, Invalid.
    """
    if actor.person_id is None:
        raise Forbidden
    # Another batch may have begun since the preview; the units are held until this one is written.
    _lock_units([*plan.unit_ids, plan.successor.id])
    plan = make_plan(
        actor,
        predecessor_ids=plan.unit_ids,
        successor_id=plan.successor.id,
        effective=plan.effective,
    )
    batch = Reassignment(
        uid=uuid.uuid4().hex,
        person_id=actor.person_id,
        successor_id=plan.successor.id,
        predecessor_ids=plan.unit_ids,
        effective=plan.effective,
        state="planned",
        made_at=clock.now(),
    )
    session().add(batch)
    session().flush()
    _note(actor, "start", batch)
    _run_on_its_day(batch)
    return batch


def cancel_reassignment(actor: Actor, uid: str) -> Reassignment:
    """Give up a merger whose day has not come. Raises Forbidden, NotFound, Conflict."""
    batch = _claim(actor, uid, "planned")
    batch.state, batch.done_at = "cancelled", clock.now()
    _note(actor, "cancel", batch)
    return batch


def undo_reassignment(actor: Actor, uid: str) -> Reassignment:
    """Put back what nothing changed since; the rest stays and says so.

    Raises Forbidden, NotFound, Conflict, also while a later batch has one of the units.
    """
    batch = _claim(actor, uid, "done")
    _lock_units([*batch.predecessor_ids, batch.successor_id])
    later = later_batch(batch)
    if later is not None:
        unit = later.successor.name
        raise Conflict(_("Xin thôi hoặc hoàn tác đợt nhập vào %(unit)s trước.", unit=unit))
    batch.state, batch.undone_by_id = "undoing", actor.person_id
    _note(actor, "undo", batch)
    enqueue(UNDO, batch_id=batch.id)
    return batch


def retry_refused(actor: Actor, uid: str) -> Reassignment:
    """Try the refused records that still wait to be moved once more, with the actor's rights.

    Raises Forbidden, NotFound, Conflict when nothing is left to try or the successor has ended.
    """
    batch = _claim(actor, uid, "done")
    _lock_units([batch.successor_id])
    if not is_in_force(batch.successor, clock.today_local()):
        raise Conflict(_("Đơn vị nhận đã kết thúc hoạt động. Xin chuyển trong đợt sắp xếp mới."))
    left = left_behind(batch)
    if not left:
        raise Conflict(_("Không còn hồ sơ nào chờ chuyển lại."))
    for row in left:
        row.state, row.words, row.at = "waiting", None, None
    batch.state, batch.done_at = "running", None
    _note(actor, "retry", batch)
    enqueue(RUN, batch_id=batch.id, by=actor.person_id)
    return batch


def run_reassignment(batch_id: int, by: int | None = None) -> None:
    """Carry a batch out, some records at a time; may run twice (task).

    ``by`` is the person whose rights are used, where it is not who recorded the batch.
    """
    with write_unit():
        batch = _locked(batch_id)
        if batch.state == "planned" and batch.effective > clock.today_local():
            _run_on_its_day(batch)  # somebody ran it by hand before its day
        elif batch.state == "planned":
            _begin(batch)
        if batch.state != "running":
            return
        waiting = _next_rows(batch.id, ReassignedRow.state == "waiting")
    for row_id in waiting:
        _move_one(row_id, by)
    with write_unit():
        batch = _locked(batch_id)
        if batch.state == "running":
            write_down(batch)  # what somebody was still writing when the units ended
        if _next_rows(batch.id, ReassignedRow.state == "waiting"):
            enqueue(RUN, batch_id=batch_id, by=by)
        elif batch.state == "running":
            batch.state, batch.done_at = "done", clock.now()


def undo_moves(batch_id: int) -> None:
    """Put a batch back, records first, then units and bodies; may run twice (task)."""
    work = and_(ReassignedRow.state == "moved", ReassignedRow.kind.in_(WORK))
    with write_unit():
        if _locked(batch_id).state != "undoing":
            return
        moved = _next_rows(batch_id, work)
    for row_id in moved:
        _restore_one(row_id)
    with write_unit():
        batch = _locked(batch_id)
        if _next_rows(batch_id, work):
            enqueue(UNDO, batch_id=batch_id)
        elif batch.state == "undoing":
            _restore_structure(batch)
            batch.state, batch.undone_at = "undone", clock.now()


def _run_on_its_day(batch: Reassignment) -> None:
    begins = datetime.combine(batch.effective, time(), tzinfo=clock.LOCAL)
    enqueue(RUN, delay=max(begins - clock.now(), timedelta(0)), batch_id=batch.id)


def _begin(batch: Reassignment) -> None:
    """Units, bodies and roles at once; the work is written down to be moved after them."""
    actor = _actor(batch.person_id)
    try:
        plan = make_plan(
            actor,
            predecessor_ids=batch.predecessor_ids,
            successor_id=batch.successor_id,
            effective=batch.effective,
            itself=batch.id,
        )
    except DomainError:  # the units changed since it was planned
        batch.state, batch.done_at = "cancelled", clock.now()
        return
    followers = reorganise(batch, plan)
    batch.organisations = {str(old): new for old, new in followers.items()}
    write_down(batch)
    batch.state = "running"
    session().flush()
    announce(UnitsMerged(tuple(plan.unit_ids), tuple(sorted(followers)), plan.effective))


def _move_one(row_id: int, by: int | None) -> None:
    """One record: its step and its row are one transaction, a refusal is written alone."""
    try:
        with write_unit():
            row = _locked_row(row_id, "waiting")
            if row is None:
                return
            batch = session().get_one(Reassignment, row.batch_id)
            row.before, row.after = move(
                _actor(by or batch.person_id), row.kind, row.row_id, _ways(batch)
            )
            row.state, row.at = "moved", clock.now()
    except DomainError as error:
        _refuse(row_id, "waiting", "refused", str(error.detail))
    except OperationalError:
        raise
    except Exception:  # a fault of ours holds up no other record: the units have ended already
        log.exception("row %s of a merger could not be moved", row_id)
        _refuse(row_id, "waiting", "refused", str(_BROKEN))


def _restore_one(row_id: int) -> None:
    try:
        with write_unit():
            row = _locked_row(row_id, "moved")
            if row is None:
                return
            batch = session().get_one(Reassignment, row.batch_id)
            actor = _actor(batch.undone_by_id or batch.person_id)
            if restore(actor, row.kind, row.row_id, row.before, row.after):
                row.state = "restored"
                _as_the_earlier_left_it(row)
            else:
                row.state, row.words = "kept", _CHANGED
            row.at = clock.now()
    except DomainError as error:
        _refuse(row_id, "moved", "kept", str(error.detail))
    except OperationalError:
        raise
    except Exception:  # as above
        log.exception("row %s of a merger could not be put back", row_id)
        _refuse(row_id, "moved", "kept", str(_BROKEN))


def _as_the_earlier_left_it(row: ReassignedRow) -> None:
    """What a batch found as an earlier one had left it is so again: only its own steps lie between.

    Else their lines in the history would count as a change, and nothing of the earlier one could
    be put back.
    """
    batches = select(Reassignment.id).where(
        Reassignment.id < row.batch_id, Reassignment.state == "done"
    )
    found = select(ReassignedRow).where(
        ReassignedRow.batch_id.in_(batches),
        ReassignedRow.kind == row.kind,
        ReassignedRow.row_id == row.row_id,
        ReassignedRow.state == "moved",
    )
    earlier = session().scalar(found.order_by(ReassignedRow.id.desc()).limit(1))
    if earlier is not None and earlier.after.items() <= row.before.items():
        earlier.after = snapshot(earlier.after)


def _refuse(row_id: int, was: str, state: str, words: str) -> None:
    with write_unit():
        row = _locked_row(row_id, was)
        if row is not None:
            row.state, row.words, row.at = state, words[:_WORDS], clock.now()


def _restore_structure(batch: Reassignment) -> None:
    """The last change first. What was added stays where work has stayed with it."""
    rows = session().scalars(
        select(ReassignedRow)
        .where(ReassignedRow.batch_id == batch.id, ReassignedRow.state == "moved")
        .order_by(ReassignedRow.id.desc())
    )
    stays = _kept_work(batch)
    for row in list(rows):
        ((name, before),) = row.before.items()
        if not is_as_left(row.after):
            row.state, row.words = "kept", _CHANGED
        elif before is None and stays and row.kind not in _REMOVED:
            row.state, row.words = "kept", _STILL_USED
        else:
            _take_back(row.kind, name, before, batch)
            row.state = "restored"
        row.at = clock.now()


def _kept_work(batch: Reassignment) -> bool:
    """Whether work stays: it was changed since, or came to a body that the batch had set up."""
    rows = select(ReassignedRow).where(ReassignedRow.batch_id == batch.id)
    work = [kind for kind in WORK if kind != "saved_filter"]  # may be of somebody elsewhere
    kept = rows.where(ReassignedRow.kind.in_(work), ReassignedRow.state == "kept")
    if session().scalar(kept.limit(1)) is not None:
        return True
    bodies = session().scalars(rows.where(ReassignedRow.kind == "organisation"))
    added = [each.row_id for each in bodies if None in each.before.values()]
    return any(session().execute(query.limit(1)).first() for _kind, query in work_of([], added))


def _take_back(kind: str, name: str, before: dict[str, Any] | None, batch: Reassignment) -> None:
    if before is not None:
        put_back(name, before)
    elif kind in _REMOVED:
        session().delete(find(name))
    else:
        find(name).valid_to = batch.effective - timedelta(days=1)
    session().flush()


def _lock_units(unit_ids: Sequence[int]) -> None:
    session().scalars(
        select(Unit).where(Unit.id.in_(unit_ids)).order_by(Unit.id).with_for_update(of=Unit)
    ).all()


def _claim(actor: Actor, uid: str, state: str) -> Reassignment:
    actor.demand(MANAGE)
    query = select(Reassignment).where(
        Reassignment.uid == uid,
        Reassignment.successor_id.in_(sorted(actor.units_for(MANAGE))),
    )
    batch = session().scalar(query.with_for_update(of=Reassignment))
    if batch is None:
        raise NotFound
    if batch.state != state:
        raise Conflict(_("Đợt sắp xếp này đã sang bước khác. Xin xem lại trang."))
    return batch


def _locked(batch_id: int) -> Reassignment:
    return session().get_one(Reassignment, batch_id, with_for_update=True, populate_existing=True)


def _locked_row(row_id: int, state: str) -> ReassignedRow | None:
    """The row, while nobody else has done it."""
    row = session().get_one(ReassignedRow, row_id, with_for_update=True, populate_existing=True)
    return row if row.state == state else None


def _next_rows(batch_id: int, which: ColumnElement[bool]) -> list[int]:
    query = select(ReassignedRow.id).where(ReassignedRow.batch_id == batch_id, which)
    return list(session().scalars(query.order_by(ReassignedRow.id).limit(_AT_ONCE)))


def _ways(batch: Reassignment) -> Ways:
    return Ways(
        units=dict.fromkeys(batch.predecessor_ids, batch.successor_id),
        organisations={int(old): new for old, new in batch.organisations.items()},
    )


def _actor(person_id: int) -> Actor:
    """Who asked, with the rights of now: what was taken away meanwhile is not used."""
    account = session().scalar(select(Account).where(Account.person_id == person_id))
    if account is None:
        return Actor(ActorKind.PERSON, person_id)
    return actor_of(account, clock.today_local())


def _note(actor: Actor, verb: str, batch: Reassignment) -> None:
    record(
        actor,
        f"reassignment.{verb}",
        Subject("reassignment", batch.id),
        by=MANAGE,
        successor=batch.successor_id,
        units=len(batch.predecessor_ids),
        effective=batch.effective.isoformat(),
    )
