"""Days as they were: a chosen one was stored as 24:00, an answer by when it was written down

An earlier version stored such a day as the next day's 00:00 in Việt Nam, which every page reads as
the day after. A rule never gives that moment for a limit in days, and one in hours has the fractions
of a second of its start; so a clock is mended only where the moment it has is the very one that a
person's decision gave it. What was written down of that decision stays as it was.

The clock of a letter that was answered once, and that stopped when an earlier day was written down for
the answer, stopped on that day. Of letters answered more than once the first day is not known.

Revision ID: 0033
Revises: 0032
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op


revision = '0033'
down_revision = "0032"
branch_labels = None
depends_on = None

_LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
_MOMENT = sa.DateTime(timezone=True)
_SECOND = timedelta(seconds=1)

_CLOCK = sa.table(
    "deadline",
    sa.column("id"),
    sa.column("subject_kind"),
    sa.column("subject_id"),
    sa.column("rule_id"),
    sa.column("started_at", _MOMENT),
    sa.column("due_at", _MOMENT),
    sa.column("stopped_at", _MOMENT),
)
_RULE = sa.table("clock_rule", sa.column("id"), sa.column("key"))
_STEP = sa.table(
    "recommendation_step",
    sa.column("recommendation_id"),
    sa.column("transition"),
    sa.column("at", _MOMENT),
)
_CHANGE = sa.table(
    "deadline_change",
    sa.column("deadline_id"),
    sa.column("kind"),
    sa.column("new_due_at", _MOMENT),
)
_CASE = sa.table("case_file", sa.column("id"), sa.column("due_at", _MOMENT))
_LETTER = sa.table(
    "recommendation",
    sa.column("id"),
    sa.column("term"),
    sa.column("due_on", sa.Date()),
    sa.column("answered_on", sa.Date()),
)


def upgrade() -> None:
    _end_chosen_days()
    _stop_on_the_day_of_the_answer()


def _end_chosen_days() -> None:
    chosen = (
        sa.select(_CLOCK)
        .distinct()
        .join(_CHANGE, _CHANGE.c.deadline_id == _CLOCK.c.id)
        .where(_CHANGE.c.kind.in_(("set", "extend")), _CHANGE.c.new_due_at == _CLOCK.c.due_at)
    )
    for clock in op.get_bind().execute(chosen).all():
        local = _local(clock.due_at)
        if local == datetime(local.year, local.month, local.day, tzinfo=_LOCAL):
            _end_the_day_before(clock)


def _end_the_day_before(clock: sa.Row) -> None:
    run, meant = op.get_bind().execute, clock.due_at - _SECOND
    run(sa.update(_CLOCK).where(_CLOCK.c.id == clock.id).values(due_at=meant))
    if clock.subject_kind == "case":  # it keeps the nearest of its clocks
        of = (_CASE.c.id == clock.subject_id, _CASE.c.due_at == clock.due_at)
        run(sa.update(_CASE).where(*of).values(due_at=meant))
    if clock.subject_kind == "recommendation":  # it took the day of its clock when it arrived
        of = (_LETTER.c.id == clock.subject_id, _LETTER.c.due_on == _local(clock.due_at).date())
        run(sa.update(_LETTER).where(*of).values(due_on=_local(meant).date()))


def _stop_on_the_day_of_the_answer() -> None:
    once = (
        sa.select(_STEP.c.recommendation_id, sa.func.max(_STEP.c.at, type_=_MOMENT).label("at"))
        .where(_STEP.c.transition == "answer")
        .group_by(_STEP.c.recommendation_id)
        .having(sa.func.count() == 1)
        .subquery()
    )
    answered = (
        sa.select(
            _CLOCK.c.id, _CLOCK.c.started_at, _CLOCK.c.stopped_at, _LETTER.c.answered_on, once.c.at
        )
        .join(_LETTER, _LETTER.c.id == _CLOCK.c.subject_id)
        .join(_RULE, _RULE.c.id == _CLOCK.c.rule_id)
        .join(once, once.c.recommendation_id == _LETTER.c.id)
        .where(
            _CLOCK.c.subject_kind == "recommendation",
            _RULE.c.key == _LETTER.c.term,
            _CLOCK.c.stopped_at.is_not(None),
            _LETTER.c.answered_on.is_not(None),
        )
    )
    run = op.get_bind().execute
    for clock in run(answered).all():
        by_the_answer = abs(_local(clock.stopped_at) - _local(clock.at)) < timedelta(minutes=1)
        if by_the_answer and clock.answered_on < _local(clock.stopped_at).date():
            day = clock.answered_on + timedelta(days=1)
            ended = datetime(day.year, day.month, day.day, tzinfo=_LOCAL) - _SECOND
            stopped = max(ended.astimezone(ZoneInfo("UTC")), _local(clock.started_at))
            stored = stopped.astimezone(ZoneInfo("UTC"))
            if clock.stopped_at.tzinfo is None:
                stored = stored.replace(tzinfo=None)
            run(sa.update(_CLOCK).where(_CLOCK.c.id == clock.id).values(stopped_at=stored))


def _local(moment: datetime) -> datetime:
    """The moment in Việt Nam; SQLite gives it without a zone, in UTC."""
    known = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo("UTC"))
    return known.astimezone(_LOCAL)


def downgrade() -> None:
    """The days that were meant stay."""
