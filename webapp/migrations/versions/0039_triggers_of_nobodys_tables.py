"""SpatiaLite's triggers on its lists of layers are gone: only migrations write those

They check the names that somebody types into the lists of geometry columns, of views and of virtual
tables. Every connection reads the schema whole, and these 66 took 420 of its 1,060 KB. The triggers
that keep a spatial index stand on the tables themselves and stay. PostGIS has no such triggers.

Revision ID: 0039
Revises: 0038
"""

import sqlalchemy as sa
from alembic import op

revision = '0039'
down_revision = "0038"
branch_labels = None
depends_on = None

_OF_LISTS = sa.text(
    "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE '%geometry_columns%'"
)


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        for name in connection.scalars(_OF_LISTS).all():
            op.execute(sa.DDL(f'DROP TRIGGER "{name}"'))


def downgrade() -> None:
    """On SQLite going back is restoring the copy made before the upgrade."""
