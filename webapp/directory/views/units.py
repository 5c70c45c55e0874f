"""The administrator's pages: the directory to read, the calendar to edit, for others to read."""

from datetime import date

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.audit.queries import last_of
from webapp.core.clock import today_local
from webapp.core.errors import Invalid, NotFound
from webapp.core.unit_of_work import write_unit
from webapp.directory import queries
from webapp.directory.forms import CalendarDayForm
from webapp.directory.operations import (
    CALENDAR_EDITS,
    CALENDAR_YEARS,
    COUNTED_ANEW,
    add_calendar_day,
    remove_calendar_day,
)
from webapp.directory.permissions import MANAGE, MANAGE_CALENDAR
from webapp.web.current_actor import current_actor
from webapp.web.guards import for_signed_in, requires
from webapp.web.redirects import see

bp = Blueprint("directory", __name__, url_prefix="/can-bo")


@bp.get("/danh-ba")
@requires(MANAGE)
def units() -> str:
    """Units in force, all of them or those found by name."""
    words = request.args.get("tim", "").strip()[:80]
    today = today_local()
    found = (
        queries.search_units(words, today)
        if words
        else [*queries.served_provinces(today), *queries.served_communes(today)]
    )
    return render_template("directory/units.html", units=found, words=words)


@bp.get("/danh-ba/<code_system>/<code>")
@requires(MANAGE)
def unit(code_system: str, code: str) -> str:
    """One unit: what it took the place of, its organisations and their inboxes."""
    found = queries.unit_by_key(code_system, code)
    if found is None:
        raise NotFound
    today = today_local()
    organisations = queries.organisations_in(found.id)
    return render_template(
        "directory/unit.html",
        unit=found,
        predecessors=queries.predecessors(found),
        organisations=[(each, queries.inboxes_of(each.id, today)) for each in organisations],
    )


@bp.get("/lich")
@for_signed_in
def calendar() -> str:
    """The days of a year that do not follow the week: whoever has a deadline counts by them."""
    return _calendar_page(_year(), CalendarDayForm())


@bp.post("/lich")
@requires(MANAGE_CALENDAR)
def add_day() -> ResponseReturnValue:
    """Add a day."""
    form = CalendarDayForm()
    day = form.day.data if form.validate() else None
    if day is not None:
        works = form.works.data == "lam-bu"
        try:
            with write_unit():
                add_calendar_day(current_actor(), day=day, works=works, name=form.name.data)
            flash(_("Đã ghi vào lịch. Các thời hạn đang chạy được tính lại."), "success")
            return see("directory.calendar", nam=day.year)
        except Invalid as refused:
            form.tell(refused)
    return _calendar_page(_year(), form), 422


@bp.post("/lich/<day>/bo")
@requires(MANAGE_CALENDAR)
def remove_day(day: str) -> ResponseReturnValue:
    """Take a day out."""
    try:
        removed = date.fromisoformat(day)
    except ValueError:
        raise NotFound from None
    with write_unit():
        remove_calendar_day(current_actor(), removed)
    flash(_("Đã bỏ khỏi lịch. Các thời hạn đang chạy được tính lại."), "success")
    return see("directory.calendar", nam=removed.year)


def _year() -> int:
    year = request.args.get("nam", type=int)
    return year if year is not None and year in CALENDAR_YEARS else today_local().year


def _calendar_page(year: int, form: CalendarDayForm) -> str:
    edits = current_actor().may(MANAGE_CALENDAR)
    return render_template(
        "directory/calendar.html",
        year=year,
        days=queries.calendar_days(year),
        form=form,
        edits=edits,
        last=last_of(COUNTED_ANEW, *CALENDAR_EDITS) if edits else None,
        counted_anew=COUNTED_ANEW,
    )
