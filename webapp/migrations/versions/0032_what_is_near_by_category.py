"""What may be the same matter is found by category and cell among what is open

The indexes over the cells of all cases and of all reports answered no question any more; planners
took them where those of what is open do better.

Revision ID: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op


revision = '0032'
down_revision = "0031"
branch_labels = None
depends_on = None

_PLACE = ['handling_unit_id', 'lon', 'lat', 'to_province', 'released']
_NEAR = (
    (
        'ix_case_file_open_near',
        'case_file',
        ['category', 'cell', 'first_reported_at', *_PLACE, 'public_since', 'id'],
        "state NOT IN ('closed', 'dismissed', 'handed_over', 'merged')",
    ),
    (
        'ix_report_waiting_near',
        'report',
        ['category', 'cell', 'received_at', *_PLACE, 'id'],
        "state IN ('submitted', 'needs_info')",
    ),
)


def upgrade() -> None:
    op.create_index('ix_cell_count_zoom_cell', 'cell_count', ['zoom', 'cell', 'scope'])
    for name, table, columns, where in _NEAR:
        op.create_index(
            name,
            table,
            columns,
            unique=False,
            postgresql_where=sa.text(where),
            sqlite_where=sa.text(where),
        )
    op.drop_index('ix_case_file_cell', table_name='case_file')
    op.drop_index('ix_report_cell', table_name='report')


def downgrade() -> None:
    op.drop_index('ix_cell_count_zoom_cell', table_name='cell_count')
    op.create_index('ix_report_cell', 'report', ['cell'], unique=False)
    op.create_index('ix_case_file_cell', 'case_file', ['cell'], unique=False)
    for name, table, _columns, _where in reversed(_NEAR):
        op.drop_index(name, table_name=table)
