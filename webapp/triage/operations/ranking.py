"""The stored order of the queue, made anew after the table of weights has changed."""

from typing import Any

from sqlalchemy import ColumnElement, Select, select

from webapp.cases.indexed import still_open
from webapp.cases.models import Case
from webapp.cases.priority import queue_rank
from webapp.core.unit_of_work import session
from webapp.reporting.indexed import still_waiting
from webapp.reporting.models import Report

BATCH = 500


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
        rank = queue_rank(row.priority_facts)
        changed += rank != row.queue_rank
        row.queue_rank = rank
    return changed, rows[-1].id if len(rows) == BATCH else None
