"""What a passed date calls for: an urging letter, then the province (workflow.md, clocks).

Proposed to the Front of the case, on its page and in its list; nothing happens by itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import BigInteger, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import joinedload

from webapp.cases.models import Case, Proposal
from webapp.cases.policy import readable
from webapp.cases.workflow import RAISABLE, URGEABLE
from webapp.casework import permissions as may
from webapp.casework.answers import ANSWER_CLOCKS
from webapp.casework.models import Recommendation, UrgingLetter
from webapp.casework.workflow import SENT
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.base import UtcDateTime
from webapp.core.unit_of_work import session
from webapp.deadlines.models import ClockRule, Deadline
from webapp.deadlines.queries import OwnerLoad, load_by_owner
from webapp.directory.models import Organisation

URGE: Final = "urge"
RAISE: Final = "raise"
_OFFICE_CLOCKS: Final = ("accept", "accept_urgent", "conclude", "remedy")
LIMIT: Final = 100


@dataclass(frozen=True)
class Suggestion:
    """A case whose office is late: what to do, since when it is late, by which rule."""

    case: Case
    step: str
    due_at: datetime
    rule_key: str


@dataclass(frozen=True)
class Load:
    """What runs for one organisation."""

    organisation: Organisation
    load: OwnerLoad


def suggestions(actor: Actor) -> list[Suggestion]:
    """Late cases of the committees for which the actor writes letters, the latest first."""
    mine = sorted(actor.organisations_for(may.DRAFT))
    if not mine:
        return []
    whole = (joinedload(Case.handling_unit), joinedload(Case.office))
    query = _late(Case).where(readable(actor), Case.owner_id.in_(mine)).options(*whole)
    return _suggested(session().execute(query, {"now": clock.now()}).all())


def suggestion_for(actor: Actor, case: Case) -> Suggestion | None:
    """What to propose on the page of one case, to those who could do it."""
    mine = actor.organisations_for(may.DRAFT)
    if case.state not in RAISABLE or case.owner_id not in mine:
        return None
    rows = session().execute(_late_of_one(), {"now": clock.now(), "case": case.id})
    return next(iter(_suggested((case, due_at, key) for _id, due_at, key in rows)), None)


def loads(actor: Actor) -> list[Load]:
    """What runs for the Front and the offices of the units whose cases the actor writes on.

    Every owner of an open case there is shown, so that work given over to one of them shows.
    """
    units = sorted(actor.units_for(may.DRAFT) | actor.units_for(may.SIGN))
    query = select(Organisation).where(Organisation.unit_id.in_(units))
    bodies = {each.id: each for each in session().scalars(query)}
    return [Load(bodies[each.owner_id], each) for each in load_by_owner(bodies)]


def _suggested(late: Iterable[Sequence[Any]]) -> list[Suggestion]:
    """What to do about each late case, from its clocks with the earliest first."""
    found: dict[int, Suggestion] = {}
    for case, due_at, rule_key in late:
        if case.id not in found:
            found[case.id] = Suggestion(case, URGE, due_at, rule_key)
    if not found:
        return []
    urged = _last_urged(found)
    raising = _asked_to_raise(found)
    return [
        decided
        for each in found.values()
        if (decided := _decided(each, urged.get(each.case.id), raising)) is not None
    ]


@cache
def _late_of_one() -> Select[Any]:
    """Built once: every page of a case asks it, and building takes longer than running."""
    asked: Any = bindparam("case", type_=BigInteger())
    letters = select(Recommendation.id).where(Recommendation.case_id == asked)
    # Said of the clock itself, for its index: the case is joined by an expression.
    own = or_(
        and_(Deadline.subject_kind == "case", Deadline.subject_id == asked),
        and_(Deadline.subject_kind == "recommendation", Deadline.subject_id.in_(letters)),
    )
    return _late(Case.id).where(own, Case.id == asked)


def _late(of_case: Any) -> Select[Any]:
    """Late clocks of an office with their case, found from the clocks that run."""
    letter = and_(
        Deadline.subject_kind == "recommendation", Recommendation.id == Deadline.subject_id
    )
    of_office = and_(Deadline.subject_kind == "case", ClockRule.key.in_(_OFFICE_CLOCKS))
    of_letter = and_(ClockRule.key.in_(ANSWER_CLOCKS), Recommendation.state.in_(sorted(SENT)))
    return (
        select(of_case, Deadline.due_at, ClockRule.key)
        .select_from(Deadline)
        .join(ClockRule, ClockRule.id == Deadline.rule_id)
        .outerjoin(Recommendation, letter)
        .join(Case, Case.id == func.coalesce(Recommendation.case_id, Deadline.subject_id))
        .where(
            or_(of_office, of_letter),
            Case.state.in_(sorted(RAISABLE)),
            Deadline.stopped_at.is_(None),
            Deadline.paused_at.is_(None),
            Deadline.due_at < bindparam("now", type_=UtcDateTime()),
        )
        .order_by(Deadline.due_at, Case.id)
        .limit(LIMIT)
    )


def _last_urged(case_ids: Iterable[int]) -> dict[int, date]:
    """The latest day that an urging letter of each case named."""
    query = (
        select(UrgingLetter.case_id, func.max(UrgingLetter.new_due_on))
        .where(UrgingLetter.case_id.in_(sorted(case_ids)))
        .group_by(UrgingLetter.case_id)
    )
    return {case_id: day for case_id, day in session().execute(query)}


def _asked_to_raise(case_ids: Iterable[int]) -> set[int]:
    query = select(Proposal.case_id).where(
        Proposal.case_id.in_(sorted(case_ids)),
        Proposal.kind == "raise",
        Proposal.state == "pending",
    )
    return set(session().scalars(query))


def _decided(late: Suggestion, urged: date | None, raising: set[int]) -> Suggestion | None:
    """Urge first; once the day of the urging letter has passed too, go to the province."""
    case = late.case
    if urged is None:
        return late if case.state in URGEABLE and case.office_id is not None else None
    if urged >= clock.today_local() or case.id in raising:
        return None
    if case.raised or case.level == "province":
        return late if case.state in URGEABLE else None
    return Suggestion(case, RAISE, late.due_at, late.rule_key)
