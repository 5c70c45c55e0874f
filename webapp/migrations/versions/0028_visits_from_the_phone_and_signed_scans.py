"""Visits from the phone and signed scans of inspection papers

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op


revision = '0028'
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table('visit_request',
    sa.Column('key_digest', sa.String(length=64), nullable=False),
    sa.Column('body_digest', sa.String(length=64), nullable=False),
    sa.Column('file_id', big, nullable=False),
    sa.Column('person_id', big, nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['file_id'], ['inspection_file.id'], name=op.f('fk_visit_request_file_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_visit_request_person_id')),
    sa.PrimaryKeyConstraint('key_digest', name=op.f('pk_visit_request'))
    )
    op.create_index(op.f('ix_visit_request_file_id'), 'visit_request', ['file_id'], unique=False)
    op.create_table('inspection_scan',
    sa.Column('id', big, nullable=False),
    sa.Column('file_id', big, nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('paper_id', big, nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('person_id', big, nullable=True),
    sa.Column('reason', sa.String(length=200), nullable=True),
    sa.CheckConstraint("kind IN ('minutes', 'notice', 'slip', 'decision', 'sanction')", name=op.f('ck_inspection_scan_kind')),
    sa.ForeignKeyConstraint(['file_id'], ['inspection_file.id'], name=op.f('fk_inspection_scan_file_id')),
    sa.ForeignKeyConstraint(['paper_id'], ['paper.id'], name=op.f('fk_inspection_scan_paper_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_inspection_scan_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inspection_scan')),
    sa.UniqueConstraint('paper_id', name=op.f('uq_inspection_scan_paper_id'))
    )
    op.create_index(op.f('ix_inspection_scan_file_id'), 'inspection_scan', ['file_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_inspection_scan_file_id'), table_name='inspection_scan')
    op.drop_table('inspection_scan')
    op.drop_index(op.f('ix_visit_request_file_id'), table_name='visit_request')
    op.drop_table('visit_request')
