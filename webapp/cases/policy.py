"""Who sees which case, and for whom a permission holds on it (rings of sight, workflow.md).

The Front sees the cases of its units; a commune never one sent straight to the province before
its release. An office sees what was addressed to it, and urgent cases of its unit. A publisher
sees public cases. Whoever acts locally sees a task, never a case.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from geo.points import Point
from geo.privacy import OFFICE_PLACE_M, public_point
from webapp.accounts.absence import not_aside
from webapp.cases import permissions as may
from webapp.cases.indexed import still_open, still_pending
from webapp.cases.models import Case, Proposal
from webapp.cases.workflow import ENDED, PLACE_SOURCES
from webapp.core.actor import Actor, Grant, Level
from webapp.core.conditions import one_of


class Sight(StrEnum):
    """How much of a case an actor sees: the widest ring that applies."""

    FRONT = "front"
    OFFICE = "office"
    PUBLISHER = "publisher"


@dataclass(frozen=True)
class ShownPlace:
    """Where the problem is, as one ring may know it; not ``exact`` is the middle of a square."""

    point: Point
    exact: bool


@lru_cache(maxsize=128)
def readable(actor: Actor) -> ColumnElement[bool]:
    """The condition on ``Case`` for every case that the actor may open as staff."""
    rules = [
        *(_as_front(grant) for grant in actor.grants_for(may.READ)),
        *(_as_office(grant) for grant in actor.grants_for(may.READ_AS_OFFICE)),
        *(_as_publisher(grant) for grant in actor.grants_for(may.READ_TO_PUBLISH)),
    ]
    return and_(or_(*rules), not_aside(actor, "case", Case.id)) if rules else false()


@lru_cache(maxsize=128)
def offered(actor: Actor) -> ColumnElement[bool]:
    """The condition on ``Case`` for cases that another unit proposes to the actor's unit."""
    units = actor.units_for(may.OPEN)
    proposed = select(Proposal.case_id).where(
        Proposal.kind == "transfer",
        still_pending(),
        one_of(Proposal.target_unit_id, units),
    )
    return and_(Case.id.in_(proposed), released()) if units else false()


@lru_cache(maxsize=128)
def openable(actor: Actor) -> ColumnElement[bool]:
    """The condition on ``Case`` for one case by its code: readable, or offered to the unit."""
    return and_(or_(readable(actor), offered(actor)), not_aside(actor, "case", Case.id))


def _as_front(grant: Grant) -> ColumnElement[bool]:
    here = one_of(Case.handling_unit_id, grant.unit_ids)
    return here if grant.level is Level.PROVINCE else and_(here, released())


def _as_office(grant: Grant) -> ColumnElement[bool]:
    addressed = or_(
        Case.office_id == grant.organisation_id, Case.addressee_id == grant.organisation_id
    )
    urgent = and_(
        Case.urgent,
        one_of(Case.handling_unit_id, grant.unit_ids),
        still_open(),
        released(),
    )
    return or_(addressed, urgent)


def _as_publisher(grant: Grant) -> ColumnElement[bool]:
    return and_(one_of(Case.handling_unit_id, grant.unit_ids), Case.public_since.is_not(None))


def released() -> ColumnElement[bool]:
    """Cases that a commune may know of: not those sent past it to the province."""
    return or_(Case.to_province.is_(False), Case.released, Case.public_since.is_not(None))


def sight(actor: Actor, case: Case) -> Sight:
    """How much of a case that is readable for the actor is shown to them.

    Of one sent straight to the province a commune reads what was released or is public: neither
    photos nor notes, nor where the phone stood.
    """
    if any(_reads_whole(grant, case) for grant in actor.grants_for(may.READ)):
        return Sight.FRONT
    if any(_asked(grant, case) for grant in actor.grants_for(may.READ_AS_OFFICE)):
        return Sight.OFFICE
    return Sight.PUBLISHER


def _reads_whole(grant: Grant, case: Case) -> bool:
    above = grant.level is Level.PROVINCE or not case.to_province
    return above and case.handling_unit_id in grant.unit_ids


@lru_cache(maxsize=128)
def placed(actor: Actor) -> ColumnElement[bool]:
    """The condition on ``Case`` for those whose exact place the actor knows as the Front."""
    grants = actor.grants_for(may.READ)
    if all(grant.level is Level.PROVINCE for grant in grants):
        return true()
    above = [grant.unit_ids for grant in grants if grant.level is Level.PROVINCE]
    whole = (one_of(Case.handling_unit_id, unit_ids) for unit_ids in above)
    return or_(Case.to_province.is_(False), *whole)


def _asked(grant: Grant, case: Case) -> bool:
    """``_as_office`` for one case at hand."""
    if grant.organisation_id in {case.office_id, case.addressee_id}:
        return True
    here = case.handling_unit_id in grant.unit_ids and case.state not in ENDED
    released = not case.to_province or case.released or case.public_since is not None
    return case.urgent and here and released


def shown_place(case: Case, ring: Sight | None) -> ShownPlace | None:
    """The place of a case for a ring of sight; None for the ring of who is sent there by a task.

    Outside the Front nobody learns where a phone stood when it sent (workflow: rings of sight): a
    place that only the phone gave is the middle of a square of OFFICE_PLACE_M, until a Front
    officer says that it is the problem's own. A publisher works with the public point.
    """
    if ring is Sight.PUBLISHER or case.lon is None or case.lat is None:
        return None
    point = Point(case.lon, case.lat)
    if ring is Sight.FRONT or case.place_source in _OF_THE_PROBLEM:
        return ShownPlace(point, exact=True)
    return ShownPlace(public_point(point, OFFICE_PLACE_M), exact=False)


class Keepers(NamedTuple):
    """Who keeps a case and who is asked: what ``holds`` looks at, where it is asked often."""

    handling_unit_id: int
    owner_id: int
    office_id: int | None
    addressee_id: int | None


def holds(grant: Grant, case: Case | Keepers, step: str) -> bool:
    """Whether a grant's permission counts for this step of this case.

    A permission counts for the organisation that owns the case or is asked by it; the province
    takes, returns and releases in its own units; an office of the unit may take an urgent case.
    """
    if step in _PROVINCE_STEPS:
        return grant.level is Level.PROVINCE and case.handling_unit_id in grant.unit_ids
    if step in _UNIT_STEPS:
        return case.handling_unit_id in grant.unit_ids
    return grant.organisation_id in {case.owner_id, case.office_id, case.addressee_id}


_OF_THE_PROBLEM = frozenset(PLACE_SOURCES) - {"gps"}
_PROVINCE_STEPS = frozenset({"escalate_raised", "raise", "return_raise", "release_to_commune"})
_UNIT_STEPS = frozenset({"open_case", "accept_urgent"})
