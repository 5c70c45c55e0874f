"""Cases that may be the same matter: same category, nearby, of late."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from geo.points import Point, distance_m
from geo.sql import within_metres
from webapp.cases.categories import category, codes_within
from webapp.cases.models import Case, CasePlace
from webapp.cases.policy import readable
from webapp.cases.workflow import OPEN
from webapp.core.actor import Actor
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
    query = (
        select(Case)
        .join(CasePlace, CasePlace.case_id == Case.id)
        .where(
            readable(actor),
            Case.id != (but or 0),
            Case.state.in_(sorted(OPEN)),
            Case.category.in_(sorted(codes_within(main))),
            Case.first_reported_at.between(around - span, around + span),
            within_metres(CasePlace.geom, point, node.near_m),
        )
        .options(joinedload(Case.handling_unit))
        # Of the id itself a planner would walk the whole table backwards.
        .order_by((Case.id + 0).desc())
        .limit(_MOST)
    )
    found = [NearCase(each, _metres(point, each)) for each in session().scalars(query)]
    return sorted(found, key=lambda near: (near.metres, near.case.id))[:LIMIT]


def _metres(point: Point, case: Case) -> float:
    if case.lon is None or case.lat is None:
        raise AssertionError("a case in the place table without a point")
    return distance_m(point, Point(case.lon, case.lat))
