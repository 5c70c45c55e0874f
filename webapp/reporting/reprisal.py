"""Messages of those who are threatened because of a report: sealed, for very few.

They go to the province Front and the auditor only; the identity is locked with the first one, and
nothing that a commune officer reads tells why (rings of sight).
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select

from webapp.accounts.absence import not_aside
from webapp.audit.operations import record
from webapp.core import clock, crypto
from webapp.core.actor import GUEST, Actor, Level
from webapp.core.errors import Forbidden, NotFound
from webapp.core.resealing import sealed_in
from webapp.core.unit_of_work import session
from webapp.deadlines.operations import apply_event
from webapp.reporting import messages
from webapp.reporting.alerts import tell_province_front, tell_sender
from webapp.reporting.keys import first_time
from webapp.reporting.models import Report, ReprisalMessage, ReprisalStep
from webapp.reporting.permissions import DECIDE, READ_REPRISAL
from webapp.reporting.steps import subject_of, take_report_step
from webapp.reporting.wording import required

WORDS_LIMIT = 4000


@dataclass(frozen=True)
class Reprisal:
    """A message as it stands in the list: no words before it is opened."""

    message: ReprisalMessage
    report: Report
    opened: bool
    answered: bool


@dataclass(frozen=True)
class ReprisalAnswer:
    """What the province Front wrote to the sender."""

    at: datetime
    words: str


def report_reprisal(report: Report, *, words: str | None, raw_key: str | None) -> None:
    """Tell the province Front and the auditor, and nobody else, of threats because of the report.

    The words are sealed; from now on nobody opens the identity.
    """
    text = required(words, "words", WORDS_LIMIT)
    if not first_time(report, raw_key, act="reprisal", words=words):
        return
    at, uid = clock.now(), uuid.uuid4().hex
    with take_report_step(GUEST, report, "report_reprisal", given={"words": text}, by_sender=True):
        report.reprisal_at = report.reprisal_at or at
        sealed = crypto.seal(text.encode(), binding=_message_binding(uid))
        session().add(ReprisalMessage(uid=uid, report_id=report.id, at=at, sealed=sealed))
    tell_province_front(report, messages.REPRISAL)


def reprisals(actor: Actor) -> list[Reprisal]:
    """Messages about reprisal, newest first, for the province Front and the auditor.

    Raises Forbidden for everybody else.
    """
    query = (
        select(ReprisalMessage, Report)
        .join(Report, Report.id == ReprisalMessage.report_id)
        .where(_readable(actor))
        .order_by(ReprisalMessage.id.desc())
    )
    rows = session().execute(query).all()
    steps = _steps([message.id for message, _report in rows])
    return [
        Reprisal(
            message,
            report,
            opened=(message.id, "opened") in steps,
            answered=(message.id, "answered") in steps,
        )
        for message, report in rows
    ]


def open_reprisal(actor: Actor, uid: str) -> tuple[ReprisalMessage, Report, str]:
    """Read one message; every reading is kept, the province's first one stops its clock.

    Raises Forbidden, and NotFound for another province's.
    """
    message, report = _claim(actor, uid)
    _step(actor, message, "opened")
    record(actor, "report.open_reprisal", subject_of(report))
    if may_answer(actor, report):
        apply_event("report.reprisal_opened", subject_of(report))
    text = crypto.unseal(message.sealed, binding=_message_binding(message.uid)).decode()
    return message, report, text


def answer_reprisal(actor: Actor, uid: str, *, words: str) -> None:
    """Write to the sender what is done to protect them; sealed, read on their own page only.

    Raises Forbidden for all but the province Front, NotFound, Invalid on ``words``.
    """
    message, report = _claim(actor, uid)
    if not may_answer(actor, report):
        raise Forbidden
    text = required(words, "words", WORDS_LIMIT)
    _step(actor, message, "answered", text)
    record(actor, "report.answer_reprisal", subject_of(report), by=DECIDE)
    tell_sender(report)


def may_answer(actor: Actor, report: Report) -> bool:
    """Whether the actor answers for the province Front."""
    return any(
        grant.level is Level.PROVINCE and report.handling_unit_id in grant.unit_ids
        for grant in actor.grants_for(DECIDE)
    )


def answers_to(report: Report) -> list[ReprisalAnswer]:
    """What the sender reads of the answers, oldest first."""
    query = (
        select(ReprisalStep)
        .join(ReprisalMessage, ReprisalMessage.id == ReprisalStep.message_id)
        .where(ReprisalMessage.report_id == report.id, ReprisalStep.sealed.is_not(None))
        .order_by(ReprisalStep.id)
    )
    return [_answer(step) for step in session().scalars(query)]


def answers_of(message: ReprisalMessage) -> list[ReprisalAnswer]:
    """What was answered to one message, oldest first."""
    query = select(ReprisalStep).where(
        ReprisalStep.message_id == message.id, ReprisalStep.sealed.is_not(None)
    )
    return [_answer(step) for step in session().scalars(query.order_by(ReprisalStep.id))]


def _answer(step: ReprisalStep) -> ReprisalAnswer:
    if step.sealed is None:
        raise AssertionError("a step without words is no answer")
    words = crypto.unseal(step.sealed, binding=_answer_binding(step.uid)).decode()
    return ReprisalAnswer(step.at, words)


def _readable(actor: Actor) -> ColumnElement[bool]:
    """Of the actor's places, and not what the actor stepped aside from. Raises Forbidden."""
    actor.demand(READ_REPRISAL)
    places = sorted(actor.units_for(READ_REPRISAL))
    return and_(Report.handling_unit_id.in_(places), not_aside(actor, "report", Report.id))


def _claim(actor: Actor, uid: str) -> tuple[ReprisalMessage, Report]:
    query = (
        select(ReprisalMessage, Report)
        .join(Report, Report.id == ReprisalMessage.report_id)
        .where(ReprisalMessage.uid == uid, _readable(actor))
        .with_for_update(of=ReprisalMessage)
    )
    found = session().execute(query).one_or_none()
    if found is None:
        raise NotFound
    return found[0], found[1]


def _step(actor: Actor, message: ReprisalMessage, kind: str, words: str | None = None) -> None:
    if actor.person_id is None:
        raise Forbidden
    uid = uuid.uuid4().hex
    sealed = crypto.seal(words.encode(), binding=_answer_binding(uid)) if words else None
    session().add(
        ReprisalStep(
            uid=uid,
            message_id=message.id,
            kind=kind,
            at=clock.now(),
            person_id=actor.person_id,
            sealed=sealed,
        )
    )
    session().flush()


def _steps(message_ids: list[int]) -> set[tuple[int, str]]:
    query = select(ReprisalStep.message_id, ReprisalStep.kind).where(
        ReprisalStep.message_id.in_(message_ids)
    )
    return {(message_id, kind) for message_id, kind in session().execute(query)}


def _message_binding(uid: str) -> str:
    return f"reprisal_message.sealed:{uid}"


def _answer_binding(uid: str) -> str:
    return f"reprisal_step.sealed:{uid}"


sealed_in(ReprisalMessage.sealed, bound=ReprisalMessage.uid, binding=_message_binding)
sealed_in(ReprisalStep.sealed, bound=ReprisalStep.uid, binding=_answer_binding)
