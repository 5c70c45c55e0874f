"""The one place that begins and commits transactions.

A write unit begins with BEGIN IMMEDIATE on SQLite, so that it never fails half-way for a lock,
and is an ordinary transaction with row locks on PostgreSQL. A read unit never turns into a
write. No decoding, rendering or network access belongs inside, and what can be read and computed
before it begins need not be either (``read_unit``).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.orm import Session

WRITE_OPTION, READ_OPTION = "matxanh_write", "matxanh_read"
"""Of connections: that the transaction writes, and that there is none, as nothing is written."""
WRITING, READING = "writing", "reading"
"""What ``info`` of a session says while such a unit is open."""

_factory: Callable[[], Session] | None = None
_before_commit: list[Callable[[Session], None]] = []
_after_commit: list[Callable[[Session], None]] = []
_after_failure: list[Callable[[Session], None]] = []


def configure(factory: Callable[[], Session]) -> None:
    """Set where sessions come from; called once when the application is made."""
    global _factory
    _factory = factory


def session() -> Session:
    """The session of the present unit of work."""
    if _factory is None:
        raise RuntimeError("unit_of_work.configure was not called")
    return _factory()


def before_commit(hook: Callable[[Session], None]) -> Callable[[Session], None]:
    """Register the last statements of every write unit (the audit chain)."""
    if hook not in _before_commit:
        _before_commit.append(hook)
    return hook


def after_commit(hook: Callable[[Session], None]) -> Callable[[Session], None]:
    """Register what may happen once a write unit is safe (waking the worker)."""
    if hook not in _after_commit:
        _after_commit.append(hook)
    return hook


def after_failure(hook: Callable[[Session], None]) -> Callable[[Session], None]:
    """Register what must be kept of a write unit that was rolled back (refused steps)."""
    if hook not in _after_failure:
        _after_failure.append(hook)
    return hook


def take_your_time() -> None:
    """Let the statements of this transaction run as long as they need: bulk work of commands.

    PostgreSQL ends every other statement after the timeout of the connection; SQLite has none.
    """
    if session().get_bind().dialect.name == "postgresql":
        session().execute(text("SET LOCAL statement_timeout = 0"))


@contextmanager
def write_unit() -> Iterator[Session]:
    """A transaction that writes: commit at the end, roll back on any exception.

    Raises RuntimeError when a write unit is open already or unsaved objects lie around.
    """
    current = session()
    if current.info.get(WRITING):
        raise RuntimeError("a write unit is open already")
    _refuse_changes(current)
    current.rollback()  # ends the read unit of the same request
    current.info.clear()  # what a failed unit noted must not reach this one
    current.info[WRITING] = True
    try:
        current.connection(execution_options={WRITE_OPTION: True})
        yield current
        current.flush()
        for hook in _before_commit:
            hook(current)
        current.commit()
    except BaseException:
        current.rollback()
        current.info.pop(WRITING, None)
        for hook in _after_failure:
            hook(current)
        raise
    finally:
        current.info.pop(WRITING, None)
    for hook in _after_commit:
        hook(current)


@contextmanager
def read_unit() -> Iterator[Session]:
    """What the write unit that follows will need, read while no other writer waits for it.

    Each statement sees what is committed when it begins. What was read stays as it was read, for
    facts that need not be of the same moment as the writing; what must be, is read again there.
    Raises RuntimeError within a write unit and when objects were changed.
    """
    current = session()
    if current.info.get(WRITING):
        raise RuntimeError("a write unit is open already")
    current.info[READING] = True
    try:
        yield current
        _refuse_changes(current)
        current.commit()  # of nothing: unlike a rollback it lets the objects keep what they know
    finally:
        current.info.pop(READING, None)


def _refuse_changes(current: Session) -> None:
    if current.new or current.dirty or current.deleted:
        raise RuntimeError("objects were changed outside a write unit")
