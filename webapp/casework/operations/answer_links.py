"""The answer of an office that does not sign in: by a code that opens one letter until its day.

The code is shown once to the officer who makes it and goes with the letter; kept is its digest.
Whoever has it reads that one letter and answers once. Every wrong or spent code ends alike.
"""

from sqlalchemy import select

from webapp.audit.operations import record
from webapp.cases.operations import lock_case
from webapp.cases.permissions import RECORD_FOR_OFFICE
from webapp.casework.models import AnswerLink, Recommendation
from webapp.casework.operations.answering import write_answer
from webapp.casework.operations.moves import lock_recommendation, move, subject_of
from webapp.casework.queries import ANSWERABLE
from webapp.core import clock
from webapp.core.actor import GUEST, Actor
from webapp.core.codes import digest, grouped, normalise, random_code
from webapp.core.errors import Forbidden, NotFound, TransitionRefused
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.core.working_days import end_of_day
from webapp.triage.operations.evidence import MISSING, invalid

_PURPOSE = "answer_link.code"
_LENGTH = 16
_NAME, _DOCUMENT = 160, 60


def may_make_link(actor: Actor, recommendation: Recommendation) -> bool:
    """Whether to offer a link: the Front that records for the office, while an answer is due."""
    return (
        recommendation.author_id in actor.organisations_for(RECORD_FOR_OFFICE)
        and _waits(recommendation)
        and not (recommendation.addressee.signs_in and recommendation.handler.signs_in)
    )


def demand_author(actor: Actor, recommendation: Recommendation) -> None:
    """Raise Forbidden unless the actor records for the office on behalf of who sent the letter."""
    if recommendation.author_id not in actor.organisations_for(RECORD_FOR_OFFICE):
        raise Forbidden(_("Công văn này do Mặt trận khác gửi."))


def make_link(actor: Actor, recommendation: Recommendation) -> str:
    """A new code for a letter that the caller has locked, in groups as it is shown, once.

    A code made before is closed. Raises Forbidden, TransitionRefused when no answer is awaited or
    its day has passed.
    """
    demand_author(actor, recommendation)
    if not may_make_link(actor, recommendation):
        raise TransitionRefused(
            _(
                "Chỉ tạo mã trả lời khi công văn đã gửi đến, chưa quá hạn và cơ quan không có "
                "tài khoản."
            )
        )
    code = random_code(_LENGTH)
    for each in _open_links(recommendation.id):
        each.closed_at = clock.now()
    session().add(
        AnswerLink(
            recommendation_id=recommendation.id,
            code_digest=digest(_PURPOSE, code),
            made_at=clock.now(),
            made_by_id=actor.person_id,
            expires_at=end_of_day(recommendation.due_on or clock.today_local()),
        )
    )
    session().flush()
    record(actor, "casework.make_answer_link", subject_of(recommendation), by=RECORD_FOR_OFFICE)
    return grouped(code)


def letter_by_code(code: str) -> Recommendation:
    """The letter that a code opens. Raises NotFound for every code that opens none (any more)."""
    link = session().scalar(
        select(AnswerLink).where(
            AnswerLink.code_digest == digest(_PURPOSE, normalise(code)),
            AnswerLink.closed_at.is_(None),
            AnswerLink.expires_at > clock.now(),
        )
    )
    if link is None or not _waits(link.recommendation):
        raise NotFound(_("Mã không đúng, đã dùng hoặc đã hết hạn. Xin hỏi Mặt trận nơi gửi."))
    return link.recommendation


def answer_by_code(code: str, *, answer: str, document: str, name: str) -> Recommendation:
    """The office's answer; the code is spent by it.

    Raises NotFound as ``letter_by_code``, Invalid on ``answer``, ``document``, ``name``.
    """
    for field, words in (("answer", answer), ("document", document), ("name", name)):
        if not words.strip():
            raise invalid(field, MISSING)
    found = letter_by_code(code)
    lock_case(found.case_id)
    letter = lock_recommendation(found)
    link = next(iter(_open_links(letter.id)), None)
    if link is None or link.code_digest != digest(_PURPOSE, normalise(code)):
        raise NotFound(_("Mã không đúng, đã dùng hoặc đã hết hạn. Xin hỏi Mặt trận nơi gửi."))
    with move(
        GUEST, letter, "answer", given={"answer": answer}, words=answer, follows=True
    ) as line:
        cited = document.strip()[:_DOCUMENT]
        write_answer(letter, answer, document=cited, on=clock.today_local())
        line.facts = {"link": link.id}
    link.closed_at, link.answered_by = clock.now(), name.strip()[:_NAME]
    record(GUEST, "casework.answer_by_link", subject_of(letter), link=link.id)
    return letter


def link_of(recommendation: Recommendation) -> AnswerLink | None:
    """The newest link of a letter, spent or not."""
    query = select(AnswerLink).where(AnswerLink.recommendation_id == recommendation.id)
    return session().scalar(query.order_by(AnswerLink.id.desc()).limit(1))


def _waits(recommendation: Recommendation) -> bool:
    due = recommendation.due_on
    return (
        recommendation.state in ANSWERABLE
        and recommendation.delivered_on is not None
        and (due is None or due >= clock.today_local())
    )


def _open_links(recommendation_id: int) -> list[AnswerLink]:
    query = select(AnswerLink).where(
        AnswerLink.recommendation_id == recommendation_id, AnswerLink.closed_at.is_(None)
    )
    return list(session().scalars(query.order_by(AnswerLink.id).with_for_update()))
