"""Editing the working-day calendar. Every change is audited and told to the deadlines."""

from datetime import date
from typing import Final

from webapp.audit.operations import Subject, record
from webapp.core.actor import Actor
from webapp.core.errors import Invalid, NotFound
from webapp.core.events import announce
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.directory.events import CalendarChanged
from webapp.directory.models import CalendarDay
from webapp.directory.permissions import MANAGE_CALENDAR

CALENDAR_YEARS: Final = range(2000, 2100)
CALENDAR_EDITS: Final = ("directory.add_calendar_day", "directory.remove_calendar_day")
COUNTED_ANEW: Final = "deadlines.recompute"
"""What the audit says of an edit, and of the deadlines that followed it."""
_SATURDAY: Final = 5


def add_calendar_day(actor: Actor, *, day: date, works: bool, name: str) -> CalendarDay:
    """Add a day off, or a weekend day worked in exchange. Raises Forbidden and Invalid."""
    actor.demand(MANAGE_CALENDAR)
    if day.year not in CALENDAR_YEARS:
        words = _("Lịch chỉ có các năm từ 2000 đến 2099.")
        raise Invalid(words, fields={"day": words})
    if session().get(CalendarDay, day) is not None:
        words = _("Ngày này đã có trong lịch. Muốn đổi, xin bỏ dòng cũ trước.")
        raise Invalid(words, fields={"day": words})
    if works and day.weekday() < _SATURDAY:
        words = _("Ngày trong tuần vốn là ngày làm việc, không cần ghi làm bù.")
        raise Invalid(words, fields={"works": words})
    added = CalendarDay(day=day, works=works, name=name)
    session().add(added)
    _note(actor, CALENDAR_EDITS[0], day, works=works)
    return added


def remove_calendar_day(actor: Actor, day: date) -> None:
    """Take a day out: it follows the week again. Raises Forbidden and NotFound."""
    actor.demand(MANAGE_CALENDAR)
    present = session().get(CalendarDay, day)
    if present is None:
        raise NotFound
    session().delete(present)
    _note(actor, CALENDAR_EDITS[1], day, works=present.works)


def _note(actor: Actor, action: str, day: date, *, works: bool) -> None:
    subject = Subject("calendar_day", day.toordinal())
    record(actor, action, subject, by=MANAGE_CALENDAR, day=day.isoformat(), works=works)
    announce(CalendarChanged())
