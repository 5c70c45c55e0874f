"""What is late and what was counted is found by who has it, not among all there is

The index of the clocks of an owner held the stopped ones too, which nobody asks for by owner. That
of waiting reports by state began with the state: SQLite gathered all that wait by it for one page.
SQLite asks a partial index's own condition of each row again: what it names is among the columns
where no row is to be read.

Revision ID: 0034
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op


revision = '0034'
down_revision = "0033"
branch_labels = None
depends_on = None

_COUNTED = ['category', 'waste_source', 'severity', 'urgent']
_WHO_READS = ['to_province', 'released', 'public_since', 'id']
_INDEXES = (
    (
        'ix_case_file_open_owner',
        'case_file',
        ['owner_id', 'state', 'due_at', 'handling_unit_id', *_WHO_READS],
        "state NOT IN ('closed', 'dismissed', 'handed_over', 'merged')",
    ),
    (
        'ix_case_file_unit_opened',
        'case_file',
        ['handling_unit_id', 'opened_at', *_COUNTED, *_WHO_READS],
        None,
    ),
    (
        'ix_case_file_unit_closed',
        'case_file',
        ['handling_unit_id', 'closed_at', *_COUNTED, *_WHO_READS],
        'closed_at IS NOT NULL',
    ),
    (
        'ix_case_file_page_owed',
        'case_file',
        [
            *('id', 'handling_unit_id', 'category', 'fast', 'last_result'),
            *('to_province', 'released', 'public_since', 'state', 'not_published_reason'),
        ],
        "public_since IS NOT NULL AND state IN"
        " ('awaiting_confirmation', 'closed', 'concluded', 'remedying')"
        " AND not_published_reason IS NULL",
    ),
    (
        'ix_deadline_running_owner',
        'deadline',
        ['owner_id', 'rule_id', 'due_at', 'told_due_soon', 'paused_at', 'stopped_at'],
        'stopped_at IS NULL',
    ),
    (
        'ix_voice_note_to_write',
        'voice_note',
        ['report_id'],
        "state = 'stored' AND transcript_sealed IS NULL",
    ),
)
_WAITING = sa.text("state IN ('submitted', 'needs_info')")


def upgrade() -> None:
    _waiting_by('handling_unit_id', 'state')
    for name, table, columns, where in _INDEXES:
        condition = sa.text(where) if where else None
        op.create_index(
            name, table, columns, postgresql_where=condition, sqlite_where=condition
        )
    op.drop_index('ix_deadline_owner_id', table_name='deadline')


def _waiting_by(*columns: str) -> None:
    name = 'ix_report_waiting_state'
    op.drop_index(name, table_name='report')
    op.create_index(
        name, 'report', list(columns), postgresql_where=_WAITING, sqlite_where=_WAITING
    )


def downgrade() -> None:
    _waiting_by('state', 'handling_unit_id')
    op.create_index('ix_deadline_owner_id', 'deadline', ['owner_id'])
    for name, table, _columns, _where in reversed(_INDEXES):
        op.drop_index(name, table_name=table)
