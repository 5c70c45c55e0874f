"""``flask worker run``: the process that carries out what requests only noted."""

from flask import current_app
from flask.cli import AppGroup

from webapp.jobs.queue import Queue

THREADS = 2

worker = AppGroup("worker", help="The worker of outbox and schedule.")


@worker.command("run")
def run() -> None:
    """Drain the outbox and run the schedule until SIGTERM."""
    queue: Queue = current_app.extensions["matxanh_queue"]
    queue.work(THREADS)
