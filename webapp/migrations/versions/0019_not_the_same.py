"""Pairs of records that an officer said are not the same problem.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KINDS = "IN ('report', 'case')"


def upgrade() -> None:
    op.create_table(
        "not_same",
        sa.Column("id", _ID, nullable=False),
        sa.Column("one_kind", sa.String(8), nullable=False),
        sa.Column("one_id", _ID, nullable=False),
        sa.Column("other_kind", sa.String(8), nullable=False),
        sa.Column("other_id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"one_kind {_KINDS}", name=op.f("ck_not_same_one_kind")),
        sa.CheckConstraint(f"other_kind {_KINDS}", name=op.f("ck_not_same_other_kind")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_not_same_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_not_same")),
        sa.UniqueConstraint(
            "one_kind",
            "one_id",
            "other_kind",
            "other_id",
            name=op.f("uq_not_same_one_kind_one_id_other_kind_other_id"),
        ),
    )
    op.create_index("ix_not_same_other", "not_same", ["other_kind", "other_id"])


def downgrade() -> None:
    op.drop_table("not_same")
