"""Numbers of the Front's national feedback system, the files that brought them; lists per office.

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op


revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_PUBLIC_OFFICE = sa.text(
    "public_since IS NOT NULL AND state IN"
    " ('accepted', 'concluded', 'escalated', 'inspecting', 'remedying')"
)


def upgrade() -> None:
    op.create_table(
        "outside_import",
        sa.Column("id", _ID, nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opens_cases", sa.Boolean(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("made", sa.Integer(), nullable=False),
        sa.Column("noted", sa.Integer(), nullable=False),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_outside_import_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_import")),
        sa.UniqueConstraint("uid", name=op.f("uq_outside_import_uid")),
    )
    op.create_index("ix_outside_import_person_id", "outside_import", ["person_id", "id"])
    op.create_table(
        "outside_number",
        sa.Column("id", _ID, nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("report_id", _ID, nullable=True),
        sa.Column("case_id", _ID, nullable=True),
        sa.Column("import_id", _ID, nullable=False),
        sa.CheckConstraint(
            "(report_id IS NULL) <> (case_id IS NULL)", name=op.f("ck_outside_number_subject")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_outside_number_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["outside_import.id"], name=op.f("fk_outside_number_import_id")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_outside_number_report_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_number")),
        sa.UniqueConstraint("number", name=op.f("uq_outside_number_number")),
        sa.UniqueConstraint("report_id", name=op.f("uq_outside_number_report_id")),
    )
    op.create_index("ix_outside_number_case_id", "outside_number", ["case_id"])
    op.create_index("ix_outside_number_import_id", "outside_number", ["import_id", "id"])
    op.create_index(
        "ix_case_file_public_office",
        "case_file",
        ["office_id", "addressee_id", "public_since", "category", "overdue"],
        postgresql_where=_PUBLIC_OFFICE,
        sqlite_where=_PUBLIC_OFFICE,
    )
    op.create_index(
        "ix_recommendation_delivered_on", "recommendation", ["delivered_on", "addressee_id"]
    )


def downgrade() -> None:
    op.drop_index("ix_recommendation_delivered_on", table_name="recommendation")
    op.drop_index("ix_case_file_public_office", table_name="case_file")
    op.drop_table("outside_number")
    op.drop_table("outside_import")
