"""Waiting reports around a place, as part of what higher features ask."""

from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from webapp.cases.around import away, in_cells, in_reach
from webapp.cases.categories import category, codes_within
from webapp.cases.indexed import Mostly
from webapp.core.actor import Actor
from webapp.core.base import UtcDateTime
from webapp.core.conditions import Unseen, ids_checked, ids_unseen, one_of_unseen
from webapp.reporting.indexed import still_waiting
from webapp.reporting.models import Report
from webapp.reporting.policy import readable_reports

CATEGORIES = "report_categories"


@lru_cache(maxsize=64)
def near_reports(actor: Actor) -> Select[Any]:
    """Id, lon, lat and ``away`` of waiting reports that the actor may read.

    Asked for with ``around_values``, the instants ``first`` and ``last`` and, as ``CATEGORIES``,
    what ``same_matter`` gives. Those that wait are found by category and cell in an index of their
    own, which holds all that is asked: what was handled long ago is not looked at.
    """
    first, last = (bindparam(name, type_=UtcDateTime()) for name in ("first", "last"))
    columns: tuple[Any, ...] = (Report.id, Report.lon, Report.lat)
    found = select(*columns, away(Report.lon, Report.lat).label("away"))
    here = in_cells(
        Report.cell,
        Mostly(still_waiting()),
        one_of_unseen(Report.category, CATEGORIES),
        Report.received_at.between(Unseen(first), Unseen(last)),
    )
    return found.select_from(here).where(
        in_reach(Report.lon, Report.lat), ids_checked(ids_unseen(readable_reports(actor)))
    )


@cache
def same_matter(code: str) -> tuple[str, ...]:
    """The category, all below it, and what stands above without being more exact."""
    node = category(code)
    main = node.parent if node.depth == 2 and node.parent else node.code
    above = category(main).parent
    return tuple(sorted(codes_within(main) | ({above} if above else set())))
