"""Waiting reports are counted by state from their index alone

PostgreSQL read the rows too, to see their ids, and for that first marked all that wait in a state,
to count the first hundred.

Revision ID: 0037
Revises: 0036
"""

import sqlalchemy as sa
from alembic import op

revision = '0037'
down_revision = "0036"
branch_labels = None
depends_on = None

_NAME = 'ix_report_waiting_state'
_WAITING = sa.text("state IN ('submitted', 'needs_info')")


def upgrade() -> None:
    _index('handling_unit_id', 'state', 'to_province', 'released', 'id')


def downgrade() -> None:
    _index('handling_unit_id', 'state')


def _index(*columns: str) -> None:
    op.drop_index(_NAME, table_name='report')
    op.create_index(
        _NAME, 'report', list(columns), postgresql_where=_WAITING, sqlite_where=_WAITING
    )
