"""The steps every feature takes a report through: authorise, check, change, audit, announce."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import select

from webapp.accounts.absence import has_stepped_aside
from webapp.audit.operations import Subject, find_step, record
from webapp.cases.workflow import CASE
from webapp.core import clock
from webapp.core.actor import GUEST, Actor, ActorKind
from webapp.core.errors import Forbidden, Invalid, LastStep, NotFound, stale
from webapp.core.events import announce
from webapp.core.permissions import Permission
from webapp.core.text import Text, _
from webapp.core.unit_of_work import session
from webapp.core.workflow import Transition
from webapp.deadlines.first_clocks import first_clocks
from webapp.deadlines.models import Deadline
from webapp.deadlines.operations import apply_event
from webapp.deadlines.queries import clocks_of
from webapp.directory.models import Organisation, Person
from webapp.directory.queries import front_of, province_of
from webapp.jobs.operations import HOLD
from webapp.reporting.events import ReportMoved
from webapp.reporting.models import Report, ReportLine
from webapp.reporting.policy import demand, readable_reports
from webapp.reporting.wording import MISSING
from webapp.reporting.workflow import REPORT

REPRISAL_STEP = "report_reprisal"
FIRST_LOOK = ("triage_first_look", "triage_first_look_urgent")


def subject_of(report: Report) -> Subject:
    """How audit, clocks and notices name a report."""
    return Subject("report", report.id)


def claim_report(actor: Actor, code: str, *, seen: int | None) -> Report:
    """Lock a report the actor may read, in the version the actor has seen.

    Raises NotFound when it is not there or not visible, Conflict (who, what, when) when it moved
    on meanwhile.
    """
    query = select(Report).where(Report.code == code, readable_reports(actor))
    found = session().scalar(query.with_for_update(of=Report))
    if found is None:
        raise NotFound
    if seen is not None and found.version != seen:
        raise stale(_last_step(found))
    return found


def lock_report(report_id: int) -> Report:
    """Lock a report about which the caller has decided who may act. Raises NotFound."""
    query = select(Report).where(Report.id == report_id).with_for_update(of=Report)
    found = session().scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


@contextmanager
def take_report_step(
    actor: Actor,
    report: Report,
    step: str,
    *,
    given: Mapping[str, object] | None = None,
    by_sender: bool = False,
    held_for: str | None = None,
) -> Iterator[ReportLine]:
    """Take one step of the table; the body changes the report and writes the line's words.

    Inside, the report already has its new state, so that what the state asks for (case, rejection,
    door) can be set beside it. Raises Forbidden, TransitionRefused, Invalid.
    """
    # A sender stays unnamed in the audit, whatever is refused.
    who = GUEST if by_sender else actor
    row = find_step(who, REPORT, step, report.state, subject_of(report))
    used = _authorise(actor, report, row)
    _demand_fields(row, given or {})
    was = report.state
    line = new_line(actor, report, step, by_sender=by_sender, held_for=held_for)
    with session().no_autoflush:
        report.state = line.to_state = row.target or was
        yield line
    if step != REPRISAL_STEP:  # a version that grew by nothing to be read would tell of it
        report.version += 1
    session().add(line)
    session().flush()
    tick(report, step)
    tell(actor, report, step, was=was, by=used, by_sender=by_sender, held_for=held_for)


def new_line(
    actor: Actor, report: Report, step: str, *, by_sender: bool, held_for: str | None = None
) -> ReportLine:
    """A line of the report's history; a held one is shown to the sender when the hold ends."""
    at = clock.now()
    return ReportLine(
        report_id=report.id,
        at=at,
        transition=step,
        to_state=report.state,
        by_sender=by_sender,
        person_id=None if by_sender else actor.person_id,
        facts={},
        visible_from=at + HOLD if held_for else at,
    )


def tick(report: Report, step: str) -> None:
    """Apply a step to the report's clocks and note on it when the first look is due."""
    at_province = report.to_province or step == REPRISAL_STEP
    unit = province_of(report.handling_unit) if at_province else report.handling_unit
    front = front_of(unit.id, clock.today_local())
    apply_event(
        f"report.{step}",
        subject_of(report),
        category=report.category,
        level="province" if at_province else "commune",
        urgent=report.urgent,
        owner_id=front.id if front else None,
    )
    report.due_at = first_look_due(clocks_of(subject_of(report)))
    report.overdue = report.due_at is not None and report.due_at < clock.now()


def set_first_clocks(report: Report, front: Organisation | None) -> list[Deadline]:
    """The clocks of a report that has no row yet, and on it when the first look is due.

    They wait for its id: the caller stores them behind it.
    """
    clocks = first_clocks(
        "report.submit",
        "report",
        category=report.category,
        level="province" if report.to_province else "commune",
        urgent=report.urgent,
        owner_id=front.id if front else None,
    )
    report.due_at = first_look_due(clocks)
    return clocks


def mark_opened(report: Report) -> None:
    """An officer opened it: an urgent report that somebody reads does not climb."""
    apply_event("report.opened", subject_of(report))


def tell(
    actor: Actor,
    report: Report,
    step: str,
    *,
    was: str | None,
    by: Permission | None = None,
    by_sender: bool = False,
    held_for: str | None = None,
) -> None:
    """Audit and announce a step. A sender stays unnamed in the audit, signed in or not."""
    who = GUEST if by_sender and actor.kind is ActorKind.PERSON else actor
    record(who, f"report.{step}", subject_of(report), by=by, was=was, state=report.state)
    announce(
        ReportMoved(
            report_id=report.id,
            step=step,
            from_state=was,
            to_state=report.state,
            person_id=who.person_id,
            held_for=held_for,
        )
    )


def first_look_due(clocks: Iterable[Deadline]) -> datetime | None:
    """When the Front's first look is due; None while it waits for an answer or is done."""
    running = (each for each in clocks if each.stopped_at is None and each.paused_at is None)
    return next((each.due_at for each in running if each.rule.key in FIRST_LOOK), None)


def _authorise(actor: Actor, report: Report, row: Transition) -> Permission | None:
    """The permission that allows the step. Steps without one are judged by their caller."""
    if not row.permissions or actor.kind is ActorKind.SYSTEM:
        return None
    if has_stepped_aside(actor, subject_of(report)):
        raise Forbidden(_("Ông/bà đã né phản ánh này; người khác làm bước này."))
    for permission in row.permissions:
        if actor.may(permission):
            demand(actor, report, permission)
            return permission
    raise Forbidden


def _demand_fields(row: Transition, given: Mapping[str, object]) -> None:
    missing = {name: MISSING for name in row.required if given.get(name) in (None, "", [])}
    if missing:
        raise Invalid(_("Còn thiếu thông tin."), fields=missing)


def _last_step(report: Report) -> LastStep | None:
    # That a reprisal was told is the province Front's to know (rings of sight).
    query = select(ReportLine).where(
        ReportLine.report_id == report.id, ReportLine.transition != REPRISAL_STEP
    )
    last = session().scalars(query.order_by(ReportLine.id.desc()).limit(1)).first()
    if last is None:
        return None
    person = session().get(Person, last.person_id) if last.person_id else None
    by = person.name if person else _("Người gửi") if last.by_sender else _("Hệ thống")
    return LastStep(by, step_label(last.transition), last.at)


def step_label(step: str) -> Text:
    """What a line's step is called for people: of the report, or of the case it is part of."""
    if step in _ASKED:
        return _ASKED[step]
    table = REPORT if step in REPORT.names() else CASE
    return table.transition_label(step)


_ASKED = {
    "ask_reconsider": _("Đề nghị xem xét lại"),
    "ask_reopen": _("Đề nghị mở lại vụ việc"),
    "refuse_reconsider": _("Trả lời đề nghị xem xét lại"),
    "refuse_reopen": _("Trả lời đề nghị mở lại vụ việc"),
    "add_evidence": _("Bổ sung thông tin"),
    "rate": _("Đánh giá kết quả"),
}
