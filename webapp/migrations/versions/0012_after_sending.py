"""What a sender does after sending: asks, ratings, new codes, voice notes, answers on reprisal.

Revision ID: 0012
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op


revision = '0012'
down_revision = "0010"
branch_labels = None
depends_on = None

PERMISSION = "reporting.read_reprisal"


def upgrade() -> None:
    op.create_table('reissued_code',
    sa.Column('report_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('uid', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_reissued_code_report_id')),
    sa.PrimaryKeyConstraint('report_id', name=op.f('pk_reissued_code')),
    sa.UniqueConstraint('digest', name=op.f('uq_reissued_code_digest')),
    sa.UniqueConstraint('uid', name=op.f('uq_reissued_code_uid'))
    )
    op.create_table('report_rating',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('report_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('mark', sa.String(length=12), nullable=False),
    sa.Column('words', sa.Text(), nullable=True),
    sa.CheckConstraint("mark IN ('satisfied', 'accepted', 'unsatisfied')", name=op.f('ck_report_rating_mark')),
    sa.ForeignKeyConstraint(['case_id'], ['case_file.id'], name=op.f('fk_report_rating_case_id')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_report_rating_report_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report_rating'))
    )
    op.create_index(op.f('ix_report_rating_case_id'), 'report_rating', ['case_id'], unique=False)
    op.create_index(op.f('ix_report_rating_report_id'), 'report_rating', ['report_id'], unique=False)
    op.create_table('voice_note',
    sa.Column('report_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('uid', sa.String(length=32), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('mime', sa.String(length=32), nullable=False),
    sa.Column('seconds', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('file_key', sa.String(length=120), nullable=True),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('transcript_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('transcribed_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("state IN ('wanted', 'stored', 'erased')", name=op.f('ck_voice_note_state')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_voice_note_report_id')),
    sa.ForeignKeyConstraint(['transcribed_by_id'], ['person.id'], name=op.f('fk_voice_note_transcribed_by_id')),
    sa.PrimaryKeyConstraint('report_id', name=op.f('pk_voice_note')),
    sa.UniqueConstraint('uid', name=op.f('uq_voice_note_uid'))
    )
    op.create_table('reprisal_step',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('uid', sa.String(length=32), nullable=False),
    sa.Column('message_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=True),
    sa.CheckConstraint("kind IN ('opened', 'answered')", name=op.f('ck_reprisal_step_kind')),
    sa.ForeignKeyConstraint(['message_id'], ['reprisal_message.id'], name=op.f('fk_reprisal_step_message_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_reprisal_step_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reprisal_step')),
    sa.UniqueConstraint('uid', name=op.f('uq_reprisal_step_uid'))
    )
    op.create_index(op.f('ix_reprisal_step_message_id'), 'reprisal_step', ['message_id'], unique=False)
    op.create_table('sender_ask',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('report_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('line_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('granted', sa.Boolean(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.Column('answered_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("kind IN ('reconsider', 'reopen')", name=op.f('ck_sender_ask_kind')),
    sa.ForeignKeyConstraint(['answered_by_id'], ['person.id'], name=op.f('fk_sender_ask_answered_by_id')),
    sa.ForeignKeyConstraint(['line_id'], ['report_line.id'], name=op.f('fk_sender_ask_line_id')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_sender_ask_report_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sender_ask')),
    sa.UniqueConstraint('line_id', name=op.f('uq_sender_ask_line_id'))
    )
    op.create_index(op.f('ix_sender_ask_report_id'), 'sender_ask', ['report_id'], unique=False)
    op.add_column('report_photo', sa.Column('listed_at', sa.DateTime(timezone=True), nullable=True))
    # Databases delivered before have their roles already; new ones load them from the catalogue.
    op.execute(
        "INSERT INTO role_permission (role_id, permission) "
        f"SELECT id, '{PERMISSION}' FROM role WHERE name IN ('front_province', 'auditor')"
    )


def downgrade() -> None:
    op.execute(f"DELETE FROM role_permission WHERE permission = '{PERMISSION}'")
    op.drop_column('report_photo', 'listed_at')
    op.drop_index(op.f('ix_sender_ask_report_id'), table_name='sender_ask')
    op.drop_table('sender_ask')
    op.drop_index(op.f('ix_reprisal_step_message_id'), table_name='reprisal_step')
    op.drop_table('reprisal_step')
    op.drop_table('voice_note')
    op.drop_index(op.f('ix_report_rating_report_id'), table_name='report_rating')
    op.drop_index(op.f('ix_report_rating_case_id'), table_name='report_rating')
    op.drop_table('report_rating')
    op.drop_table('reissued_code')
