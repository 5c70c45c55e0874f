"""What is counted: each measure as one condition, used by the board and by the list behind it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, case

from webapp.cases.categories import category as category_of
from webapp.cases.categories import category_codes, codes_within
from webapp.cases.indexed import still_open
from webapp.cases.models import Case
from webapp.cases.policy import readable
from webapp.cases.workflow import WITH_OFFICE
from webapp.casework.answers import answered_clocks, came_late
from webapp.casework.models import Recommendation
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.deadlines.models import Deadline
from webapp.figures.filters import NOT_SAID, BoardFilters
from webapp.figures.window import Window

OPEN, OVERDUE, OPENED, CLOSED = "dang-mo", "qua-han", "moi-mo", "da-xong"
ANSWERED, ON_TIME = "tra-loi", "tra-loi-dung-han"
_PLAIN = {"source": Case.waste_source, "severity": Case.severity}


def late(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Open cases whose nearest deadline has passed, as the desk says it."""
    return and_(still_open(), Case.due_at < now)


def answered(window: Window) -> ColumnElement[bool]:
    """Cases of which a recommendation was answered in these days."""
    return Case.id.in_(_answers(window))


def answered_late(window: Window) -> ColumnElement[bool]:
    """Those of them of which an answer came after its day."""
    return Case.id.in_(_answers(window).where(came_late()))


MEASURES: dict[str, Callable[[Window], ColumnElement[bool]]] = {
    OPEN: lambda _window: still_open(),
    OVERDUE: lambda _window: late(clock.now()),
    OPENED: lambda window: window.holds(Case.opened_at),
    CLOSED: lambda window: window.holds(Case.closed_at),
    ANSWERED: answered,
    ON_TIME: lambda window: and_(answered(window), ~answered_late(window)),
}


def holder() -> ColumnElement[int]:
    """The organisation that has to act next: the office while it has the case, else the Front."""
    with_office = and_(Case.state.in_(sorted(WITH_OFFICE)), Case.office_id.is_not(None))
    return case((with_office, Case.office_id), else_=Case.owner_id)


def asked(actor: Actor, filters: BoardFilters, unit_ids: tuple[int, ...]) -> ColumnElement[bool]:
    """The cases that the actor may read and asked for, whatever the measure.

    ``unit_ids`` are those counted for the unit asked for (``Places``), if one is.
    """
    conditions: list[ColumnElement[bool]] = [readable(actor)]
    if unit_ids:
        conditions.append(Case.handling_unit_id.in_(unit_ids))
    if filters.category:
        conditions.append(Case.category.in_(sorted(codes_within(filters.category))))
    if filters.priority:
        conditions.append(Case.category.in_(with_priority(filters.priority)))
    if filters.holder_id:
        conditions.append(holder() == filters.holder_id)
    return and_(*conditions, *plain_facts(filters))


def plain_facts(filters: BoardFilters) -> list[ColumnElement[bool]]:
    """What is asked of the case itself, as it is written there."""
    return [
        column.is_(None) if value == NOT_SAID else column == value
        for name, column in _PLAIN.items()
        if (value := getattr(filters, name))
    ]


def priorities_of(code: str) -> tuple[str, ...]:
    """The priorities of supervision of a category; one row of its own where it has none."""
    return category_of(code).priorities or (NOT_SAID,)


def with_priority(priority: str) -> list[str]:
    """The categories that serve a priority of supervision, or none."""
    return [code for code in category_codes() if priority in priorities_of(code)]


def _answers(window: Window) -> Select[Any]:
    return answered_clocks(Recommendation.case_id).where(window.holds(Deadline.stopped_at))
