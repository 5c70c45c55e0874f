"""What a sender asks of the Front after a refusal or an end, and how it is answered.

Asking changes no state: ``reconsider`` of the report or ``reopen`` of the case grants it, words
refuse it.
"""

from functools import cache
from typing import NamedTuple

from sqlalchemy import BigInteger, bindparam, select

from webapp.audit.operations import Subject, record
from webapp.cases.models import Case
from webapp.cases.operations import lock_case
from webapp.core import clock
from webapp.core.actor import GUEST, Actor
from webapp.core.errors import TransitionRefused
from webapp.core.prepared import Prepared
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.reporting import messages
from webapp.reporting.alerts import tell_front, tell_sender
from webapp.reporting.keys import first_time
from webapp.reporting.models import Report, ReportLine, SenderAsk
from webapp.reporting.seen import RECONSIDER_WINDOW, open_window, reopen_window
from webapp.reporting.steps import new_line, subject_of, tell
from webapp.reporting.wording import required

WORDS_LIMIT = 4000
_WAITS = _("Đề nghị trước của ông/bà đang chờ Mặt trận trả lời.")


def ask_reconsideration(report: Report, *, words: str | None, raw_key: str | None) -> None:
    """Ask the Front to look again at a report it did not take, inside the window."""
    text = required(words, "words", WORDS_LIMIT)
    if not first_time(report, raw_key, act="reconsider", words=words):
        return
    refused = report.state in {"rejected", "redirected"}
    if not refused or open_window(subject_of(report), RECONSIDER_WINDOW) is None:
        raise TransitionRefused(_("Đã hết hạn, hoặc phản ánh này đang được xem."))
    _ask(report, "reconsider", text)


def ask_reopening(report: Report, *, words: str | None, raw_key: str | None) -> None:
    """Ask the Front to open a closed or dismissed case again, inside the window."""
    text = required(words, "words", WORDS_LIMIT)
    if not first_time(report, raw_key, act="reopen", words=words):
        return
    if reopen_window(case_of(report)) is None:
        raise TransitionRefused(_("Đã hết hạn, hoặc vụ việc đang được giải quyết."))
    _ask(report, "reopen", text)


def waiting_asks(report: Report) -> list[SenderAsk]:
    """The asks that nobody has answered yet, oldest first."""
    query = select(SenderAsk).where(SenderAsk.report_id == report.id, SenderAsk.granted.is_(None))
    return list(session().scalars(query.order_by(SenderAsk.id)))


class ShownAsk(NamedTuple):
    """An ask that waits, as the page of its report leads to it."""

    id: int
    kind: str


def shown_asks(report_id: int) -> list[ShownAsk]:
    """The asks of a report that nobody has answered yet, oldest first."""
    return list(map(ShownAsk._make, _shown_query().rows({"report": report_id})))


@cache
def _shown_query() -> Prepared:
    asked = SenderAsk.report_id == bindparam("report", type_=BigInteger())
    query = select(SenderAsk.id, SenderAsk.kind).where(asked, SenderAsk.granted.is_(None))
    return Prepared(query.order_by(SenderAsk.id))


def grant_asks(actor_id: int | None, report: Report, kind: str) -> None:
    """Mark the waiting asks of a kind as granted: the step itself is the answer."""
    for ask in waiting_asks(report):
        if ask.kind == kind:
            ask.granted, ask.answered_at, ask.answered_by_id = True, clock.now(), actor_id


def refuse_ask(actor: Actor, report: Report, ask: SenderAsk, *, words: str) -> None:
    """Answer an ask with a refusal that its sender reads. The caller has authorised.

    Raises Invalid on ``words``, TransitionRefused when it was answered meanwhile.
    """
    text = required(words, "words", WORDS_LIMIT)
    if ask.granted is not None:
        raise TransitionRefused(_("Đề nghị này đã được trả lời."))
    ask.granted, ask.answered_at = False, clock.now()
    ask.answer, ask.answered_by_id = text, actor.person_id
    line = new_line(actor, report, f"refuse_{ask.kind}", by_sender=False)
    line.words = text
    session().add(line)
    report.version += 1
    record(actor, f"report.refuse_{ask.kind}", Subject("report", report.id), ask=ask.id)
    session().flush()
    tell_sender(report)


def case_of(report: Report) -> Case:
    """The report's case, locked; of merged ones the survivor. Raises TransitionRefused."""
    if report.case_id is None:
        raise TransitionRefused(_("Phản ánh này chưa được đưa vào vụ việc nào."))
    case = lock_case(report.case_id)
    while case.merged_into_id is not None:
        case = lock_case(case.merged_into_id)
    return case


def note_of_sender(report: Report, step: str, *, words: str | None, **facts: object) -> ReportLine:
    """Write what the sender did beside the table's steps: the state stays."""
    line = new_line(GUEST, report, step, by_sender=True)
    line.words, line.facts = words, dict(facts)
    session().add(line)
    report.version += 1
    session().flush()
    tell(GUEST, report, step, was=report.state, by_sender=True)
    return line


def _ask(report: Report, kind: str, words: str) -> None:
    if any(ask.kind == kind for ask in waiting_asks(report)):
        raise TransitionRefused(_WAITS)
    line = note_of_sender(report, f"ask_{kind}", words=words)
    session().add(SenderAsk(report_id=report.id, line_id=line.id, kind=kind))
    session().flush()
    tell_front(report, messages.ASKED)
