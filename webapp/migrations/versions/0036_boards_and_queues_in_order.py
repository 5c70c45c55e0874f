"""Boards read cases in the order of what they count by, queues are found in their own order

To find those of some days and put them in order took longer than to read all that a unit has in
that order, and on SQLite memory for all of them. Who holds an open case was read row by row.

The order of a queue holds the unit, so that a page of many units is found in it alone. PostgreSQL
put all that waits in order instead: the other index with units needed no rows, this one did.

Revision ID: 0036
Revises: 0034
"""

import sqlalchemy as sa
from alembic import op


revision = '0036'
down_revision = "0035"
branch_labels = None
depends_on = None

_BY = ['handling_unit_id', 'category', 'waste_source', 'severity']
_WHO_READS = ['to_province', 'released', 'public_since', 'id']
_RANKS = (
    (
        'ix_case_file_open_rank',
        'case_file',
        "state NOT IN ('closed', 'dismissed', 'handed_over', 'merged')",
    ),
    ('ix_report_waiting_rank', 'report', "state IN ('submitted', 'needs_info')"),
)
_OPEN = sa.text("state NOT IN ('closed', 'dismissed', 'handed_over', 'merged')")


def upgrade() -> None:
    op.create_index(
        'ix_case_file_board', 'case_file', [*_BY, 'opened_at', 'closed_at', *_WHO_READS]
    )
    op.create_index(
        'ix_case_file_open_board',
        'case_file',
        [*_BY, 'state', 'office_id', 'owner_id', 'due_at', *_WHO_READS],
        postgresql_where=_OPEN,
        sqlite_where=_OPEN,
    )
    _rank_by('queue_rank', 'id', 'handling_unit_id', 'state')


def _rank_by(*columns: str) -> None:
    for name, table, where in _RANKS:
        condition = sa.text(where)
        op.drop_index(name, table_name=table)
        op.create_index(
            name, table, list(columns), postgresql_where=condition, sqlite_where=condition
        )


def downgrade() -> None:
    _rank_by('queue_rank', 'id')
    op.drop_index('ix_case_file_open_board', table_name='case_file')
    op.drop_index('ix_case_file_board', table_name='case_file')
