"""Reading clocks: which run, when the next is due, and how they stand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, bindparam, case, func, select

from webapp.audit.operations import Subject
from webapp.core import clock
from webapp.core.text import Text, _
from webapp.core.unit_of_work import session
from webapp.core.working_days import Calendar
from webapp.deadlines import rule_table
from webapp.deadlines.models import ClockRule, Deadline
from webapp.deadlines.terms import days_passed, due_moment, is_due_soon
from webapp.directory.queries import working_calendar

_RULES = select(ClockRule).where(ClockRule.key.in_(bindparam("keys", expanding=True)))
_LABELS = {
    "on_time": _("Đúng hạn"),
    "met": _("Đúng hạn"),
    "due_soon": _("Sắp đến hạn"),
    "paused": _("Tạm dừng tính hạn"),
}


@dataclass(frozen=True)
class ClockResult:
    """How a clock stands: on_time, due_soon, overdue or paused while it runs, met or missed after.

    ``working_days`` are those left of a running clock, or those over of a late one; 0 while paused
    or met.
    """

    code: str
    working_days: int

    @property
    def label(self) -> Text:
        """The words for it."""
        if self.code in _LABELS:
            return _LABELS[self.code]
        if self.working_days == 0:  # late by hours, or with only days off since
            return _("Quá hạn")
        return _("Quá hạn %(days)s ngày làm việc", days=self.working_days)


def clocks_of(subject: Subject) -> list[Deadline]:
    """Every clock of a record, stopped ones too, oldest first."""
    query = select(Deadline).where(
        Deadline.subject_kind == subject.kind, Deadline.subject_id == subject.id
    )
    return list(session().scalars(query.order_by(Deadline.started_at, Deadline.id)))


def rule_in_force(key: str, subject: rule_table.Subject, started_at: datetime) -> ClockRule:
    """The most specific rule in force on the local day of a start. Raises LookupError."""
    return rules_in_force([key], subject, started_at)[0]


def rules_in_force(
    keys: Sequence[str], subject: rule_table.Subject, started_at: datetime
) -> list[ClockRule]:
    """``rule_in_force`` of each key, in one statement. Raises LookupError."""
    rules = session().scalars(_RULES, {"keys": keys}).all()
    day = clock.local(started_at).date()
    found = [rule_table.pick_rule(rules, key, subject, on=day) for key in keys]
    if None in found:
        raise LookupError(f"no clock rule {keys[found.index(None)]} is in force on {day}")
    return [rule for rule in found if rule is not None]


def usual_due(key: str, subject: rule_table.Subject, started_at: datetime) -> datetime:
    """When a clock under this rule would be due. Raises LookupError as ``rule_in_force``."""
    rule = rule_in_force(key, subject, started_at)
    return due_moment(working_calendar(), rule, started_at)


def next_due(subject: Subject) -> datetime | None:
    """The nearest due moment of a record's running clocks; paused ones do not run.

    The time that residents have is nobody's deadline.
    """
    if subject.id is None:
        return None
    return next_dues(subject.kind, (subject.id,)).get(subject.id)


def next_dues(subject_kind: str, subject_ids: Iterable[int]) -> dict[int, datetime]:
    """``next_due`` of many records in one query; records without a running clock are absent."""
    query = (
        select(Deadline.subject_id, func.min(Deadline.due_at))
        .where(
            Deadline.subject_kind == subject_kind,
            Deadline.subject_id.in_(list(subject_ids)),
            Deadline.stopped_at.is_(None),
            Deadline.paused_at.is_(None),
            Deadline.rule_id.not_in(_of_residents()),
        )
        .group_by(Deadline.subject_id)
    )
    return {subject_id: due_at for subject_id, due_at in session().execute(query)}


def result_of(deadline: Deadline, at: datetime) -> ClockResult:
    """How a clock stands at a moment."""
    return _result(working_calendar(), deadline, at)


def results_of(deadlines: Iterable[Deadline], at: datetime) -> dict[int, ClockResult]:
    """``result_of`` of many clocks by id, reading the calendar once."""
    calendar = working_calendar()
    return {deadline.id: _result(calendar, deadline, at) for deadline in deadlines}


def _result(calendar: Calendar, deadline: Deadline, at: datetime) -> ClockResult:
    moment = deadline.stopped_at or at
    over = moment > deadline.due_at
    if deadline.stopped_at is not None:
        late = days_passed(calendar, "working_days", deadline.due_at, moment) if over else 0
        return ClockResult("missed" if over else "met", late)
    if deadline.paused_at is not None:
        return ClockResult("paused", 0)
    if over:
        late = days_passed(calendar, "working_days", deadline.due_at, at)
        return ClockResult("overdue", late)
    left = days_passed(calendar, "working_days", at, deadline.due_at)
    soon = is_due_soon(calendar, deadline.rule, deadline.due_at, at)
    return ClockResult("due_soon" if soon else "on_time", left)


@dataclass(frozen=True)
class OwnerLoad:
    """The clocks that run for one organisation; late ones are not counted as soon due."""

    owner_id: int
    running: int
    due_soon: int
    overdue: int


def load_by_owner(owners: Select[int]) -> list[OwnerLoad]:
    """How much waits for each of the organisations that a query finds, offices included (S0-I.4a1).

    The most first; organisations for which nothing runs are absent. Paused clocks do not count,
    nor does the time that residents have to answer or to ask again: nobody works on it.
    """
    late = case((Deadline.due_at < clock.now(), 1), else_=0)
    soon = case((and_(Deadline.due_at >= clock.now(), Deadline.told_due_soon), 1), else_=0)
    query = (
        select(Deadline.owner_id, func.count(), func.sum(soon), func.sum(late))
        .where(
            Deadline.owner_id.in_(owners),
            Deadline.stopped_at.is_(None),
            Deadline.paused_at.is_(None),
            Deadline.rule_id.not_in(_of_residents()),
        )
        .group_by(Deadline.owner_id)
    )
    loads = [
        OwnerLoad(owner_id, running, int(soon_due), int(over))
        for owner_id, running, soon_due, over in session().execute(query)
        if owner_id is not None
    ]
    return sorted(loads, key=lambda load: (-load.running, load.owner_id))


def _of_residents() -> Select[int]:
    """The rules of what residents may do until then."""
    return select(ClockRule.id).where(ClockRule.key.in_(rule_table.TIME_OF_RESIDENTS))
