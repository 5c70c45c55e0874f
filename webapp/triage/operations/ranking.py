"""The stored order of the queue, made anew after the table of weights or the map of places."""

from typing import Any

from sqlalchemy import ColumnElement, Select, select

from geo.points import Point
from webapp.audit.operations import Subject, record
from webapp.cases.indexed import still_open
from webapp.cases.models import Case
from webapp.cases.priority import queue_rank
from webapp.cases.priority_places import near_place
from webapp.core.actor import SYSTEM
from webapp.core.unit_of_work import session, write_unit
from webapp.reporting.indexed import still_waiting
from webapp.reporting.models import Report

BATCH = 500


def rank_all() -> int:
    """Rank every open case and waiting report anew; how many changed their place.

    Each batch is a write unit of its own; a second run changes nothing.
    """
    moved = 0
    for kind in ("report", "case"):
        last: int | None = 0
        while last is not None:
            with write_unit():
                changed, last = rank_some(kind, after=last)
            moved += changed
    return moved


def rank_near_places() -> None:
    """The job after schools or clinics changed; one entry of the audit tells of all."""
    moved = rank_all()
    with write_unit():
        record(SYSTEM, "triage.rank", Subject("queue", None), moved=moved)


def rank_some(kind: str, *, after: int) -> tuple[int, int | None]:
    """Rank the next BATCH open cases or waiting reports by id; versions stay.

    Gives how many changed their place, and the id to go on after, None at the end.
    """
    model: type[Case] | type[Report] = Case if kind == "case" else Report
    live: ColumnElement[bool] = still_open() if kind == "case" else still_waiting()
    query: Select[Any] = select(model).where(model.id > after, live).order_by(model.id).limit(BATCH)
    rows: list[Case | Report] = list(session().scalars(query.with_for_update(of=model)))
    changed = 0
    for row in rows:
        row.near_place = near_place(_point(row))
        rank = queue_rank(row.priority_facts)
        changed += rank != row.queue_rank
        row.queue_rank = rank
    return changed, rows[-1].id if len(rows) == BATCH else None


def _point(row: Case | Report) -> Point | None:
    return None if row.lon is None or row.lat is None else Point(row.lon, row.lat)
