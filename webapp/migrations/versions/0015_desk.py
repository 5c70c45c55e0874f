"""The desk: the stored order of the queue, saved filters, bulk jobs, templates, absences.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_OPEN = sa.text("state NOT IN ('closed', 'dismissed', 'handed_over', 'merged')")
_WAITING = sa.text("state IN ('submitted', 'needs_info')")
_INDEXES = (
    ("case_file", "ix_case_file_open_rank", ("queue_rank", "id"), _OPEN),
    ("case_file", "ix_case_file_open_unit_rank", ("handling_unit_id", "queue_rank", "id"), _OPEN),
    ("case_file", "ix_case_file_open_state", ("state", "handling_unit_id"), _OPEN),
    ("case_file", "ix_case_file_open_cell", ("cell", "handling_unit_id"), _OPEN),
    ("report", "ix_report_waiting_rank", ("queue_rank", "id"), _WAITING),
    ("report", "ix_report_waiting_unit_rank", ("handling_unit_id", "queue_rank", "id"), _WAITING),
    ("report", "ix_report_waiting_state", ("state", "handling_unit_id"), _WAITING),
    ("report", "ix_report_waiting_cell", ("cell", "handling_unit_id"), _WAITING),
)
_MINUTES = {
    "postgresql": "CAST(EXTRACT(EPOCH FROM {at}) / 60 AS BIGINT)",
    "sqlite": "CAST(strftime('%s', {at}) AS INTEGER) / 60",
}


def upgrade():
    for table in ("case_file", "report"):
        op.add_column(
            table, sa.Column("queue_rank", sa.BigInteger(), server_default="0", nullable=False)
        )
        op.add_column(table, sa.Column("priority_chosen", sa.String(length=8), nullable=True))
    # By waiting alone, urgent ones first and unchecked ones last; `triage rank` adds the points.
    minutes = _MINUTES[op.get_bind().dialect.name]
    for table, at, last in (
        ("case_file", "first_reported_at", ""),
        ("report", "received_at", "WHEN unchecked THEN 2000000000"),
    ):
        op.execute(
            f"UPDATE {table} SET queue_rank = {minutes.format(at=at)}"
            f" + CASE {last} WHEN urgent THEN 0 ELSE 1000000000 END"
        )
    for table, name, columns, where in _INDEXES:
        op.create_index(
            name, table, list(columns), postgresql_where=where, sqlite_where=where
        )

    op.create_table('bulk_job',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('uid', sa.String(length=32), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('act', sa.String(length=8), nullable=False),
    sa.Column('given', sa.JSON(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("act IN ('assign', 'attach', 'forward')", name=op.f('ck_bulk_job_act')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_bulk_job_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bulk_job')),
    sa.UniqueConstraint('uid', name=op.f('uq_bulk_job_uid'))
    )
    op.create_index(op.f('ix_bulk_job_person_id'), 'bulk_job', ['person_id'], unique=False)
    op.create_table('stepped_aside',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('subject_kind', sa.String(length=8), nullable=False),
    sa.Column('subject_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("subject_kind IN ('report', 'case')", name=op.f('ck_stepped_aside_subject_kind')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_stepped_aside_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stepped_aside')),
    sa.UniqueConstraint('person_id', 'subject_kind', 'subject_id', name=op.f('uq_stepped_aside_person_id_subject_kind_subject_id'))
    )
    op.create_index('ix_stepped_aside_subject_kind_subject_id', 'stepped_aside', ['subject_kind', 'subject_id'], unique=False)
    op.create_table('bulk_item',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('job_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('seen', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('words', sa.String(length=400), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('waiting', 'done', 'refused')", name=op.f('ck_bulk_item_state')),
    sa.ForeignKeyConstraint(['job_id'], ['bulk_job.id'], name=op.f('fk_bulk_item_job_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bulk_item')),
    sa.UniqueConstraint('job_id', 'code', name=op.f('uq_bulk_item_job_id_code'))
    )
    op.create_table('delegation',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('acting_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('person_id <> acting_id', name=op.f('ck_delegation_other')),
    sa.CheckConstraint('valid_from <= valid_to', name=op.f('ck_delegation_dates')),
    sa.ForeignKeyConstraint(['acting_id'], ['person.id'], name=op.f('fk_delegation_acting_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_delegation_organisation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_delegation_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delegation'))
    )
    op.create_index('ix_delegation_acting_id', 'delegation', ['acting_id'], unique=False)
    op.create_index('ix_delegation_person_id', 'delegation', ['person_id'], unique=False)
    op.create_table('reply_template',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('step', sa.String(length=24), nullable=False),
    sa.Column('category', sa.String(length=48), nullable=True),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['changed_by_id'], ['person.id'], name=op.f('fk_reply_template_changed_by_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_reply_template_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reply_template'))
    )
    op.create_index('ix_reply_template_organisation_id', 'reply_template', ['organisation_id', 'step'], unique=False)
    op.create_table('saved_filter',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('shared', sa.Boolean(), nullable=False),
    sa.Column('query', sa.JSON(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_saved_filter_organisation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_saved_filter_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_filter')),
    sa.UniqueConstraint('person_id', 'name', name=op.f('uq_saved_filter_person_id_name'))
    )
    op.create_index('ix_saved_filter_organisation_id', 'saved_filter', ['organisation_id'], unique=False)


def downgrade():
    op.drop_index('ix_saved_filter_organisation_id', table_name='saved_filter')
    op.drop_table('saved_filter')
    op.drop_index('ix_reply_template_organisation_id', table_name='reply_template')
    op.drop_table('reply_template')
    op.drop_index('ix_delegation_person_id', table_name='delegation')
    op.drop_index('ix_delegation_acting_id', table_name='delegation')
    op.drop_table('delegation')
    op.drop_table('bulk_item')
    op.drop_index('ix_stepped_aside_subject_kind_subject_id', table_name='stepped_aside')
    op.drop_table('stepped_aside')
    op.drop_index(op.f('ix_bulk_job_person_id'), table_name='bulk_job')
    op.drop_table('bulk_job')
    for table, name, _columns, _where in reversed(_INDEXES):
        op.drop_index(name, table_name=table)
    for table in ("report", "case_file"):
        op.drop_column(table, "priority_chosen")
        op.drop_column(table, "queue_rank")
