"""The time in which residents may confirm a result is nobody's deadline

A case that waits for them had that time as its own day, and was counted as overdue from the second in
which it might first be closed. What else runs on such a case is its day now; where it was counted as
late for the residents' time alone, the journal takes that back from the map's counts.

Revision ID: 0038
Revises: 0037
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = '0038'
down_revision = "0037"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_RESIDENTS = ('needs_info_answer', 'reconsider_window', 'reopen_window', 'confirmation_window')

_CASE = sa.table(
    "case_file",
    sa.column("id"),
    sa.column("state"),
    sa.column("due_at", _MOMENT),
    sa.column("overdue", sa.Boolean()),
    sa.column("handling_unit_id"),
    sa.column("cell"),
    sa.column("public_since", _MOMENT),
    sa.column("public_cell"),
)
_CLOCK = sa.table(
    "deadline",
    sa.column("subject_kind"),
    sa.column("subject_id"),
    sa.column("rule_id"),
    sa.column("due_at", _MOMENT),
    sa.column("paused_at", _MOMENT),
    sa.column("stopped_at", _MOMENT),
)
_RULE = sa.table("clock_rule", sa.column("id"), sa.column("key"))
_JOURNAL = sa.table(
    "cell_journal",
    *(sa.column(name) for name in ("scope", "cell", "state_group", "n", "n_overdue")),
)


def upgrade() -> None:
    run = op.get_bind().execute
    of_residents = sa.select(_RULE.c.id).where(_RULE.c.key.in_(_RESIDENTS))
    nearest = (
        sa.select(sa.func.min(_CLOCK.c.due_at, type_=_MOMENT))
        .where(
            _CLOCK.c.subject_kind == "case",
            _CLOCK.c.subject_id == _CASE.c.id,
            _CLOCK.c.stopped_at.is_(None),
            _CLOCK.c.paused_at.is_(None),
            _CLOCK.c.rule_id.not_in(of_residents),
        )
        .scalar_subquery()
    )
    waiting = sa.select(_CASE, nearest.label("nearest")).where(
        _CASE.c.state == "awaiting_confirmation", _CASE.c.due_at.is_not(None)
    )
    for case in run(waiting).all():
        if case.nearest != case.due_at:
            _mend(case)


def _mend(case: sa.Row) -> None:
    run, late = op.get_bind().execute, case.nearest is not None and _passed(case.nearest)
    of_case = _CASE.c.id == case.id
    run(sa.update(_CASE).where(of_case).values(due_at=case.nearest, overdue=late))
    if not case.overdue or late:
        return
    counted = [(case.handling_unit_id, case.cell)]
    if case.public_since is not None:
        counted.append((0, case.public_cell))
    for scope, cell in counted:
        if cell is not None:
            row = {"scope": scope, "cell": cell, "state_group": "concluded", "n": 0}
            run(sa.insert(_JOURNAL).values(**row, n_overdue=-1))


def _passed(moment: datetime) -> bool:
    known = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return known < datetime.now(UTC)


def downgrade() -> None:
    """The days that are meant stay."""
