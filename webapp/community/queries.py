"""Who is affected too: counts for the public, the follower of a code, what a person follows."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import joinedload

from webapp.cases.models import Case
from webapp.cases.public_queries import PublicCase
from webapp.cases.votes import last_result_at, votes_of
from webapp.cases.workflow import OPEN
from webapp.community.models import CaseFollower
from webapp.core.actor import Actor
from webapp.core.codes import digest, normalise
from webapp.core.errors import NotFound
from webapp.core.prepared import Prepared
from webapp.core.text import _
from webapp.core.unit_of_work import session

_WRONG = _("Không có việc nào khớp với mã này. Xin xem lại từng ký tự.")
_MERGES = 20  # a chain this long is a mistake, not a history


@dataclass(frozen=True)
class Affected:
    """Who is affected too, exactly; pages tell it by the rule of 5 only.

    A household is an account; a guest may be anyone, so guests are counted apart.
    """

    households: int = 0
    guests: int = 0


def affected(case_ids: list[int]) -> dict[int, Affected]:
    """For each case those who follow it or a case merged into it; who follows both counts once."""
    counted = {
        top: Affected(households, guests)
        for top, households, guests in session().execute(_affected_query(), {"cases": case_ids})
    }
    return {case_id: counted.get(case_id, Affected()) for case_id in case_ids}


def affected_by(case_id: int) -> Affected:
    """``affected`` of one case, for its page."""
    rows = _affected_by_query().rows({"case": case_id})
    return next((Affected(*counts) for _top, *counts in rows), Affected())


@cache
def _affected_query() -> Select[Any]:
    return _affected(Case.id.in_(bindparam("cases", type_=BigInteger(), expanding=True)))


@cache
def _affected_by_query() -> Prepared:
    return Prepared(_affected(Case.id == bindparam("case", type_=BigInteger())))


def _affected(which: ColumnElement[bool]) -> Select[Any]:
    start = select(Case.id.label("top"), Case.id.label("id")).where(which)
    into = start.cte("merged", recursive=True)
    more = select(into.c.top, Case.id).join(into, Case.merged_into_id == into.c.id)
    into = into.union(more)
    person = CaseFollower.person_id
    return (
        select(into.c.top, func.count(person.distinct()), func.count() - func.count(person))
        .join(CaseFollower, CaseFollower.case_id == into.c.id)
        .group_by(into.c.top)
    )


def merged_into(case_id: int) -> list[int]:
    """The case itself and every case that was merged into it, at any remove."""
    found, newest = [case_id], [case_id]
    for _step in range(_MERGES):
        query = select(Case.id).where(Case.merged_into_id.in_(newest), Case.id.not_in(found))
        newest = list(session().scalars(query))
        if not newest:
            break
        found += newest
    return found


def survivor(case: Case) -> Case:
    """The case that a merged one went into, itself when it was not merged."""
    for _step in range(_MERGES):
        if case.merged_into is None:
            break
        case = case.merged_into
    return case


def follow_digest(code: str) -> str:
    """What is stored of a follow code."""
    return digest("follow", normalise(code))


def follower_by_code(code: str | None, *, case_code: str | None = None) -> CaseFollower:
    """The follower that this code opens; one answer for every wrong code.

    Raises NotFound, also when ``case_code`` is of another case.
    """
    query = (
        select(CaseFollower)
        .where(CaseFollower.code_digest == follow_digest(code or ""))
        .options(joinedload(CaseFollower.case))
    )
    follower = session().scalar(query)
    if follower is None or not _is_about(follower, case_code):
        raise NotFound(_WRONG)
    return follower


def follower_of(actor: Actor, case_code: str) -> CaseFollower:
    """How a signed-in person follows a case. Raises NotFound when they do not."""
    for each in followed_by(actor):
        if _is_about(each, case_code):
            return each
    raise NotFound


def followed_by(actor: Actor) -> list[CaseFollower]:
    """What a signed-in person follows, the newest first; nothing for a guest."""
    if actor.person_id is None:
        return []
    query = (
        select(CaseFollower)
        .where(CaseFollower.person_id == actor.person_id)
        .options(joinedload(CaseFollower.case))
        .order_by(CaseFollower.id.desc())
    )
    return list(session().scalars(query))


def asked_to_confirm(follower: CaseFollower) -> bool:
    """Whether the case asks for a word on the fix and this follower has not given it since."""
    case = survivor(follower.case)
    if case.state != "awaiting_confirmation":
        return False
    said = votes_of(case, role="follower", voter=follower.uid)
    result = last_result_at(case.id)
    return not any(result is None or vote.at >= result for vote in said)


def _is_about(follower: CaseFollower, case_code: str | None) -> bool:
    codes = {normalise(case.code) for case in (follower.case, survivor(follower.case))}
    return case_code is None or normalise(case_code) in codes


def may_follow(case: PublicCase) -> bool:
    """Whether "Tôi cũng bị ảnh hưởng" is offered: an open case of no secret category."""
    return case.state in OPEN and not case.only_month
