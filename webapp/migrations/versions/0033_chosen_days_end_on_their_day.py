"""A day that a person chose ends with its last second, also where it was stored as 24:00

An earlier version stored such a day as the next day's 00:00 in Việt Nam, which every page reads as
the day after. A rule never gives that moment for a limit in days, and one in hours has the fractions
of a second of its start; so a clock is mended only where the moment it has is the very one that a
person's decision gave it. What was written down of that decision stays as it was.

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
    sa.column("due_at", _MOMENT),
)
_CHANGE = sa.table(
    "deadline_change",
    sa.column("deadline_id"),
    sa.column("kind"),
    sa.column("new_due_at", _MOMENT),
)
_CASE = sa.table("case_file", sa.column("id"), sa.column("due_at", _MOMENT))
_LETTER = sa.table("recommendation", sa.column("id"), sa.column("due_on", sa.Date()))


def upgrade() -> None:
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


def _local(moment: datetime) -> datetime:
    """The moment in Việt Nam; SQLite gives it without a zone, in UTC."""
    known = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo("UTC"))
    return known.astimezone(_LOCAL)


def downgrade() -> None:
    """The days that were meant stay."""
