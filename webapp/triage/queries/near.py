"""Cases that may be the same matter: same category, nearby, of late."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import BigInteger, Select, bindparam, select

from geo.points import Point, distance_m
from geo.sql import circle_values, within_circle
from webapp.cases.categories import category, codes_within
from webapp.cases.models import Case, CasePlace
from webapp.cases.policy import readable
from webapp.cases.workflow import OPEN
from webapp.core.actor import Actor
from webapp.core.base import UtcDateTime
from webapp.core.unit_of_work import session

LIMIT = 10
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
        **circle_values(point, node.near_m),
    }
    cases = session().scalars(_near_query(actor, main), values)
    return sorted(
        (NearCase(each, _metres(point, each)) for each in cases),
        key=lambda near: (near.metres, near.case.id),
    )[:LIMIT]


@lru_cache(maxsize=64)
def _near_query(actor: Actor, main: str) -> Select[Case]:
    """Built once for the officer and the category: building takes longer than running."""
    first, last = (bindparam(name, type_=UtcDateTime()) for name in ("first", "last"))
    return (
        select(Case)
        .join(CasePlace, CasePlace.case_id == Case.id)
        .where(
            readable(actor),
            Case.id != bindparam("but", type_=BigInteger()),
            Case.state.in_(sorted(OPEN)),
            Case.category.in_(sorted(codes_within(main))),
            Case.first_reported_at.between(first, last),
            within_circle(CasePlace.geom),
        )
        # Of the id itself a planner would walk the whole table backwards.
        .order_by((Case.id + 0).desc())
        .limit(_MOST)
    )


def _metres(point: Point, case: Case) -> float:
    if case.lon is None or case.lat is None:
        raise AssertionError("a case in the place table without a point")
    return distance_m(point, Point(case.lon, case.lat))
