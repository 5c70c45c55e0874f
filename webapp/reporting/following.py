"""What the sender reads about a report: state, who holds it, questions, steps, photos, answers.

"A state says who holds the matter, what comes next, and when."
"""

from dataclasses import dataclass
from datetime import datetime

from webapp.audit.operations import Subject
from webapp.cases.lines import public_lines
from webapp.cases.models import Case, CaseVote
from webapp.cases.votes import last_result_at, votes_of
from webapp.cases.workflow import CASE_STATES
from webapp.core.text import Text, _
from webapp.reporting.asks import waiting_asks
from webapp.reporting.models import Report, ReportLine, ReportRating
from webapp.reporting.photos import state_for_sender
from webapp.reporting.ratings import last_rating, may_rate
from webapp.reporting.reprisal import ReprisalAnswer, answers_to
from webapp.reporting.seen import (
    RECONSIDER_WINDOW,
    open_window,
    reopen_window,
    seen_case,
    seen_state,
    visible_lines,
)
from webapp.reporting.standing import standing
from webapp.reporting.steps import step_label
from webapp.reporting.workflow import MARKS, REPORT, REPORT_STATES

EVIDENCE_STATES = frozenset({"submitted", "attached"})


@dataclass(frozen=True)
class SenderLine:
    """One step as the sender reads it: ``voice`` is residents, front or office."""

    at: datetime
    voice: str
    text: Text | str
    detail: str | None = None


@dataclass(frozen=True)
class SenderPhoto:
    """A photo by its number, with the state as the sender reads it."""

    sha256: str
    state: str


@dataclass(frozen=True)
class SenderView:
    """Everything the follow page and ``GET /api/v1/reports/{code}`` say.

    ``waiting`` are the kinds of asks that the Front has not answered yet.
    """

    report: Report
    state: str
    label: Text
    sentence: Text
    lines: list[SenderLine]
    photos: list[SenderPhoto]
    question: str | None
    case: Case | None
    may: frozenset[str]
    rating: ReportRating | None
    waiting: frozenset[str]
    reprisal_answers: list[ReprisalAnswer]


def view_for_sender(report: Report) -> SenderView:
    """The report as its sender may see it now: a step that may still be undone is not shown."""
    lines = visible_lines(report)
    state = seen_state(report, lines)
    case = seen_case(report, state)
    asked = any(line.transition.startswith("ask_") for line in lines)
    waiting = frozenset(ask.kind for ask in waiting_asks(report)) if asked else frozenset[str]()
    return SenderView(
        report=report,
        state=state,
        label=CASE_STATES[case.state] if case else REPORT_STATES[state],
        sentence=standing(report, state, case),
        lines=_all_lines(report, lines, case),
        photos=[
            SenderPhoto(each.photo.sha256, state_for_sender(each.photo)) for each in report.photos
        ],
        question=_question(lines) if state == "needs_info" else None,
        case=case,
        may=_possible(report, state, case, waiting),
        rating=last_rating(report, case) if case else None,
        waiting=waiting,
        reprisal_answers=answers_to(report) if report.reprisal_at else [],
    )


def may_vote(report: Report, case: Case) -> bool:
    """Whether the sender is asked about the fix and has not answered since the last result."""
    if case.state != "awaiting_confirmation":
        return False
    since, votes = last_result_at(case.id), _votes(report, case)
    return not votes or (since is not None and votes[-1].at < since)


def _all_lines(report: Report, lines: list[ReportLine], case: Case | None) -> list[SenderLine]:
    own = [_line(line) for line in lines]
    if case is not None:
        own += [_vote_line(vote) for vote in _votes(report, case)]
        own += _case_lines(case)
    return sorted(own, key=lambda line: line.at)


def _line(line: ReportLine) -> SenderLine:
    voice = "residents" if line.by_sender or line.transition == "submit" else "front"
    mark = MARKS.get(line.facts.get("mark", ""))
    label = step_label(line.transition)
    text = _("%(step)s: %(mark)s", step=label, mark=mark) if mark else label
    return SenderLine(line.at, voice, text, line.words)


def _votes(report: Report, case: Case) -> list[CaseVote]:
    return votes_of(case, role="reporter", voter=str(report.id))


def _vote_line(vote: CaseVote) -> SenderLine:
    said = _("Ông/bà báo đã xong") if vote.fixed else _("Ông/bà báo chưa xong")
    if vote.answer:
        said = _("%(said)s. Mặt trận trả lời: %(answer)s", said=said, answer=vote.answer)
    return SenderLine(vote.at, "residents", said, vote.words)


def _case_lines(case: Case) -> list[SenderLine]:
    return [
        SenderLine(line.at, _voice(line.voice), line.public_line) for line in public_lines(case.id)
    ]


def _voice(voice: str) -> str:
    return "front" if voice == "system" else voice


def _question(lines: list[ReportLine]) -> str | None:
    asked = (line.words for line in reversed(lines) if line.transition == "request_info")
    return next(asked, None)


def _possible(
    report: Report, state: str, case: Case | None, waiting: frozenset[str]
) -> frozenset[str]:
    found = {step for step in ("add_info", "withdraw") if REPORT.allows(step, state)}
    found |= {"withdraw_identity", "report_reprisal"}
    if state in EVIDENCE_STATES:
        found.add("add_evidence")
    subject = Subject("report", report.id)
    refused = state in {"rejected", "redirected"} and "reconsider" not in waiting
    if refused and open_window(subject, RECONSIDER_WINDOW):
        found.add("ask_reconsider")
    if case is not None:
        found |= _possible_in_case(report, case, waiting)
    return frozenset(found)


def _possible_in_case(report: Report, case: Case, waiting: frozenset[str]) -> set[str]:
    asked = {
        "vote_fixed": may_vote(report, case),
        "rate": may_rate(report, case),
        "ask_reopen": "reopen" not in waiting and reopen_window(case) is not None,
    }
    return {name for name, offered in asked.items() if offered}
