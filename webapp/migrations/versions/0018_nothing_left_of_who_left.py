"""Nothing left of who left: emptied outbox rows, SMS counted apart, ids that never come again

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "sms_sent",
        sa.Column("id", _BIG_ID, nullable=False),
        sa.Column("recipient", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sms_sent")),
    )
    op.create_index("ix_sms_sent_recipient", "sms_sent", ["recipient", "at"])
    op.drop_index("ix_notice_delivery_recipient", table_name="notice_delivery")
    op.create_index("ix_notice_subject", "notice", ["subject_kind", "subject_id"])
    failed = sa.text("state = 'failed'")
    op.create_index(
        "ix_outbox_failed",
        "outbox",
        ["kind", "id"],
        postgresql_where=failed,
        sqlite_where=failed,
    )
    # What was carried out or taken back before this change still named people by their digests.
    op.execute("UPDATE outbox SET payload = '{}' WHERE state IN ('done', 'cancelled')")
    op.execute(
        "INSERT INTO sms_sent (recipient, at)"
        " SELECT recipient, at FROM notice_delivery WHERE channel = 'sms'"
    )
    if op.get_bind().dialect.name == "sqlite":
        _never_reuse_follower_ids()


def _never_reuse_follower_ids() -> None:
    """Rebuild a small table that holds no geometry; ids start after every one ever told about."""
    with op.batch_alter_table(
        "case_follower", recreate="always", table_kwargs={"sqlite_autoincrement": True}
    ):
        pass
    op.execute("DELETE FROM sqlite_sequence WHERE name = 'case_follower'")
    op.execute(
        "INSERT INTO sqlite_sequence (name, seq) SELECT 'case_follower', coalesce(max(id), 0)"
        " FROM (SELECT id FROM case_follower UNION ALL"
        " SELECT subject_id FROM notice WHERE subject_kind = 'case_follower')"
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_failed", table_name="outbox")
    op.drop_index("ix_notice_subject", table_name="notice")
    op.create_index(
        "ix_notice_delivery_recipient", "notice_delivery", ["channel", "recipient", "at"]
    )
    op.drop_index("ix_sms_sent_recipient", table_name="sms_sent")
    op.drop_table("sms_sent")
