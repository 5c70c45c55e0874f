"""Clocks: started, stopped, paused, resumed, extended, told about."""

import logging
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import ColumnElement, Select, func, or_, select

from webapp.audit.operations import Subject, record
from webapp.core import clock
from webapp.core.actor import SYSTEM, Actor
from webapp.core.errors import Invalid, TransitionRefused
from webapp.core.events import announce
from webapp.core.text import _
from webapp.core.unit_of_work import session, write_unit
from webapp.core.working_days import Calendar
from webapp.deadlines import rule_table
from webapp.deadlines.events import DeadlineMoved, DeadlineNear, DeadlinePassed, RecordWanted
from webapp.deadlines.models import ClockRule, Deadline, DeadlineChange
from webapp.deadlines.queries import rule_in_force
from webapp.deadlines.terms import due_moment, is_due_soon, moved_by_wait
from webapp.directory.operations import COUNTED_ANEW
from webapp.directory.queries import working_calendar

# Changes by which a person decided the date.
_DECIDED = {"set", "extend"}
_WAITS = ("pause", "resume")

log = logging.getLogger(__name__)


def apply_event(
    event: str,
    subject: Subject,
    *,
    category: str = "",
    severity: str = "",
    level: str = "",
    urgent: bool = False,
    owner_id: int | None = None,
    due_at: datetime | None = None,
    happened_at: datetime | None = None,
) -> None:
    """Stop, pause, resume and start a record's clocks as the rule table says for an event.

    An event is ``<record>.<transition>``. Where nothing waits to be resumed, a clock starts anew.
    ``happened_at`` is when the clocks stop of what is written down later.

    Urgent matters run under the key that ends in ``_urgent`` where there is one. Raises
    LookupError as ``start_clock`` does.
    """
    for key in rule_table.stopped_by(event):
        stop_clock(subject, key, happened_at)
    for key in rule_table.paused_by(event):
        pause_clock(subject, key, event)
    resuming = rule_table.resumed_by(event, urgent=urgent)
    again = [key for key in resuming if not resume_clock(subject, key, due_at=due_at)]
    for key in [*again, *rule_table.started_by(event, urgent=urgent)]:
        start_clock(
            key,
            subject,
            category=category,
            severity=severity,
            level=level,
            owner_id=owner_id,
            due_at=due_at,
        )


def start_clock(
    rule_key: str,
    subject: Subject,
    *,
    category: str = "",
    severity: str = "",
    level: str = "",
    owner_id: int | None = None,
    started_at: datetime | None = None,
    due_at: datetime | None = None,
) -> Deadline:
    """Start a clock under the most specific rule in force on the local day of the start.

    ``due_at`` is a date that somebody decided instead of the rule's. A clock of the same rule that
    still runs is stopped first. Raises LookupError when no rule has this key that day.
    """
    start = started_at or clock.now()
    rule = rule_in_force(rule_key, rule_table.Subject(category, severity, level), start)
    stop_clock(subject, rule_key)
    usual = due_moment(working_calendar(), rule, start)
    deadline = Deadline(
        rule=rule,
        subject_kind=subject.kind,
        subject_id=subject.id,
        owner_id=owner_id,
        started_at=start,
        due_at=usual,
    )
    session().add(deadline)
    session().flush()
    if due_at is not None:
        _change(deadline, "set", due_at)
    return deadline


def stop_clock(subject: Subject, rule_key: str, at: datetime | None = None) -> None:
    """Stop the clock of this rule, met or missed; none running is no error.

    ``at`` is when what it waited for happened, where it is written down later.
    """
    for deadline in _running(subject):
        if deadline.rule.key == rule_key:
            _stop(deadline, at)


def stop_all(subject: Subject) -> None:
    """Stop every clock of a record."""
    for deadline in _running(subject):
        _stop(deadline)


def pause_clock(subject: Subject, rule_key: str, reason: str) -> None:
    """Let the running clock of this rule wait; one that waits already goes on waiting."""
    for deadline in _running(subject):
        if deadline.rule.key == rule_key and deadline.paused_at is None:
            deadline.paused_at = clock.now()
            _note(deadline, "pause", deadline.due_at, reason=reason)


def resume_clock(subject: Subject, rule_key: str, *, due_at: datetime | None = None) -> bool:
    """Let the waiting clock of this rule run again, due later by the time it waited.

    ``due_at`` is when it is due instead, where the pause is taken back. False when none waits.
    """
    waiting = [
        each
        for each in _running(subject)
        if each.rule.key == rule_key and each.paused_at is not None
    ]
    for deadline in waiting:
        _resume(deadline, due_at)
    return bool(waiting)


def hand_clocks(subject: Subject, owes: Callable[[str], int | None]) -> None:
    """Let each running clock of a record count for who owes what it waits for, by its rule's key.

    One of which nobody is known to owe it keeps its owner.
    """
    for deadline in _running(subject):
        deadline.owner_id = owes(deadline.rule.key) or deadline.owner_id


def rerule_clocks(
    subject: Subject, matter: rule_table.Subject, key_for: Callable[[str], str]
) -> None:
    """Let running clocks follow what their record is now, from their own start.

    Each stays one clock: nothing ended. It keeps the version of a rule that it started under, and a
    date that a person decided. Raises LookupError as ``start_clock`` does.
    """
    for deadline in _running(subject):
        rule = rule_in_force(key_for(deadline.rule.key), matter, deadline.started_at)
        if rule_table.is_of(rule) == rule_table.is_of(deadline.rule):
            continue
        deadline.rule = rule
        changes = _changes(Deadline.id == deadline.id)[deadline.id]
        due_at = _counted(working_calendar(), deadline, changes)
        if due_at != deadline.due_at:
            _change(deadline, "rule", due_at)
    session().flush()


def extend_clock(
    actor: Actor, subject: Subject, rule_key: str, *, due_at: datetime, reason: str
) -> Deadline:
    """Give a running clock a later due moment, signed by the actor; the old one is kept.

    The caller has authorised. Raises TransitionRefused when no such clock runs, Invalid on
    ``due_on`` when the new moment is not later, on ``reason`` when there is none.
    """
    deadline = next((one for one in _running(subject) if one.rule.key == rule_key), None)
    if deadline is None:
        raise TransitionRefused(_("Không còn thời hạn nào đang chạy để gia hạn."))
    if due_at <= deadline.due_at:
        later = _("Hạn mới phải sau hạn cũ.")
        raise Invalid(later, fields={"due_on": later})
    if not reason.strip():
        missing = _("Xin ghi lý do gia hạn.")
        raise Invalid(missing, fields={"reason": missing})
    _change(deadline, "extend", due_at, reason=reason.strip(), signer_id=actor.person_id)
    record(actor, "deadlines.extend", subject, rule=rule_key, deadline=deadline.id)
    return deadline


def tell_deadlines() -> None:
    """Tell once that a clock is due soon, and once that it is overdue; may run twice.

    Each clock is its own write unit: a subscriber that fails holds up no other clock.
    """
    for deadline_id in _untold(clock.now()):
        try:
            with write_unit():
                _tell(deadline_id)
        except Exception:  # tried again at the next run
            log.exception("deadline %s could not be told", deadline_id)


def recompute_clocks() -> None:
    """Count clocks in working days that are not yet due anew, after the calendar was edited.

    What waits is not due. Dates that people decided stay. Each clock is its own write unit, one
    entry of the audit tells of all; a second run changes nothing. Raises what one of them raised
    once all others are through.
    """
    moved, failed = 0, None
    for deadline_id in _off_calendar():
        try:
            with write_unit():
                moved += _recount(deadline_id)
        except Exception as fault:  # the others are not held up; the job is tried again for it
            log.exception("deadline %s could not be counted anew", deadline_id)
            failed = fault
    with write_unit():
        record(SYSTEM, COUNTED_ANEW, Subject("calendar", None), moved=moved)
    if failed is not None:
        raise failed


def _running(subject: Subject) -> list[Deadline]:
    query = _locked().where(
        Deadline.subject_kind == subject.kind,
        Deadline.subject_id == subject.id,
        Deadline.stopped_at.is_(None),
    )
    return list(session().scalars(query))


def _locked() -> Select[Deadline]:
    query = select(Deadline).order_by(Deadline.id).with_for_update(of=Deadline)
    return query.execution_options(populate_existing=True)


def _stop(deadline: Deadline, at: datetime | None = None) -> None:
    _resume(deadline)
    deadline.stopped_at = max(deadline.started_at, min(at or clock.now(), clock.now()))


def _resume(deadline: Deadline, back_to: datetime | None = None) -> None:
    if deadline.paused_at is None:
        return
    waited = (deadline.paused_at, clock.now())
    deadline.paused_at = None
    if back_to is not None:  # nothing was waited, though midnight may lie between
        return _change(deadline, "taken_back", back_to)
    due_at = moved_by_wait(working_calendar(), deadline.rule.unit, deadline.due_at, waited)
    _change(deadline, "resume", due_at)


def _change(
    deadline: Deadline,
    kind: str,
    due_at: datetime,
    *,
    reason: str = "",
    signer_id: int | None = None,
) -> None:
    _note(deadline, kind, due_at, reason=reason, signer_id=signer_id)
    if due_at != deadline.due_at and due_at > clock.now():
        deadline.told_due_soon = deadline.told_overdue = False
    deadline.due_at = due_at


def _note(
    deadline: Deadline,
    kind: str,
    due_at: datetime,
    *,
    reason: str = "",
    signer_id: int | None = None,
) -> None:
    change = DeadlineChange(
        deadline_id=deadline.id,
        at=clock.now(),
        kind=kind,
        old_due_at=deadline.due_at,
        new_due_at=due_at,
        reason=reason,
        signer_id=signer_id,
    )
    session().add(change)


def _untold(at: datetime) -> list[int]:
    calendar = working_calendar()
    query = select(Deadline).where(
        Deadline.stopped_at.is_(None),
        Deadline.paused_at.is_(None),
        Deadline.due_at <= at + _horizon(),
        or_(Deadline.told_overdue.is_(False), Deadline.told_due_soon.is_(False)),
    )
    candidates = session().scalars(query.order_by(Deadline.due_at, Deadline.id))
    return [deadline.id for deadline in candidates if _news(calendar, deadline, at)]


def _horizon() -> timedelta:
    """How far ahead a clock may be due soon, weekends and Tết included: narrows what is read."""
    days = select(func.max(ClockRule.due_soon)).where(ClockRule.unit != "hours")
    return timedelta(days=14 + 2 * (session().scalar(days) or 0))


def _news(
    calendar: Calendar, deadline: Deadline, at: datetime
) -> type[DeadlineNear | DeadlinePassed] | None:
    if deadline.due_at < at:
        return None if deadline.told_overdue else DeadlinePassed
    if deadline.told_due_soon or not is_due_soon(calendar, deadline.rule, deadline.due_at, at):
        return None
    return DeadlineNear


def _take(deadline_id: int) -> Deadline:
    """Lock a clock's record, then the clock, and read it anew."""
    known = session().get_one(Deadline, deadline_id)
    announce(RecordWanted(known.subject_kind, known.subject_id))
    return session().scalars(_locked().where(Deadline.id == deadline_id)).one()


def _tell(deadline_id: int) -> None:
    deadline = _take(deadline_id)
    if deadline.stopped_at is not None or deadline.paused_at is not None:
        return
    kind = _news(working_calendar(), deadline, clock.now())
    if kind is None:
        return
    deadline.told_due_soon = True
    deadline.told_overdue = kind is DeadlinePassed
    announce(kind(deadline.subject_kind, deadline.subject_id, deadline.rule.key, deadline.owner_id))


def _off_calendar() -> list[int]:
    """Clocks whose due moment is not what the calendar gives now, read without any lock."""
    calendar = working_calendar()
    query = select(Deadline).where(
        Deadline.stopped_at.is_(None),
        or_(Deadline.due_at > clock.now(), Deadline.paused_at.is_not(None)),
        Deadline.rule.has(ClockRule.unit == "working_days"),
    )
    running = list(session().scalars(query.order_by(Deadline.id)))
    changes = _changes(Deadline.stopped_at.is_(None))
    return [
        each.id for each in running if _counted(calendar, each, changes[each.id]) != each.due_at
    ]


def _changes(of: ColumnElement[bool]) -> dict[int, list[DeadlineChange]]:
    """What was changed on the clocks of a condition, by clock, oldest first."""
    query = select(DeadlineChange).join(Deadline, Deadline.id == DeadlineChange.deadline_id)
    found: dict[int, list[DeadlineChange]] = defaultdict(list)
    for change in session().scalars(query.where(of).order_by(DeadlineChange.id)):
        found[change.deadline_id].append(change)
    return found


def _counted(calendar: Calendar, deadline: Deadline, changes: list[DeadlineChange]) -> datetime:
    """When a running clock is due by its rule and this calendar; a date that was decided stays."""
    if any(change.kind in _DECIDED for change in changes):
        return deadline.due_at
    # The calendar may have been edited while it waited: that change stands between the two.
    waits = [change for change in changes if change.kind in _WAITS]
    due_at = due_moment(calendar, deadline.rule, deadline.started_at)
    for pause, resume in pairwise(waits):
        if (pause.kind, resume.kind) == _WAITS:
            due_at = moved_by_wait(calendar, deadline.rule.unit, due_at, (pause.at, resume.at))
    return due_at


def _recount(deadline_id: int) -> bool:
    deadline = _take(deadline_id)
    due_at = _counted(
        working_calendar(), deadline, _changes(Deadline.id == deadline_id)[deadline_id]
    )
    if deadline.stopped_at is not None or due_at == deadline.due_at:
        return False
    _change(deadline, "calendar", due_at)
    session().flush()
    announce(DeadlineMoved(deadline.subject_kind, deadline.subject_id, deadline.rule.key))
    return True
