"""Cases that may be the same matter: same category, nearby, of late."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, bindparam, select

from geo.points import Point, distance_m
from geo.sql import circle_values, within_circle
from webapp.cases.categories import category, codes_within
from webapp.cases.models import Case, CasePlace
from webapp.cases.policy import readable
from webapp.cases.workflow import OPEN
from webapp.core.actor import Actor
from webapp.core.base import UtcDateTime
from webapp.core.conditions import one_of_codes
from webapp.core.prepared import Prepared
from webapp.core.unit_of_work import session

LIMIT = 10
_PLACED: tuple[Any, ...] = (Case.id, Case.lon, Case.lat)
_MOST = 200  # looked at, the newest first; a circle of a few hundred metres holds fewer


@dataclass(frozen=True)
class NearCase:
    """A case and how far it is, in metres."""

    case: Case
    metres: float


def near_cases(
    actor: Actor,
    *,
    category_code: str,
    point: Point | None,
    around: datetime,
    but: int | None = None,
) -> list[NearCase]:
    """Open cases of the same category that the actor may read, the ten nearest, nearest first.

    How near and how late the category says. Empty without a point.
    """
    if point is None:
        return []
    node = category(category_code)
    main = node.parent if node.depth == 2 and node.parent else node.code
    span = timedelta(days=node.near_days)
    values = {
        "but": but or 0,
        "first": around - span,
        "last": around + span,
        "categories": codes_within(main),
        **circle_values(point, node.near_m),
    }
    rows = _near_query(actor).rows(values)
    found = ((distance_m(point, Point(lon, lat)), case_id) for case_id, lon, lat in rows)
    near = sorted(found)[:LIMIT]
    cases = _by_id(case_id for _metres, case_id in near) if near else {}
    return [NearCase(cases[case_id], metres) for metres, case_id in near if case_id in cases]


@lru_cache(maxsize=64)
def _near_query(actor: Actor) -> Prepared:
    """Ids and places, built once for the officer, whatever the category: mostly nothing is near."""
    first, last = (bindparam(name, type_=UtcDateTime()) for name in ("first", "last"))
    return Prepared(
        select(*_PLACED)
        .join(CasePlace, CasePlace.case_id == Case.id)
        .where(
            readable(actor),
            Case.id != bindparam("but", type_=BigInteger()),
            Case.state.in_(sorted(OPEN)),
            one_of_codes(Case.category, "categories"),
            Case.first_reported_at.between(first, last),
            within_circle(CasePlace.geom),
        )
        # Of the id itself a planner would walk the whole table backwards.
        .order_by((Case.id + 0).desc())
        .limit(_MOST)
    )


def _by_id(case_ids: Iterable[int]) -> dict[int, Case]:
    query = select(Case).where(Case.id.in_(sorted(case_ids)))
    return {each.id: each for each in session().scalars(query)}
