"""Why a row of a bulk job was refused is stored as sentences with values, not as Vietnamese words

The words that rows have from before stay, and are read as they are.

Revision ID: 0035
Revises: 0034
"""

import sqlalchemy as sa
from alembic import op


revision = '0035'
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('bulk_item', sa.Column('refused_for', sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column('bulk_item', 'refused_for')
