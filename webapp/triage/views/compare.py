"""Two records side by side, and saying that they are not the same problem."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal, gettext

from webapp.cases import permissions as cases_may
from webapp.cases.lines import timeline
from webapp.cases.models import Case
from webapp.cases.presentation import Entry, staff_entries
from webapp.core.actor import Actor
from webapp.core.unit_of_work import write_unit
from webapp.reporting.permissions import DECIDE, READ
from webapp.reporting.queries import lines_for_staff
from webapp.triage.operations.same_problem import say_not_same, take_back_not_same
from webapp.triage.presentation import distance_in_words, line_entries
from webapp.triage.queries.compared import Compared, compared, record_of
from webapp.triage.queries.same_problem import Record, point_of
from webapp.triage.suggested import (
    joining_act,
    name_of,
    parts_in_words,
    refusing_act,
    state_words,
    url_of,
)
from webapp.web.current_actor import current_actor
from webapp.web.guards import requires
from webapp.web.redirects import see

bp = Blueprint("compare", __name__, url_prefix="/can-bo/so-sanh")


@bp.get("/<code>/<other>")
@requires(READ, cases_may.READ)
def show(code: str, other: str) -> str:
    """Words, places, photos and histories of two records, and what to do with them."""
    actor = current_actor()
    found = compared(actor, code, other)
    here, there = found.left.record, found.right.record
    return render_template(
        "triage/compare.html",
        found=found,
        sides=[
            (side, name_of(side.record), url_of(side.record), state_words(side.record))
            for side in (found.left, found.right)
        ],
        entries=[_entries(actor, each) for each in (here, there)],
        parts=parts_in_words(found.parts),
        pair=_pair(here, there),
        coordinates=[_coordinates(each) for each in (here, there)],
        apart=_apart(found),
        laid=_laid(found),
        joined=joining_act(actor, here, there),
        refused=refusing_act(actor, here, there),
    )


@bp.post("/<code>/<other>/khong-phai")
@requires(DECIDE, cases_may.OPEN)
def not_same(code: str, other: str) -> ResponseReturnValue:
    """They are not the same: neither is suggested to the other again."""
    actor = current_actor()
    with write_unit():
        here = record_of(actor, code)
        say_not_same(actor, here, record_of(actor, other))
        kind = "cases" if isinstance(here, Case) else "reports"
    return see(f"staff_{kind}.show", code=code)


@bp.post("/<code>/<other>/xet-lai")
@requires(DECIDE, cases_may.OPEN)
def take_back(code: str, other: str) -> ResponseReturnValue:
    """They may be the same after all."""
    actor = current_actor()
    with write_unit():
        take_back_not_same(actor, record_of(actor, code), record_of(actor, other))
    return see("compare.show", code=code, other=other)


def _entries(actor: Actor, record: Record) -> list[Entry]:
    if isinstance(record, Case):
        return staff_entries(timeline(record.id), with_notes=True)
    return line_entries(lines_for_staff(actor, record))


def _pair(*records: Record) -> list[dict[str, object]]:
    """Both places with their codes for the map; none where one of them is not known."""
    points = [(each.code, point_of(each)) for each in records]
    known = [{"name": code, "lon": at.lon, "lat": at.lat} for code, at in points if at]
    return known if len(known) == len(records) else []


def _coordinates(record: Record) -> str:
    at = point_of(record)
    return f"{at.lat:.5f}, {at.lon:.5f}" if at else "–"


def _apart(found: Compared) -> str:
    """How far they are from each other, as a sentence."""
    metres = found.parts.metres
    if metres is None:
        return ""
    if metres < 1000:
        return str(gettext("Hai chỗ %(distance)s.", distance=distance_in_words(metres)))
    return str(
        gettext("Hai chỗ cách %(kilometres)s km.", kilometres=format_decimal(metres / 1000, "0.0"))
    )


def _laid(found: Compared) -> tuple[int, int] | None:
    """The photos that were asked for, else the two that fit best."""
    if found.pair is None:
        return None
    left = _number("trai", len(found.left.photos), found.pair[0])
    return left, _number("phai", len(found.right.photos), found.pair[1])


def _number(name: str, count: int, usual: int) -> int:
    text = request.args.get(name, "")
    asked = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    return asked - 1 if 1 <= asked <= count else usual
