"""Putting effects into the outbox, holding them, taking them back, carrying them out."""

import logging
from collections.abc import Callable, Collection, Iterable
from datetime import timedelta

from sqlalchemy import String, cast, select, update
from sqlalchemy.orm import Session

from webapp.core import clock
from webapp.core.errors import Conflict, NotFound
from webapp.core.text import _
from webapp.core.unit_of_work import after_commit, session, write_unit
from webapp.jobs.models import OutboxRow

HOLD = timedelta(seconds=30)
# A row that a worker has taken is nobody else's for this long; no task takes longer. When the
# worker died meanwhile, the next one takes the row after it.
LEASE = timedelta(seconds=45)
MAX_ATTEMPTS = 8
WORKER_DIED = "WorkerDied"
_BACKOFF = timedelta(seconds=10)
_WAKE = "outbox_wake"
_CANCELLED: dict[str, object] = {"state": "cancelled", "payload": {}}

Handler = Callable[..., None]
_handlers: dict[str, Handler] = {}
_tries: dict[str, int] = {}
_wake: Callable[[], None] | None = None

log = logging.getLogger(__name__)


def register(kind: str, handler: Handler) -> None:
    """Say which task carries out a kind of row; the table of kinds is features.py."""
    if _handlers.get(kind, handler) is not handler:
        raise ValueError(f"two handlers for outbox kind {kind}")
    _handlers[kind] = handler


def limit_tries(kind: str, tries: int) -> None:
    """Let rows of a kind be tried less or more often than MAX_ATTEMPTS (SMS cost money)."""
    _tries[kind] = tries


def registered() -> frozenset[str]:
    """Every kind that has a handler."""
    return frozenset(_handlers)


def on_wake(waker: Callable[[], None]) -> None:
    """Set how the worker is woken after a commit."""
    global _wake
    _wake = waker


def enqueue(
    kind: str,
    *,
    held_for: str | None = None,
    delay: timedelta = timedelta(0),
    **payload: int | str | None,
) -> OutboxRow:
    """Write an effect into this transaction. A held row waits 30 s and can be taken back."""
    at = clock.now()
    row = OutboxRow(
        kind=kind,
        payload=payload,
        held_for=held_for,
        created_at=at,
        due_at=at + (HOLD if held_for else delay),
    )
    session().add(row)
    session().info[_WAKE] = True
    return row


def cancel_held(held_for: str) -> int:
    """Take back every row of this hold that no worker has taken; returns how many."""
    result = session().execute(
        update(OutboxRow)
        .where(
            OutboxRow.held_for == held_for,
            OutboxRow.state == "waiting",
            OutboxRow.attempts == 0,
        )
        .values(_CANCELLED | {"done_at": clock.now()})
        .returning(OutboxRow.id)
    )
    return len(result.all())


def drop_naming(kinds: Collection[str], key: str, values: Iterable[int | str]) -> None:
    """Cancel what waits or failed of these kinds and whose payload names one of the values.

    A row that a worker runs just now comes to its end; nothing of its payload is left either.
    """
    wanted = [str(value) for value in values]
    for state in ("waiting", "failed") if wanted else ():  # each has an index of its own
        session().execute(
            update(OutboxRow)
            .where(
                OutboxRow.state == state,
                OutboxRow.kind.in_(kinds),
                cast(OutboxRow.payload[key].as_string(), String).in_(wanted),
            )
            .values(_CANCELLED | {"done_at": clock.now()})
            .execution_options(synchronize_session=False)
        )


def is_held(held_for: str) -> bool:
    """Whether a hold still runs: its time has not passed and no worker has taken a row."""
    query = select(OutboxRow.id).where(
        OutboxRow.held_for == held_for,
        OutboxRow.state == "waiting",
        OutboxRow.attempts == 0,
        OutboxRow.due_at > clock.now(),
    )
    return session().scalar(query.limit(1)) is not None


def run_again(row_id: int) -> OutboxRow:
    """Let a failed or waiting row run now, with all its tries. The caller authorises and audits.

    Raises NotFound, or Conflict for a row that is done, taken back, or still held.
    """
    row = session().get(OutboxRow, row_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound
    if row.state not in {"failed", "waiting"}:
        raise Conflict(_("Việc này đã xong hoặc đã thôi, không cần chạy lại."))
    if row.state == "waiting" and row.held_for and row.attempts == 0:
        raise Conflict(_("Việc này đang chờ hết thời gian hoàn tác, sẽ tự chạy."))
    row.state, row.attempts, row.due_at = "waiting", 0, clock.now()
    session().info[_WAKE] = True
    return row


def drain(limit: int = 100, *, go_on: Callable[[], bool] = lambda: True) -> int:
    """Carry out due rows, each in its own write unit; returns how many were taken.

    A handler may run twice (after a crash) and must bear it. What fails is tried again later,
    longer apart each time, and marked failed after MAX_ATTEMPTS. ``go_on`` is asked before each
    row, so that a worker that was told to stop does.
    """
    taken = 0
    while taken < limit and go_on() and _take_one():
        taken += 1
    return taken


def _take_one() -> bool:
    with write_unit() as current:
        row = _next_row(current)
        if row is None:
            return False
        if row.attempts >= _tries_of(row):  # every worker that took it died
            row.state, row.last_error = "failed", WORKER_DIED
            return True
        row.attempts += 1
        row.due_at = clock.now() + LEASE
        kind, payload, row_id = row.kind, dict(row.payload), row.id
    session().expire_all()  # the task starts from what the database says now
    try:
        _handlers[kind](**payload)
    except Exception as exc:  # any failure is recorded and tried again
        log.exception("outbox row %s (%s) failed", row_id, kind)
        session().rollback()  # whatever the task left half-done
        _settle(row_id, error=type(exc).__name__)
    else:
        _settle(row_id, error=None)
    return True


def _next_row(current: Session) -> OutboxRow | None:
    query = (
        select(OutboxRow)
        .where(OutboxRow.state == "waiting", OutboxRow.due_at <= clock.now())
        .order_by(OutboxRow.due_at, OutboxRow.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return current.scalar(query.execution_options(populate_existing=True))


def _settle(row_id: int, *, error: str | None) -> None:
    with write_unit() as current:
        row = current.get(OutboxRow, row_id, with_for_update=True, populate_existing=True)
        if row is None or row.state == "cancelled":  # dropped while its task ran
            return
        row.last_error = error
        if error is None:
            row.state, row.payload, row.done_at = "done", {}, clock.now()
        elif row.attempts >= _tries_of(row):
            row.state = "failed"
        else:
            row.due_at = clock.now() + _BACKOFF * 2**row.attempts


def _tries_of(row: OutboxRow) -> int:
    return _tries.get(row.kind, MAX_ATTEMPTS)


@after_commit
def _wake_worker(current: Session) -> None:
    if current.info.pop(_WAKE, False) and _wake is not None:
        try:
            _wake()
        except Exception:  # the row is safe; the next tick of the schedule takes it
            log.warning("could not wake the worker", exc_info=True)
