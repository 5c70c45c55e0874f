"""The indexes of both maps and of the desk's counts hold all that these ask for

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op


revision = '0029'
down_revision = "0028"
branch_labels = None
depends_on = None

_PUBLIC = (
    "public_since IS NOT NULL AND state IN ('accepted', 'assessed', 'awaiting_confirmation', "
    "'closed', 'concluded', 'declined', 'escalated', 'inspecting', 'local_action', 'received', "
    "'remedying', 'verifying')"
)
_OPEN = "state NOT IN ('closed', 'dismissed', 'handed_over', 'merged')"
_PUBLIC_CELL = ['public_cell', 'category', 'state', 'overdue', 'public_lon', 'public_lat']
_OPEN_CELL = ['cell', 'handling_unit_id']
_OPEN_STATE = ['state', 'handling_unit_id']
_READABLE = ['to_province', 'released', 'public_since', 'id']


def _remake(name: str, columns: list[str], where: str) -> None:
    op.drop_index(name, table_name='case_file')
    op.create_index(
        name,
        'case_file',
        columns,
        unique=False,
        postgresql_where=sa.text(where),
        sqlite_where=sa.text(where),
    )


def upgrade() -> None:
    _remake(
        'ix_case_file_public_cell',
        [*_PUBLIC_CELL, 'code', 'handling_unit_id', 'public_since'],
        _PUBLIC,
    )
    _remake(
        'ix_case_file_open_cell',
        [*_OPEN_CELL, 'lon', 'lat', 'code', 'category', 'state', 'due_at', *_READABLE],
        _OPEN,
    )
    _remake(
        'ix_case_file_open_state',
        [*_OPEN_STATE, 'category', 'due_at', 'urgent', 'severity', *_READABLE],
        _OPEN,
    )


def downgrade() -> None:
    _remake('ix_case_file_public_cell', _PUBLIC_CELL, _PUBLIC)
    _remake('ix_case_file_open_cell', _OPEN_CELL, _OPEN)
    _remake('ix_case_file_open_state', _OPEN_STATE, _OPEN)
