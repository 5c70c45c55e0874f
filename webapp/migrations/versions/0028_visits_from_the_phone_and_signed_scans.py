"""Visits from the phone, signed scans of inspection papers, sealed reasons under a newer key

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op


revision = '0028'
down_revision = "0027"
branch_labels = None
depends_on = None

# A reason stays what it was: its seal alone may be made anew, under a newer key (bytes 2 and 3).
_NEWER = {
    "postgresql": "substring(NEW.sealed from 2 for 2) > substring(OLD.sealed from 2 for 2)",
    "sqlite": "substr(NEW.sealed, 2, 2) > substr(OLD.sealed, 2, 2)",
}


def _allow_newer_seal(dialect: str) -> None:
    same = f"NEW.id = OLD.id AND NEW.uid = OLD.uid AND {_NEWER[dialect]}"
    if dialect == "postgresql":
        op.execute("DROP TRIGGER audit_reason_append_only ON audit_reason")
        op.execute(
            "CREATE TRIGGER audit_reason_append_only BEFORE DELETE OR TRUNCATE ON audit_reason "
            "EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            "CREATE TRIGGER audit_reason_newer_seal BEFORE UPDATE ON audit_reason FOR EACH ROW "
            f"WHEN (({same}) IS NOT TRUE) EXECUTE FUNCTION refuse_change()"
        )
        return
    op.execute("DROP TRIGGER audit_reason_no_update")
    op.execute(
        f"CREATE TRIGGER audit_reason_no_update BEFORE UPDATE ON audit_reason WHEN ({same}) IS NOT TRUE "
        "BEGIN SELECT RAISE(ABORT, 'audit_reason is append-only'); END"
    )


def _refuse_newer_seal(dialect: str) -> None:
    if dialect == "postgresql":
        op.execute("DROP TRIGGER audit_reason_newer_seal ON audit_reason")
        op.execute("DROP TRIGGER audit_reason_append_only ON audit_reason")
        op.execute(
            "CREATE TRIGGER audit_reason_append_only BEFORE UPDATE OR DELETE OR TRUNCATE "
            "ON audit_reason EXECUTE FUNCTION refuse_change()"
        )
        return
    op.execute("DROP TRIGGER audit_reason_no_update")
    op.execute(
        "CREATE TRIGGER audit_reason_no_update BEFORE UPDATE ON audit_reason "
        "BEGIN SELECT RAISE(ABORT, 'audit_reason is append-only'); END"
    )


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
    _allow_newer_seal(op.get_bind().dialect.name)


def downgrade() -> None:
    _refuse_newer_seal(op.get_bind().dialect.name)
    op.drop_index(op.f('ix_inspection_scan_file_id'), table_name='inspection_scan')
    op.drop_table('inspection_scan')
    op.drop_index(op.f('ix_visit_request_file_id'), table_name='visit_request')
    op.drop_table('visit_request')
