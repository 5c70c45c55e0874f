"""The word of residents and groups on a fix: every vote is kept, a voter's newest one counts.

Public numbers of voters follow the rule of 5: fewer than 5 people read "dưới 5".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select

from webapp.cases import permissions as may
from webapp.cases.models import Case, CaseVote, TimelineLine
from webapp.cases.operations import take_step
from webapp.core import clock
from webapp.core.actor import GUEST, Actor
from webapp.core.codes import digest
from webapp.core.errors import Forbidden, Invalid
from webapp.core.text import Text, _
from webapp.core.unit_of_work import session
from webapp.media.models import Photo

RULE_OF = 5
RESULT_STEPS = ("report_local_result", "report_remedied", "no_remedy")
ROLES = {
    "reporter": _("Người gửi phản ánh"),
    "follower": _("Người theo dõi"),
    "group": _("Tổ tự quản, tổ chức thành viên"),
}
MAX_WORDS = 2000


@dataclass(frozen=True)
class VoteCount:
    """How many people of one role say fixed and not fixed, each by their newest vote."""

    role: str
    fixed: int
    not_fixed: int


def vote_fixed(
    actor: Actor,
    case: Case,
    *,
    role: str,
    voter: str,
    fixed: bool,
    words: str | None,
    photo: Photo | None = None,
) -> CaseVote:
    """Keep a vote on the last result of a locked case; a later one of the same voter counts more.

    ``voter`` is whatever stays the same for that person in this case (report id, follow code,
    person id); only a keyed digest bound to the case and the role is stored. The caller has
    shown that the actor is that voter; a group member's right is checked here. Raises Forbidden,
    TransitionRefused, and Invalid on ``words`` for "not fixed" without words or words too long.
    """
    said = (words or "").strip()
    _check(actor, case, role=role, fixed=fixed, words=said)
    # Who speaks as a resident leaves no name in the timeline that officers read.
    speaker = actor if role == "group" else GUEST
    with take_step(speaker, case, "vote_fixed", voice="residents", given={"fixed": fixed}) as line:
        line.facts = {"role": role, "fixed": fixed}
        vote = CaseVote(
            case_id=case.id,
            at=clock.now(),
            role=role,
            voter_digest=_voter(case, role, voter),
            fixed=fixed,
            words=said or None,
            photo_id=photo.id if photo else None,
        )
        session().add(vote)
    return vote


def _check(actor: Actor, case: Case, *, role: str, fixed: bool, words: str) -> None:
    if role not in ROLES:
        raise ValueError(f"no such voter: {role}")
    if role == "group" and case.handling_unit_id not in actor.units_for(may.VOTE):
        raise Forbidden
    if not fixed and not words:
        asked = _("Xin cho biết chỗ nào chưa xong.")
        raise Invalid(asked, fields={"words": asked})
    if len(words) > MAX_WORDS:
        long = _("Xin viết ngắn hơn %(limit)s chữ cái.", limit=MAX_WORDS)
        raise Invalid(long, fields={"words": long})


def votes_since_result(case_id: int) -> list[CaseVote]:
    """Each voter's newest vote since the last result, oldest first; none before any result."""
    since = _last_result(case_id).scalar_subquery()  # without a result nothing is after it
    query = select(CaseVote).where(CaseVote.case_id == case_id, CaseVote.at >= since)
    found = session().scalars(query.order_by(CaseVote.id))
    newest = {vote.voter_digest: vote for vote in found}
    return sorted(newest.values(), key=lambda vote: vote.id)


def last_result_at(case_id: int) -> datetime | None:
    """When the result that is voted on was reported."""
    return session().scalar(_last_result(case_id))


def _last_result(case_id: int) -> Select[datetime]:
    return (
        select(TimelineLine.at)
        .where(TimelineLine.case_id == case_id, TimelineLine.transition.in_(RESULT_STEPS))
        .order_by(TimelineLine.id.desc())
        .limit(1)
    )


def votes_of(case: Case, *, role: str, voter: str) -> list[CaseVote]:
    """Every vote of one voter with its answer, oldest first, for that voter's own page."""
    query = select(CaseVote).where(
        CaseVote.case_id == case.id, CaseVote.voter_digest == _voter(case, role, voter)
    )
    return list(session().scalars(query.order_by(CaseVote.id)))


def counts_by_role(votes: Iterable[CaseVote]) -> list[VoteCount]:
    """Exact counts for the Front, roles in their order; a role nobody spoke for is absent."""
    said = [(vote.role, vote.fixed) for vote in votes]
    return [
        VoteCount(role, said.count((role, True)), said.count((role, False)))
        for role in ROLES
        if any(role == spoken for spoken, _fixed in said)
    ]


def people(count: int) -> Text:
    """A number of people as the public reads it; none reads as few, so that one cannot be seen."""
    if count < RULE_OF:
        return _("dưới %(limit)s", limit=RULE_OF)
    return _("%(count)s", count=count)


def _voter(case: Case, role: str, voter: str) -> str:
    return digest("case_vote.voter", f"{case.id}:{role}:{voter}")
