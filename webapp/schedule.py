"""The schedule: every periodic task of the application in one table."""

from webapp.jobs.queue import Periodic

SCHEDULE: tuple[Periodic, ...] = ()
