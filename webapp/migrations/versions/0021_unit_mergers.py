"""Batches of unit mergers, and indexes by which boards find what came to an end in a time.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op


revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ENDED = sa.text("stopped_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "reassignment",
        sa.Column("id", _ID, nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("undone_by_id", _ID, nullable=True),
        sa.Column("successor_id", _ID, nullable=False),
        sa.Column("predecessor_ids", sa.JSON(), nullable=False),
        sa.Column("organisations", sa.JSON(), nullable=False),
        sa.Column("effective", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('planned', 'running', 'done', 'undoing', 'undone', 'cancelled')",
            name=op.f("ck_reassignment_state"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_reassignment_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["person.id"], name=op.f("fk_reassignment_undone_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["unit.id"], name=op.f("fk_reassignment_successor_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reassignment")),
        sa.UniqueConstraint("uid", name=op.f("uq_reassignment_uid")),
    )
    op.create_table(
        "reassigned_row",
        sa.Column("id", _ID, nullable=False),
        sa.Column("batch_id", _ID, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("row_id", _ID, nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("words", sa.String(length=400), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'moved', 'refused', 'restored', 'kept')",
            name=op.f("ck_reassigned_row_state"),
        ),
        sa.CheckConstraint(
            "kind IN ('case', 'report', 'proposal', 'reply_template', 'saved_filter', 'unit',"
            " 'unit_succession', 'unit_area', 'organisation', 'focal_point', 'assignment',"
            " 'delegation')",
            name=op.f("ck_reassigned_row_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["reassignment.id"], name=op.f("fk_reassigned_row_batch_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reassigned_row")),
        sa.UniqueConstraint(
            "batch_id", "kind", "row_id", name=op.f("uq_reassigned_row_batch_id_kind_row_id")
        ),
    )
    op.create_index("ix_reassigned_row_state", "reassigned_row", ["batch_id", "state", "id"])
    op.create_index("ix_case_file_opened_at", "case_file", ["opened_at"])
    op.create_index("ix_case_file_closed_at", "case_file", ["closed_at"])
    op.create_index(
        "ix_deadline_stopped",
        "deadline",
        ["stopped_at", "rule_id"],
        postgresql_where=_ENDED,
        sqlite_where=_ENDED,
    )


def downgrade() -> None:
    op.drop_index("ix_deadline_stopped", table_name="deadline")
    op.drop_index("ix_case_file_closed_at", table_name="case_file")
    op.drop_index("ix_case_file_opened_at", table_name="case_file")
    op.drop_table("reassigned_row")
    op.drop_table("reassignment")
