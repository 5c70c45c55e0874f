"""The one place that begins and commits transactions.

A write unit begins with BEGIN IMMEDIATE on SQLite, so that it never fails half-way for a lock,
and is an ordinary transaction with row locks on PostgreSQL. A read unit never turns into a
write. No decoding, rendering or network access belongs inside.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.orm import Session

WRITE_OPTION = "matxanh_write"

_factory: Callable[[], Session] | None = None
_before_commit: list[Callable[[Session], None]] = []
_after_commit: list[Callable[[Session], None]] = []


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
    if current.info.get("writing"):
        raise RuntimeError("a write unit is open already")
    if current.new or current.dirty or current.deleted:
        raise RuntimeError("objects were changed outside a write unit")
    current.rollback()  # ends the read unit of the same request
    current.info.clear()  # what a failed unit noted must not reach this one
    current.info["writing"] = True
    try:
        current.connection(execution_options={WRITE_OPTION: True})
        yield current
        current.flush()
        for hook in _before_commit:
            hook(current)
        current.commit()
    except BaseException:
        current.rollback()
        raise
    finally:
        current.info.pop("writing", None)
    for hook in _after_commit:
        hook(current)
