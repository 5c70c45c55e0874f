"""Who is affected too, and the lists of village meetings.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op


revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meeting",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key_digest", sa.String(length=64), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("place", sa.String(length=160), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("read_by", sa.String(length=120), nullable=False),
        sa.Column("consent_version", sa.String(length=16), nullable=False),
        sa.Column(
            "entered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["person.id"], name=op.f("fk_meeting_entered_by_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_meeting_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("key_digest", name=op.f("uq_meeting_key_digest")),
    )
    op.create_table(
        "case_follower",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("key_digest", sa.String(length=64), nullable=False),
        sa.Column("code_digest", sa.String(length=64), nullable=False),
        sa.Column("code_version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=True),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_case_follower_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_case_follower_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_follower")),
        sa.UniqueConstraint(
            "case_id", "person_id", name=op.f("uq_case_follower_case_id_person_id")
        ),
        sa.UniqueConstraint("code_digest", name=op.f("uq_case_follower_code_digest")),
        sa.UniqueConstraint("key_digest", name=op.f("uq_case_follower_key_digest")),
        sa.UniqueConstraint("uid", name=op.f("uq_case_follower_uid")),
    )
    op.create_index(
        op.f("ix_case_follower_person_id"), "case_follower", ["person_id"], unique=False
    )
    op.create_table(
        "meeting_report",
        sa.Column(
            "report_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "meeting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_report_meeting_id")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_meeting_report_report_id")
        ),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_meeting_report")),
    )
    op.create_index(
        op.f("ix_meeting_report_meeting_id"), "meeting_report", ["meeting_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_meeting_report_meeting_id"), table_name="meeting_report")
    op.drop_table("meeting_report")
    op.drop_index(op.f("ix_case_follower_person_id"), table_name="case_follower")
    op.drop_table("case_follower")
    op.drop_table("meeting")
