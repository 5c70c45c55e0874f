"""Where a member stood, and under which key an answer came

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op


revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("lon", sa.Double()),
    ("lat", sa.Double()),
    ("accuracy_m", sa.Double()),
    ("answer_key", sa.String(length=64)),
    ("returned_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    for name, kind in _COLUMNS:
        op.add_column("site_check", sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    for name, _kind in reversed(_COLUMNS):
        op.drop_column("site_check", name)
