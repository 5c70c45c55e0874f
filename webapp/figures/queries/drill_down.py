"""The cases behind a number of a board: the same conditions, page by page."""

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from webapp.cases.models import Case
from webapp.core.actor import Actor
from webapp.core.unit_of_work import session
from webapp.figures.filters import BoardFilters
from webapp.figures.queries.measures import MEASURES, asked
from webapp.figures.queries.places import Places
from webapp.web.paging import Page, encode_cursor, id_cursor

PAGE_SIZE = 50


def counted_cases(
    actor: Actor, filters: BoardFilters, measure: str, cursor: str | None
) -> Page[Case]:
    """One page of the cases that a measure counts, the newest first. Raises Invalid."""
    query = select(Case).where(*_counted(actor, filters, measure))
    before = id_cursor(cursor)
    if before is not None:
        query = query.where(Case.id < before)
    query = query.options(joinedload(Case.handling_unit)).order_by(Case.id.desc())
    rows = list(session().scalars(query.limit(PAGE_SIZE + 1)))
    following = encode_cursor([rows[PAGE_SIZE - 1].id]) if len(rows) > PAGE_SIZE else None
    return Page(rows[:PAGE_SIZE], following)


def how_many_cases(actor: Actor, filters: BoardFilters, measure: str) -> int:
    """How many there are in all."""
    query = select(func.count(Case.id)).where(*_counted(actor, filters, measure))
    return session().scalar(query) or 0


def _counted(
    actor: Actor, filters: BoardFilters, measure: str
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    unit_ids = Places().counted_for(filters.unit_id)
    return asked(actor, filters, unit_ids), MEASURES[measure](filters.window)
