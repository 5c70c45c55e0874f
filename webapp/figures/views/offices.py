"""``/vu-viec/co-quan``: per office what is overdue and which letters were never answered."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for

from webapp.cases.presentation import organisation_name
from webapp.core.actor import Actor
from webapp.core.clock import today_local
from webapp.core.errors import NotFound
from webapp.core.text import Text, _
from webapp.core.working_days import Calendar, working_days_between
from webapp.directory.models import Unit
from webapp.directory.queries import organisations_in, working_calendar
from webapp.figures.queries.offices import (
    OfficeRow,
    SilentLetter,
    late_cases,
    office_rows,
    silent_letters,
)
from webapp.figures.views.public import FEW, asked_window
from webapp.figures.window import Window
from webapp.web.guards import public
from webapp.web.paging import LAST_ID, Page
from webapp.web.shared_answers import shared

bp = shared(Blueprint("offices", __name__, url_prefix="/vu-viec/co-quan"))
OVERDUE, SILENT = "qua-han", "chua-tra-loi"
LISTS: dict[str, Text] = {
    OVERDUE: _("Quá hạn"),
    SILENT: _("Chưa từng trả lời"),
}
OFFICE_KINDS = ("env_office", "peoples_committee")


@dataclass(frozen=True)
class Groups:
    """Offices with enough cases to compare, the largest share overdue first; the others by name."""

    compared: list[OfficeRow]
    few: list[OfficeRow]


@bp.get("")
@public
def index() -> str:
    """Every office that has cases or letters, and how much of it is late or unanswered."""
    window = asked_window()
    return render_template(
        "figures/offices.html", window=window, groups=_grouped(office_rows(window)), few=FEW
    )


@bp.get(f"/<int(max={LAST_ID}):organisation_id>/<which>")
@public
def office(organisation_id: int, which: str) -> str:
    """One list of one office."""
    if which not in LISTS:
        raise NotFound
    window, cursor = asked_window(), request.args.get("after")
    row = next(iter(office_rows(window, [organisation_id])), None)
    if row is None or row.organisation.kind not in OFFICE_KINDS:
        raise NotFound
    read = late_cases if which == OVERDUE else silent_letters
    page: Page[Any] = read(organisation_id, window, cursor=cursor)
    return render_template(
        "figures/office.html",
        window=window,
        row=row,
        which=which,
        lists=LISTS,
        page=page,
        next_url=page.next_cursor and _url(organisation_id, which, page.next_cursor),
        first_url=cursor and _url(organisation_id, which, None),
        waited=_waited(working_calendar(), today_local()),
    )


def unit_panel(_actor: Actor, unit: Unit) -> str | None:
    """The offices of a locality and what is late with them."""
    ids = [each.id for each in organisations_in(unit.id) if each.kind in OFFICE_KINDS]
    window = Window.last_year(today_local())
    rows = [row for row in office_rows(window, ids) if row.tally.held or row.tally.due]
    if not rows:
        return None
    return render_template("figures/unit_offices.html", rows=rows, window=window)


def _grouped(rows: list[OfficeRow]) -> Groups:
    compared = [row for row in rows if row.tally.held >= FEW]
    compared.sort(
        key=lambda row: (-(row.tally.overdue_share or 0), organisation_name(row.organisation))
    )
    return Groups(compared, [row for row in rows if row.tally.held < FEW])


def _waited(calendar: Calendar, today: date) -> Callable[[SilentLetter], Text]:
    """The line of the law's limits, as the public page of a case has it."""

    def line(letter: SilentLetter) -> Text:
        days = working_days_between(calendar, letter.delivered, today)
        return _(
            "Chưa có trả lời sau %(days)s ngày làm việc (hạn theo quy chế phối hợp của tỉnh)",
            days=days,
        )

    return line


def _url(organisation_id: int, which: str, cursor: str | None) -> str:
    days = {name: request.args.get(name) for name in ("from", "to")} | {"after": cursor}
    here = url_for(".office", organisation_id=organisation_id, which=which)
    return f"{here}?{urlencode({name: value for name, value in days.items() if value})}"
