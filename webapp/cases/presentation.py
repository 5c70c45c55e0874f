"""How cases are put into words on pages: categories, states, units, timeline lines."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import Flask

from webapp.cases.categories import category
from webapp.cases.clocks import SOON
from webapp.cases.lines import StaffLine
from webapp.cases.workflow import CASE, CASE_STATES, CONCLUSIONS, SEVERITIES, WASTE_SOURCES
from webapp.core.text import _
from webapp.directory.names import Named, name_in
from webapp.web.locale import (
    as_written,
    choose,
    followed_by,
    gettext,
    kept_by_language,
    ngettext,
    translated,
)

_PLACE_WORDS = {
    "gps": _("Theo điện thoại lúc gửi; cơ quan và tổ chỉ thấy ô khoảng 50 m."),
    "photo": _("Theo vị trí ghi trong ảnh."),
    "map": _("Do người gửi ghim trên bản đồ."),
    "front": _("Mặt trận đã xác nhận là chỗ có sự việc."),
}
_NOTHING, _HOUR = timedelta(0), timedelta(hours=1)
_DAYS_FROM = 2


@dataclass(frozen=True)
class Entry:
    """One line of a timeline as a template shows it."""

    voice: str
    at: date
    text: str
    detail: str | None


@kept_by_language
def category_label(code: str) -> str:
    """The label of a category of any depth, in the language of the request."""
    return category(code).label.in_language(choose())


def unit_name(unit: Named) -> str:
    """The name of a unit in the language of the request."""
    return name_in(choose(), unit)


def organisation_name(organisation: Named) -> str:
    """The name of an organisation in the language of the request."""
    return name_in(choose(), organisation)


def deadline_words(due_at: datetime | None, at: datetime) -> tuple[str, str] | None:
    """How a deadline stands (overdue, due_soon, on_time) and by how long."""
    if due_at is None:
        return None
    left = due_at - at
    if left < _NOTHING:
        return "overdue", _late_by(*days_or_hours(-left))
    return ("due_soon" if left <= SOON else "on_time"), _time_left(*days_or_hours(left))


def days_or_hours(span: timedelta) -> tuple[int, int]:
    """Whole days from two of them on, else hours, one at least; the other is 0."""
    return (span.days, 0) if span.days >= _DAYS_FROM else (0, max(1, round(span / _HOUR)))


def span_words(days: int, hours: int) -> str:
    """So many days, or so many hours where there are no days."""
    if days:
        return str(ngettext("%(num)s ngày", "%(num)s ngày", days))
    return str(ngettext("%(num)s giờ", "%(num)s giờ", hours))


# A page says these of each of fifty rows, about the same few numbers.
@kept_by_language
def _late_by(days: int, hours: int) -> str:
    return gettext("đã %(span)s", span=span_words(days, hours))


@kept_by_language
def _time_left(days: int, hours: int) -> str:
    return gettext("còn %(span)s", span=span_words(days, hours))


def staff_entries(lines: list[StaffLine], *, with_notes: bool) -> list[Entry]:
    """Every step for staff; the Front's own notes only where they may be read."""
    return [
        Entry(
            voice="front" if line.voice == "system" else line.voice,
            at=line.at,
            text=_staff_text(line),
            detail=as_written(line.note) if with_notes and line.note else None,
        )
        for line in lines
    ]


def _staff_text(line: StaffLine) -> str:
    step = translated(CASE.transition_label(line.transition))
    said = f"{step} ({organisation_name(line.organisation)})" if line.organisation else step
    return followed_by(said, line.public_line) if line.public_line else said


def init_presentation(app: Flask) -> None:
    """Offer the words of cases to templates."""
    app.jinja_env.globals.update(
        category_label=category_label,
        unit_name=unit_name,
        organisation_name=organisation_name,
        case_states=CASE_STATES,
        severities=SEVERITIES,
        waste_sources=WASTE_SOURCES,
        conclusions=CONCLUSIONS,
        place_sources={None: None} | _PLACE_WORDS,
    )
