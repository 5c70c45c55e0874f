"""What a passed date calls for: an urging letter, then the province (workflow.md, clocks).

Proposed to the Front of the case, on its page and in its list; nothing happens by itself.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Subquery,
    and_,
    bindparam,
    func,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from webapp.cases.indexed import LeftFirst, still_open, still_pending
from webapp.cases.models import Case, Proposal
from webapp.cases.policy import readable
from webapp.cases.workflow import RAISABLE, URGEABLE
from webapp.casework import permissions as may
from webapp.casework.answers import ANSWER_CLOCKS, CLARIFY
from webapp.casework.models import Recommendation, UrgingLetter
from webapp.casework.workflow import SENT
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.base import EightBytes, UtcDateTime
from webapp.core.conditions import in_words, one_of, states_in_words
from webapp.core.prepared import Prepared
from webapp.core.unit_of_work import session
from webapp.deadlines.models import ClockRule, Deadline
from webapp.deadlines.queries import OwnerLoad, load_by_owner
from webapp.directory.models import Organisation

URGE: Final = "urge"
RAISE: Final = "raise"
_OFFICE_CLOCKS: Final = ("accept", "accept_urgent", "conclude", "remedy")
_LETTER_CLOCKS: Final = (*ANSWER_CLOCKS, CLARIFY)
LIMIT: Final = 100
_NOW: Any = bindparam("now", type_=UtcDateTime())


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
    if not actor.organisations_for(may.DRAFT):
        return []
    late = _late_cases(actor).rows({"now": clock.now()})
    if not late:
        return []
    whole = (joinedload(Case.handling_unit), joinedload(Case.office))
    query = select(Case).where(Case.id.in_({case_id for case_id, *_clock in late})).options(*whole)
    cases = {each.id: each for each in session().scalars(query)}
    return _suggested((cases[case_id], due_at, key) for case_id, due_at, key in late)


def suggestion_for(
    actor: Actor, case: Case, urging: Callable[[], Iterable[UrgingLetter]]
) -> Suggestion | None:
    """What to propose on the page of one case, to those who could do it.

    ``urging`` gives the urging letters of the case; it is asked where something is late.
    """
    mine = actor.organisations_for(may.DRAFT)
    if case.state not in RAISABLE or case.owner_id not in mine:
        return None
    late = _late_of_one().rows({"now": clock.now(), "case": case.id})
    if not late:
        return None
    _case_id, due_at, rule_key = late[0]
    urged = max((each.new_due_on for each in urging()), default=None)
    raising = case.proposal("raise") is not None
    return _decided(Suggestion(case, URGE, due_at, rule_key), urged, raising=raising)


def loads(actor: Actor) -> list[Load]:
    """What runs for the Front and the offices of the units whose cases the actor writes on.

    Every owner of an open case there is shown, so that work given over to one of them shows.
    """
    units = actor.units_for(may.DRAFT) | actor.units_for(may.SIGN)
    found = load_by_owner(select(Organisation.id).where(one_of(Organisation.unit_id, units)))
    query = select(Organisation).where(Organisation.id.in_([each.owner_id for each in found]))
    bodies = {each.id: each for each in session().scalars(query)}
    return [Load(bodies[each.owner_id], each) for each in found]


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
        for case_id, each in found.items()
        if (decided := _decided(each, urged.get(case_id), raising=case_id in raising)) is not None
    ]


@cache
def _late_of_one() -> Prepared:
    """Built once: every page of a case asks it, and building takes longer than running."""
    found = _late(Case.id == bindparam("case", type_=EightBytes()))
    return Prepared(select(found).order_by(found.c.due_at).limit(in_words(1)))


@lru_cache(maxsize=64)
def _late_cases(actor: Actor) -> Prepared:
    """The actor's late open cases with their clocks, the longest late first."""
    mine = Case.owner_id.in_(sorted(actor.organisations_for(may.DRAFT)))
    found = _late(still_open(), mine, readable(actor))
    query = select(found).order_by(found.c.due_at, found.c.case_id)
    return Prepared(query.limit(in_words(LIMIT)))


def _late(*conditions: ColumnElement[bool]) -> Subquery:
    """Late clocks of offices, found from the cases: one branch for the clocks of the case itself,
    one for those of its letters.

    Far more clocks are late anywhere than a committee has open cases. The nearest moment of its own
    clocks stands with the case, and those that are not late are not looked up.
    """
    case, letter = Case.__table__, Recommendation.__table__
    letters = LeftFirst(case, letter, Recommendation.case_id == Case.id)
    of_case = _clocks("case", case, Case.id, _OFFICE_CLOCKS).where(Case.due_at < _NOW)
    of_letter = _clocks("recommendation", letters, Recommendation.id, _LETTER_CLOCKS)
    of_letter = of_letter.where(Recommendation.state.in_(sorted(SENT)))
    raisable = Case.state.in_(states_in_words(sorted(RAISABLE)))
    both = (each.where(raisable, *conditions) for each in (of_case, of_letter))
    return union_all(*both).subquery("late")


def _clocks(
    kind: str, records: FromClause, record_id: InstrumentedAttribute[int], keys: Iterable[str]
) -> Select[int, datetime, str]:
    """The running late clocks of some records, each with its case."""
    of_record = and_(Deadline.subject_kind == kind, Deadline.subject_id == record_id)
    return (
        select(Case.id.label("case_id"), Deadline.due_at, ClockRule.key)
        .select_from(LeftFirst(records, Deadline.__table__, of_record))
        .join(ClockRule, ClockRule.id == Deadline.rule_id)
        .where(
            ClockRule.key.in_(keys),
            Deadline.stopped_at.is_(None),
            Deadline.paused_at.is_(None),
            Deadline.due_at < _NOW,
        )
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
        still_pending(),
    )
    return set(session().scalars(query))


def _decided(late: Suggestion, urged: date | None, *, raising: bool) -> Suggestion | None:
    """Urge first; once the day of the urging letter has passed too, go to the province."""
    case = late.case
    if urged is None:
        return late if case.state in URGEABLE and case.office_id is not None else None
    if urged >= clock.today_local() or raising:
        return None
    if case.raised or case.level == "province":
        return late if case.state in URGEABLE else None
    return Suggestion(case, RAISE, late.due_at, late.rule_key)
