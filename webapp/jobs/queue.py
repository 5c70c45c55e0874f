"""The queue that wakes the worker. The outbox is the truth; the queue may lose a wake-up."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from huey import SqliteHuey, crontab
from huey.api import Huey
from huey.consumer import Consumer

from webapp.jobs.operations import HOLD, drain

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
        self._drain = self.huey.task(name="drain_outbox")(self._run_drain)

    def wake(self) -> None:
        """Ask the worker to drain now, and once more when a hold has ended."""
        self._drain()
        self._drain.schedule(delay=HOLD.total_seconds() + 1)

    def check(self) -> None:
        """Raise OSError or sqlite3 errors when the queue cannot be reached."""
        self.huey.pending_count()

    def add_schedule(self, rows: Iterable[Periodic]) -> None:
        """Register the periodic work; the outbox is drained every minute in any case."""
        for row in (*rows, Periodic("drain", 1, drain)):
            self._add(row)

    def _add(self, row: Periodic) -> None:
        def run() -> None:
            with self.context():
                row.run()

        every = crontab(minute=f"*/{row.every_minutes}")
        self.huey.periodic_task(every, name=f"periodic_{row.name}")(run)

    def consumer(self, workers: int) -> Consumer:
        """The worker loop; ``run()`` on it blocks until a signal."""
        return self.huey.create_consumer(workers=workers, worker_type="thread", initial_delay=0.1)

    def _run_drain(self) -> None:
        with self.context():
            drain()
