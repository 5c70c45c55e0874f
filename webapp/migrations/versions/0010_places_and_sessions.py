"""Who set the exact place of a case; open sessions and known devices; who may correct a page.

The place of a case that is there already is its opening report's: the same point, the same source.
Correcting a public page stays with Front roles and publishers, who held it as part of writing one.

Revision ID: 0010
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FROM_REPORTS = """
UPDATE case_file SET place_source = (
    SELECT MIN(report.place_source) FROM report
    WHERE report.case_id = case_file.id
    AND report.lon = case_file.lon AND report.lat = case_file.lat
)
WHERE case_file.lon IS NOT NULL
"""
REVISERS = """
INSERT INTO role_permission (role_id, permission)
SELECT held.role_id, 'outcomes.revise' FROM role_permission AS held
WHERE held.permission = 'outcomes.draft' AND EXISTS (
    SELECT 1 FROM role_permission AS other WHERE other.role_id = held.role_id
    AND other.permission IN ('cases.read', 'outcomes.publish')
)
"""


def upgrade() -> None:
    op.execute(REVISERS)
    op.add_column("case_file", sa.Column("place_source", sa.String(8), nullable=True))
    op.execute(FROM_REPORTS)
    op.create_index("ix_case_file_merged_into_id", "case_file", ["merged_into_id"])
    op.create_table(
        "sign_in",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_in_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("digest", name=op.f("uq_sign_in_digest")),
    )
    op.create_index(op.f("ix_sign_in_account_id"), "sign_in", ["account_id"])
    op.create_table(
        "account_device",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_device_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_device")),
        sa.UniqueConstraint("digest", name=op.f("uq_account_device_digest")),
    )
    op.create_index(op.f("ix_account_device_account_id"), "account_device", ["account_id"])


def downgrade() -> None:
    op.execute("DELETE FROM role_permission WHERE permission = 'outcomes.revise'")
    op.drop_table("account_device")
    op.drop_table("sign_in")
    op.drop_index("ix_case_file_merged_into_id", "case_file")
    op.drop_column("case_file", "place_source")
