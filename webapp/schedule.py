"""The schedule: every periodic task of the application in one table."""

from webapp.deadlines.operations import tell_deadlines
from webapp.jobs.queue import Periodic

SCHEDULE: tuple[Periodic, ...] = (Periodic("tell_deadlines", 5, tell_deadlines),)
