"""Delivery, the office's answer, and the Front's view of it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from webapp.cases.models import Case
from webapp.casework.answers import CLARIFY
from webapp.casework.letters import further_recipients
from webapp.casework.models import Recommendation
from webapp.casework.operations.moves import lock_recommendation, move, subject_of
from webapp.casework.operations.proof import PAPER_CHANNELS, Paper, demand_past
from webapp.casework.policy import answers_itself
from webapp.casework.queries import ANSWERABLE, recommendations_of, sent_recommendation
from webapp.core import clock
from webapp.core.actor import Actor, ActorKind
from webapp.core.errors import Forbidden
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.core.working_days import end_of_day
from webapp.deadlines.operations import start_clock, stop_clock
from webapp.deadlines.queries import usual_due
from webapp.deadlines.rule_table import Subject as Matter
from webapp.directory.models import Organisation
from webapp.documents.letters import CopyKind
from webapp.documents.models import Delivery
from webapp.documents.operations import note_delivered, record_delivery
from webapp.triage.operations.evidence import invalid

DELIVERY_CHANNELS = {**PAPER_CHANNELS, "platform": _("Trên Mắt Xanh")}
_MAX_DOCUMENT = 120
_MAX_NAME = 200


@dataclass(frozen=True)
class Arrival:
    """How and when a copy arrived, and what shows it."""

    channel: str
    on: date
    proof: str


def deliver_recommendation(
    actor: Actor,
    recommendation: Recommendation,
    *,
    channel: str,
    delivered_on: date,
    proof: str,
    copies: Mapping[int, CopyKind] | None = None,
) -> None:
    """Note that the letter reached its addressee; the time to answer runs from that day.

    The copies of all others wait for their own ``deliver_copy``. ``copies`` says by organisation
    who gets it on paper. Raises Forbidden, TransitionRefused, Invalid on ``channel``,
    ``proof``, ``delivered_on``.
    """
    _demand_channel(channel)
    arrival = Arrival(channel, delivered_on, proof)
    kinds = copies or {}
    with _delivering(actor, recommendation, arrival, follows=False):
        for recipient in _recipients(recommendation):
            copy = Delivery(
                document_id=recommendation.document_id,
                recipient_id=recipient.id,
                copy=kinds.get(recipient.id, "electronic"),
            )
            session().add(copy)
            if recipient.id == recommendation.addressee_id:
                _note_copy(actor, recommendation, copy, arrival)
        _add_further_copies(recommendation)


def deliver_copy(
    actor: Actor,
    recommendation: Recommendation,
    *,
    delivery_id: int | None,
    channel: str,
    delivered_on: date,
    proof: str,
) -> None:
    """Note that one further copy of a delivered letter arrived, each by itself.

    Raises Forbidden, TransitionRefused, Invalid on ``copy``, ``channel``, ``proof``,
    ``delivered_on``.
    """
    _demand_channel(channel)
    chosen = [each for each in open_copies(recommendation) if each.id == delivery_id]
    if not chosen:
        raise invalid("copy", _("Xin chọn nơi đã nhận."))
    arrival = Arrival(channel, delivered_on, proof)
    given = {"channel": channel, "proof": proof.strip()}
    with move(actor, recommendation, "deliver_copy", given=given) as line:
        _note_copy(actor, recommendation, chosen[0], arrival)
        line.facts = {"channel": channel, "on": delivered_on.isoformat()}
        line.facts |= {"recipient": chosen[0].recipient_id, "copy": chosen[0].id}


def open_copies(recommendation: Recommendation) -> list[Delivery]:
    """The copies of which nobody noted the arrival yet."""
    copies = recommendation.document.deliveries
    return [each for each in copies if each.delivered_on is None]


def _demand_channel(channel: str) -> None:
    if channel not in DELIVERY_CHANNELS:
        raise invalid("channel", _("Xin chọn cách gửi."))


def note_delivery(actor: Actor, recommendation: Recommendation, *, proof: str) -> None:
    """The office has taken the case itself: whoever had not got the letter by then has it now."""
    arrival = Arrival("platform", clock.today_local(), proof)
    with _delivering(actor, recommendation, arrival, follows=True):
        for recipient in _recipients(recommendation):
            record_delivery(
                actor,
                recommendation.document,
                recipient,
                copy="electronic",
                channel=arrival.channel,
                delivered_on=arrival.on,
                proof=arrival.proof,
            )
        _add_further_copies(recommendation)


def _add_further_copies(recommendation: Recommendation) -> None:
    """The copies of everybody else the letter lists, each of which waits for its own arrival."""
    for each in further_recipients(recommendation):
        session().add(
            Delivery(
                document_id=recommendation.document_id, name=each.name[:_MAX_NAME], copy=each.copy
            )
        )
    session().flush()
    session().expire(recommendation.document, ["deliveries"])


@contextmanager
def _delivering(
    actor: Actor, recommendation: Recommendation, arrival: Arrival, *, follows: bool
) -> Iterator[None]:
    given = {"channel": arrival.channel, "proof": arrival.proof.strip()}
    with move(actor, recommendation, "deliver", given=given, follows=follows) as line:
        yield
        recommendation.delivered_on = arrival.on
        _start_term(recommendation, arrival.on)
        line.facts = {"channel": arrival.channel, "on": arrival.on.isoformat()}


def _note_copy(
    actor: Actor, recommendation: Recommendation, copy: Delivery, arrival: Arrival
) -> None:
    note_delivered(
        actor,
        recommendation.document,
        copy,
        channel=arrival.channel,
        delivered_on=arrival.on,
        proof=arrival.proof.strip(),
    )


def _recipients(recommendation: Recommendation) -> list[Organisation]:
    both = (recommendation.addressee, recommendation.handler)
    return list({each.id: each for each in both}.values())


def _start_term(recommendation: Recommendation, delivered_on: date) -> None:
    """Run the clock: never shorter than the rule from delivery, never before the printed day."""
    case = recommendation.case
    today = delivered_on == clock.today_local()
    started_at = clock.now() if today else _noon(delivered_on)
    severity = case.severity or ""
    usual = usual_due(recommendation.term, Matter(case.category, severity, case.level), started_at)
    printed = end_of_day(recommendation.due_on) if recommendation.due_on else usual
    deadline = start_clock(
        recommendation.term,
        subject_of(recommendation),
        category=case.category,
        severity=severity,
        level=case.level,
        owner_id=recommendation.handler_id,
        started_at=started_at,
        due_at=printed if _day(printed) > _day(usual) else None,
    )
    recommendation.due_on = _day(deadline.due_at)


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=clock.LOCAL)


def _day(instant: datetime) -> date:
    return clock.local(instant).date()


def answer_recommendation(
    actor: Actor,
    recommendation: Recommendation,
    *,
    answer: str,
    document: str | None,
    answered_on: date,
    paper: Paper | None = None,
) -> None:
    """The office's answer, by the office, or by the Front from paper where it does not sign in.

    Raises Forbidden, TransitionRefused, Invalid on ``answer``, ``answered_on``, ``paper_number``.
    """
    from_paper = actor.kind is not ActorKind.SYSTEM and not answers_itself(actor, recommendation)
    if from_paper:
        _demand_paper(recommendation, paper)
    demand_past(answered_on, "answered_on")
    if recommendation.issued_on is not None and answered_on < recommendation.issued_on:
        raise invalid("answered_on", _("Ngày trả lời không thể trước ngày ban hành công văn."))
    with move(actor, recommendation, "answer", given={"answer": answer}, words=answer):
        cited = _cited(paper) if paper else document
        write_answer(recommendation, answer, document=cited, on=answered_on)
        recommendation.recorded_by_front = from_paper


def write_answer(
    recommendation: Recommendation, answer: str, *, document: str | None, on: date
) -> None:
    """Keep what the office says, and the day of its first answer, on which the clock stops.

    A later one, asked for to make things clear, changes the words: its document says its day.
    """
    recommendation.answer, recommendation.answer_document = answer, document
    if recommendation.answered_on is None:
        recommendation.answered_on = on
        stop_clock(subject_of(recommendation), recommendation.term, at=end_of_day(on))
        return
    stop_clock(subject_of(recommendation), CLARIFY, at=end_of_day(on))
    if document and (day := f"{on:%d/%m/%Y}") not in document:
        recommendation.answer_document = f"{document[: _MAX_DOCUMENT - len(day) - 2]}, {day}"


def _demand_paper(recommendation: Recommendation, paper: Paper | None) -> None:
    if recommendation.addressee.signs_in and recommendation.handler.signs_in:
        raise Forbidden(_("Cơ quan này tự trả lời trên Mắt Xanh; Mặt trận không ghi thay."))
    if paper is None or not paper.number.strip():
        raise invalid("paper_number", _("Xin ghi số văn bản của cơ quan."))


def note_answers(
    actor: Actor,
    case: Case,
    *,
    answer: str,
    document: str | None,
    on: date | None = None,
    only_current: bool = False,
) -> None:
    """Mark the letters of a case as answered by what the office did: declined or concluded.

    A conclusion answers every letter that still waits, a refusal the one in force. ``on`` is the
    day of the office's paper; no letter is answered before it was issued.
    """
    today = clock.today_local()
    current = sent_recommendation(case)
    for each in recommendations_of(case.id):
        if each.state not in ANSWERABLE or (only_current and each is not current):
            continue
        recommendation = lock_recommendation(each)
        given = {"answer": answer}
        with move(actor, recommendation, "answer", given=given, words=answer, follows=True):
            day = max(on or today, recommendation.issued_on or today)
            write_answer(recommendation, answer, document=document, on=day)


def give_view(actor: Actor, recommendation: Recommendation, step: str, *, words: str) -> None:
    """The Front's view: agree, ask_clarification, hold_dialogue, keep, change, withdraw.

    ``words`` are the view, the question, the minutes or the reason. Raises Forbidden,
    TransitionRefused, Invalid on ``reason`` or ``minutes``.
    """
    given = {"reason": words, "minutes": words}
    with move(actor, recommendation, step, given=given, words=words):
        recommendation.view = words


def ask_clarification_of(actor: Actor, case: Case, *, reason: str) -> None:
    """The residents deny an answer: the letter in force goes back to the office with the reason.

    Nothing happens when no answer is open to a view. The case's own step has authorised.
    """
    current = sent_recommendation(case)
    if current is None or current.state != "answered":
        return
    recommendation = lock_recommendation(current)
    given = {"reason": reason}
    with move(actor, recommendation, "ask_clarification", given=given, words=reason, follows=True):
        recommendation.view = reason


def _cited(paper: Paper) -> str:
    return f"{paper.number.strip()}, {paper.on:%d/%m/%Y}"[:_MAX_DOCUMENT]
