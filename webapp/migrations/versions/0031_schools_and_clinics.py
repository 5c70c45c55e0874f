"""Schools and clinics, and which of them lies near a report or a case

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op


revision = '0031'
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'sensitive_place',
        sa.Column(
            'id',
            sa.BigInteger().with_variant(sa.Integer(), 'sqlite'),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column('kind', sa.String(length=8), nullable=False),
        sa.Column('name', sa.String(length=160), nullable=False),
        sa.Column('search_text', sa.String(length=160), nullable=False),
        sa.Column('lon', sa.Double(), nullable=False),
        sa.Column('lat', sa.Double(), nullable=False),
        sa.CheckConstraint("kind IN ('clinic', 'school')", name=op.f('ck_sensitive_place_kind')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_sensitive_place')),
        sa.UniqueConstraint('lat', 'lon', 'kind', name=op.f('uq_sensitive_place_lat_lon_kind')),
    )
    for table in ('report', 'case_file'):
        op.add_column(table, sa.Column('near_place', sa.String(length=8), nullable=True))


def downgrade() -> None:
    for table in ('report', 'case_file'):
        op.drop_column(table, 'near_place')
    op.drop_table('sensitive_place')
