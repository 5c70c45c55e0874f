"""The queue that wakes the worker. The outbox is the truth; the queue may lose a wake-up."""

import logging
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

from huey import SqliteHuey, crontab
from huey.api import Huey

from webapp.jobs.operations import drain

TICK_SECONDS = 5
PATIENCE_SECONDS = 12  # less than the supervisor waits

log = logging.getLogger(__name__)

Context = Callable[[], AbstractContextManager[object]]


@dataclass(frozen=True)
class Periodic:
    """A row of the schedule: ``every_minutes`` between 1 and 59, and what to run."""

    name: str
    every_minutes: int
    run: Callable[[], object]


class Queue:
    """Wakes the worker to drain the outbox, and runs the schedule."""

    def __init__(self, path: Path, context: Context) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.context = context
        self.huey: Huey = SqliteHuey("matxanh", filename=str(path), utc=True)
        self._drain = self.huey.task(name="drain_outbox")(self.drain)
        self._stopping: Event = Event()

    def wake(self) -> None:
        """Ask the worker to drain now."""
        self._drain()

    def check(self) -> None:
        """Raise OSError or sqlite3 errors when the queue cannot be reached."""
        self.huey.pending_count()

    def add_schedule(self, rows: Iterable[Periodic]) -> None:
        """Register the periodic work."""
        for row in rows:
            self._add(row)

    def _add(self, row: Periodic) -> None:
        def run() -> None:
            with self.context():
                row.run()

        every = crontab(minute=f"*/{row.every_minutes}")
        self.huey.periodic_task(every, name=f"periodic_{row.name}")(run)

    def drain(self) -> None:
        """Carry out due outbox rows until there are none or the worker shall stop."""
        with self.context():
            drain(go_on=lambda: not self._stopping.is_set())

    def work(self, threads: int) -> None:
        """Be the worker: blocks until SIGTERM, which lets what runs come to its end."""
        consumer = self.huey.create_consumer(
            workers=threads,
            worker_type="thread",
            initial_delay=0.1,
            max_delay=1.0,
            graceful_signal="TERM",
            shutdown_timeout=PATIENCE_SECONDS,
        )
        self._stopping = consumer.stop_flag
        Thread(target=self._tick, name="outbox", daemon=True).start()
        consumer.run()

    def _tick(self) -> None:
        # Holds that end, tries that are due again, rows of a worker that died: nobody wakes us.
        while not self._stopping.wait(TICK_SECONDS):
            try:
                self.drain()
            except Exception:  # the database is away; the next tick tries again
                log.exception("the outbox could not be drained")
