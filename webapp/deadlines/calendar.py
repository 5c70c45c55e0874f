"""The working-day calendar as edited in the directory."""

from sqlalchemy import select

from webapp.core.unit_of_work import session
from webapp.core.working_days import Calendar
from webapp.directory.models import CalendarDay


def working_calendar() -> Calendar:
    """Days off and days worked in exchange; every other day follows the week."""
    days = list(session().scalars(select(CalendarDay)))
    return Calendar(
        holidays=frozenset(row.day for row in days if not row.works),
        working_swaps=frozenset(row.day for row in days if row.works),
    )
