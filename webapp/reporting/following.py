"""What the sender reads about a report: state, who holds it, questions, steps, photos.

"A state says who holds the matter, what comes next, and when."
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from webapp.cases.models import Case, CaseVote, TimelineLine
from webapp.cases.queries import public_lines
from webapp.cases.workflow import CASE_STATES
from webapp.core import clock
from webapp.core.codes import digest
from webapp.core.text import Text, _
from webapp.core.unit_of_work import session
from webapp.deadlines.queries import clocks_of
from webapp.directory.models import Organisation
from webapp.directory.queries import front_of, province_of
from webapp.reporting.models import Report, ReportLine
from webapp.reporting.photos import state_for_sender
from webapp.reporting.steps import step_label, subject_of
from webapp.reporting.workflow import REPORT, REPORT_STATES


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
    """Everything the follow page and ``GET /api/v1/reports/{code}`` say."""

    report: Report
    state: str
    label: Text
    sentence: Text
    lines: list[SenderLine]
    photos: list[SenderPhoto]
    question: str | None
    case: Case | None
    may: frozenset[str]


def view_for_sender(report: Report) -> SenderView:
    """The report as its sender may see it now: a step that may still be undone is not shown."""
    lines = _visible_lines(report)
    state = lines[-1].to_state if lines else report.state
    case = _case(report) if state == "attached" else None
    return SenderView(
        report=report,
        state=state,
        label=CASE_STATES[case.state] if case else REPORT_STATES[state],
        sentence=_sentence(report, state, case),
        lines=sorted((*map(_line, lines), *_case_lines(case)), key=lambda line: line.at),
        photos=[
            SenderPhoto(each.photo.sha256, state_for_sender(each.photo)) for each in report.photos
        ],
        question=_question(lines) if state == "needs_info" else None,
        case=case,
        may=_possible(report, state, case),
    )


def first_looker(report: Report) -> Organisation | None:
    """The Front that looks first."""
    unit = province_of(report.handling_unit) if report.to_province else report.handling_unit
    return front_of(unit.id, clock.today_local())


def first_look(report: Report) -> Text:
    """Who looks first, and until when."""
    front = first_looker(report)
    name = front.name if front else _("Mặt trận")
    if report.due_at is None:
        return _("%(front)s sẽ xem phản ánh này.", front=name)
    due = clock.local(report.due_at)
    return _(
        "%(front)s xem chậm nhất %(time)s ngày %(day)s.",
        front=name,
        time=f"{due:%H:%M}",
        day=f"{due:%d/%m/%Y}",
    )


def may_vote(report: Report, case: Case) -> bool:
    """Whether the sender is asked about the fix and has not answered since the last result."""
    if case.state != "awaiting_confirmation":
        return False
    voter = digest("case_vote", f"{case.id}:report:{report.id}")
    result = select(TimelineLine.at).where(
        TimelineLine.case_id == case.id,
        TimelineLine.to_state == "awaiting_confirmation",
        TimelineLine.from_state != "awaiting_confirmation",
    )
    since = session().scalar(result.order_by(TimelineLine.id.desc()).limit(1))
    vote = select(CaseVote.at).where(CaseVote.case_id == case.id, CaseVote.voter_digest == voter)
    last = session().scalar(vote.order_by(CaseVote.id.desc()).limit(1))
    return last is None or (since is not None and last < since)


def _visible_lines(report: Report) -> list[ReportLine]:
    query = select(ReportLine).where(
        ReportLine.report_id == report.id, ReportLine.visible_from <= clock.now()
    )
    return list(session().scalars(query.order_by(ReportLine.id)))


def _line(line: ReportLine) -> SenderLine:
    voice = "residents" if line.by_sender or line.transition == "submit" else "front"
    return SenderLine(line.at, voice, step_label(line.transition), line.words)


def _case(report: Report) -> Case | None:
    case = report.case
    while case is not None and case.merged_into is not None:
        case = case.merged_into
    return case


def _case_lines(case: Case | None) -> list[SenderLine]:
    if case is None:
        return []
    return [
        SenderLine(line.at, _voice(line.voice), line.public_line or "")
        for line in public_lines(case.id)
    ]


def _voice(voice: str) -> str:
    return "front" if voice == "system" else voice


def _question(lines: list[ReportLine]) -> str | None:
    asked = (line.words for line in reversed(lines) if line.transition == "request_info")
    return next(asked, None)


def _sentence(report: Report, state: str, case: Case | None) -> Text:
    if state == "submitted":
        return first_look(report)
    front = first_looker(report)
    name = front.name if front else _("Mặt trận")
    if case is not None:
        return _("Vụ việc đang ở bước: %(state)s.", state=CASE_STATES[case.state])
    return Text(_SENTENCES[state].source, {"front": name})


_SENTENCES = {
    "needs_info": _("%(front)s chờ ông/bà trả lời. Chưa trả lời được thì phản ánh vẫn được xem."),
    "attached": _("%(front)s đã đưa phản ánh vào một vụ việc."),
    "rejected": _("%(front)s không nhận phản ánh này. Lý do ở bên dưới."),
    "redirected": _("%(front)s đã chỉ nơi nhận đúng việc này. Xem hướng dẫn bên dưới."),
    "withdrawn": _("Ông/bà đã rút phản ánh. %(front)s không xem tiếp."),
}


def _possible(report: Report, state: str, case: Case | None) -> frozenset[str]:
    found = {step for step in ("add_info", "withdraw") if REPORT.allows(step, state)}
    found |= {"withdraw_identity", "report_reprisal"}
    if state in {"rejected", "redirected"} and _window(report, "reconsider_window"):
        found.add("ask_reconsider")
    if case is not None and may_vote(report, case):
        found.add("vote_fixed")
    return frozenset(found)


def _window(report: Report, rule_key: str) -> bool:
    clocks = clocks_of(subject_of(report))
    return any(each.rule.key == rule_key and each.stopped_at is None for each in clocks)
