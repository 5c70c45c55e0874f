"""The end of a case: deny a result, answer those who say "not fixed", close, reopen."""

from datetime import date

from webapp.audit.operations import record
from webapp.cases import permissions as may
from webapp.cases.clocks import subject_of
from webapp.cases.models import Case, CaseVote
from webapp.cases.operations import take_step
from webapp.cases.policy import holds
from webapp.cases.votes import MAX_WORDS, votes_since_result
from webapp.casework.operations.answering import ask_clarification_of
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import Conflict, Forbidden, Invalid, NotFound, TransitionRefused
from webapp.core.text import Text, _
from webapp.core.unit_of_work import session
from webapp.core.working_days import end_of_day
from webapp.directory.models import Person
from webapp.outcomes.conditions import closing_conditions
from webapp.outcomes.wording import check_words
from webapp.outcomes.workflow import UNPUBLISHED

# The step that takes a result back, by the step that reported it.
DENIALS = {
    "report_local_result": "deny_local",
    "report_remedied": "deny_remedy",
    "no_remedy": "deny_conclusion",
}
_CLOSED = _("Mặt trận kết thúc vụ việc.")
_REOPENED = _("Mặt trận mở lại vụ việc.")
_DENIED = _("Bà con báo chưa xong; Mặt trận chưa đồng tình với kết quả.")


def deny_local(actor: Actor, case: Case, *, reason: str) -> None:
    """Take back a local result that residents do not confirm; the Front looks again."""
    _demand_denial(case, "deny_local")
    with take_step(actor, case, "deny_local", voice="front", given={"reason": reason}) as line:
        line.public_line, line.note = str(_DENIED), reason


def deny_remedy(actor: Actor, case: Case, *, reason: str, due_on: date | None) -> None:
    """Take back a remedy that residents do not confirm; the office gets a new deadline."""
    _demand_denial(case, "deny_remedy")
    if due_on is not None and due_on <= clock.today_local():
        later = _("Hạn mới phải sau hôm nay.")
        raise Invalid(later, fields={"due_on": later})
    with take_step(
        actor,
        case,
        "deny_remedy",
        voice="front",
        given={"reason": reason, "due_on": due_on},
        due_at=end_of_day(due_on) if due_on else None,
    ) as line:
        line.public_line, line.note = str(_DENIED), reason


def deny_conclusion(actor: Actor, case: Case, *, reason: str) -> None:
    """Disagree with a conclusion that ordered nothing; the office is asked to make it clear."""
    _demand_denial(case, "deny_conclusion")
    given = {"reason": reason}
    with take_step(actor, case, "deny_conclusion", voice="front", given=given) as line:
        line.public_line, line.note = str(_DENIED), reason
    ask_clarification_of(actor, case, reason=reason)


def may_deny(case: Case, step: str) -> bool:
    """Whether it is the last result that this step takes back, and somebody says "not fixed"."""
    return _is_last_result(case, step) and _somebody_objects(case)


def _is_last_result(case: Case, step: str) -> bool:
    return DENIALS.get(case.last_result or "") == step


def _somebody_objects(case: Case) -> bool:
    return any(not vote.fixed for vote in votes_since_result(case.id))


def _demand_denial(case: Case, step: str) -> None:
    if not _is_last_result(case, step):
        raise TransitionRefused(_("Kết quả gần nhất của vụ việc không trả lại bằng bước này."))
    if not _somebody_objects(case):
        raise TransitionRefused(
            _("Chưa có lời báo “chưa xong” nào về kết quả gần nhất, nên chưa trả lại được.")
        )


def may_close(actor: Actor, case: Case) -> bool:
    """Whether the actor closes this case when all is there, and answers votes until then."""
    return any(holds(grant, case, "close") for grant in actor.grants_for(may.CLOSE))


def answer_vote(actor: Actor, case: Case, vote_id: int, *, words: str) -> CaseVote:
    """Answer one "not fixed" vote of a locked case in words that its voter reads.

    Whoever answered may mend their words, nobody else. Raises Forbidden, NotFound for a vote that
    does not stand, Conflict (who) for one that a colleague answered, Invalid on ``words``.
    """
    if not may_close(actor, case):
        raise Forbidden
    standing = {vote.id: vote for vote in votes_since_result(case.id) if not vote.fixed}
    if vote_id not in standing:
        raise NotFound
    said = words.strip()
    if not said or len(said) > MAX_WORDS:
        short = _("Xin trả lời bằng lời, không quá %(limit)s chữ cái.", limit=MAX_WORDS)
        raise Invalid(short, fields={"words": short})
    vote = standing[vote_id]
    if vote.answer is not None and vote.answered_by_id != actor.person_id:
        raise _answered(vote)
    vote.answer, vote.answered_by_id = said, actor.person_id
    record(actor, "case.answer_vote", subject_of(case), by=may.CLOSE, vote=vote.id)
    session().flush()
    return vote


def _answered(vote: CaseVote) -> Conflict:
    person = session().get(Person, vote.answered_by_id) if vote.answered_by_id else None
    return Conflict(
        _(
            "%(who)s đã trả lời lời báo này: “%(words)s”",
            who=person.name if person else _("Cán bộ khác"),
            words=vote.answer or "",
        )
    )


def close_case(
    actor: Actor,
    case: Case,
    *,
    words: str = "",
    unpublished: str = "",
    unpublished_words: str = "",
) -> None:
    """Close a case when every condition of the table is met.

    ``words`` is the public line; ``unpublished`` (a code of UNPUBLISHED) with its own words is
    the lawful reason not to publish. Raises Invalid that names every missing condition.
    """
    public_line = words.strip() or str(_CLOSED)
    check_words(case, {"words": public_line})
    if unpublished:
        case.not_published_reason = _lawful_reason(unpublished, unpublished_words)
    missing = {each.key: each.missing for each in closing_conditions(case) if not each.met}
    if missing:
        raise Invalid(_("Chưa kết thúc được vụ việc."), fields=missing)
    with take_step(actor, case, "close", voice="front") as line:
        case.closed_at = clock.now()
        line.public_line, line.note = public_line, case.not_published_reason


def _lawful_reason(code: str, words: str) -> str:
    said = words.strip()
    if code not in UNPUBLISHED or not said:
        asked = _("Xin chọn lý do và ghi rõ căn cứ.")
        raise Invalid(asked, fields={"unpublished_words": asked})
    return str(Text("%(reason)s: %(words)s", {"reason": UNPUBLISHED[code], "words": said}))[:400]


def reopen_case(actor: Actor, case: Case, *, reason: str) -> None:
    """Open a closed or dismissed case again, with a reason for the file."""
    with take_step(actor, case, "reopen", voice="front", given={"reason": reason}) as line:
        case.closed_at, case.dismissal = None, None
        line.public_line, line.note = str(_REOPENED), reason
