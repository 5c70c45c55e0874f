"""Letters beside the recommendation, signed scans, who numbers.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_CHECKS = {
    "copy": "copy IN ('electronic', 'paper')",
    "proof": "delivered_on IS NULL OR (channel IS NOT NULL AND proof IS NOT NULL)",
    "recipient": "(recipient_id IS NULL) <> (name IS NULL)",
}


def upgrade() -> None:
    op.add_column("document", sa.Column("partner_name", sa.String(120), nullable=True))
    _loosen_delivery()
    op.create_table(
        "register_setting",
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("by_platform", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_register_setting_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_register_setting")),
    )
    op.create_table(
        "document_scan",
        sa.Column("id", _ID, nullable=False),
        sa.Column("document_id", _ID, nullable=False),
        sa.Column("file_key", sa.String(120), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", _ID, nullable=True),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_document_scan_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_document_scan_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_scan")),
    )
    op.create_index(op.f("ix_document_scan_document_id"), "document_scan", ["document_id"])
    _letters()
    _templates()


def _templates() -> None:
    op.create_table(
        "letter_template",
        sa.Column("id", _ID, nullable=False),
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("type_code", sa.String(8), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("file_key", sa.String(120), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", _ID, nullable=True),
        sa.CheckConstraint(
            "state IN ('uploaded', 'in_force', 'replaced')", name=op.f("ck_letter_template_state")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_letter_template_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_letter_template_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_template")),
    )
    op.create_index(
        "uq_letter_template_in_force",
        "letter_template",
        ["organisation_id", "type_code"],
        unique=True,
        postgresql_where=sa.text("state = 'in_force'"),
        sqlite_where=sa.text("state = 'in_force'"),
    )
    op.create_table(
        "template_use",
        sa.Column("document_id", _ID, nullable=False),
        sa.Column("template_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_template_use_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["template_id"], ["letter_template.id"], name=op.f("fk_template_use_template_id")
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_template_use")),
    )
    op.create_table(
        "answer_link",
        sa.Column("id", _ID, nullable=False),
        sa.Column("recommendation_id", _ID, nullable=False),
        sa.Column("code_digest", sa.String(64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", _ID, nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(160), nullable=True),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendation.id"],
            name=op.f("fk_answer_link_recommendation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_answer_link_made_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_link")),
        sa.UniqueConstraint("code_digest", name=op.f("uq_answer_link_code_digest")),
    )
    op.create_index(
        op.f("ix_answer_link_recommendation_id"), "answer_link", ["recommendation_id"]
    )


def _letters() -> None:
    op.create_table(
        "case_letter",
        sa.Column("id", _ID, nullable=False),
        sa.Column("case_id", _ID, nullable=False),
        sa.Column("document_id", _ID, nullable=False),
        sa.Column("author_id", _ID, nullable=False),
        sa.Column("partner_id", _ID, nullable=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("given", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('urging', 'transfer', 'notice', 'invitation')",
            name=op.f("ck_case_letter_kind"),
        ),
        sa.CheckConstraint(
            "state IN ('drafted', 'submitted_for_signature', 'signed', 'issued', 'void')",
            name=op.f("ck_case_letter_state"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_case_letter_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_case_letter_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["organisation.id"], name=op.f("fk_case_letter_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organisation.id"], name=op.f("fk_case_letter_partner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_letter")),
        sa.UniqueConstraint("document_id", name=op.f("uq_case_letter_document_id")),
    )
    op.create_index(op.f("ix_case_letter_case_id"), "case_letter", ["case_id"])
    op.create_index("ix_case_letter_author_id", "case_letter", ["author_id", "state"])
    op.create_table(
        "case_letter_step",
        sa.Column("id", _ID, nullable=False),
        sa.Column("letter_id", _ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("transition", sa.String(32), nullable=False),
        sa.Column("to_state", sa.String(24), nullable=False),
        sa.Column("person_id", _ID, nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["case_letter.id"], name=op.f("fk_case_letter_step_letter_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_case_letter_step_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_letter_step")),
    )
    op.create_index(op.f("ix_case_letter_step_letter_id"), "case_letter_step", ["letter_id"])


def _loosen_delivery() -> None:
    """A recipient may be a name that the directory does not hold."""
    if op.get_bind().dialect.name == "postgresql":
        op.add_column("delivery", sa.Column("name", sa.String(200), nullable=True))
        op.alter_column("delivery", "recipient_id", nullable=True)
        op.create_check_constraint(op.f("ck_delivery_recipient"), "delivery", _CHECKS["recipient"])
        return
    # SQLite changes no column in place; nothing refers to this table.
    op.drop_index(op.f("ix_delivery_document_id"), table_name="delivery")
    op.rename_table("delivery", "delivery_before")
    op.create_table(
        "delivery",
        sa.Column("id", _ID, nullable=False),
        sa.Column("document_id", _ID, nullable=False),
        sa.Column("recipient_id", _ID, nullable=True),
        sa.Column("name", sa.String(200), nullable=True),
        sa.Column("copy", sa.String(12), nullable=False),
        sa.Column("channel", sa.String(40), nullable=True),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("proof", sa.String(200), nullable=True),
        *(
            sa.CheckConstraint(words, name=op.f(f"ck_delivery_{name}"))
            for name, words in _CHECKS.items()
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_delivery_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["organisation.id"], name=op.f("fk_delivery_recipient_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
    )
    kept = "id, document_id, recipient_id, copy, channel, delivered_on, proof"
    op.execute(f"INSERT INTO delivery ({kept}) SELECT {kept} FROM delivery_before")
    op.drop_table("delivery_before")
    op.create_index(op.f("ix_delivery_document_id"), "delivery", ["document_id"])


def downgrade() -> None:
    """On PostgreSQL only, as everywhere. Copies to names that no directory holds are lost."""
    for table in (
        "answer_link",
        "template_use",
        "letter_template",
        "case_letter_step",
        "case_letter",
        "document_scan",
        "register_setting",
    ):
        op.drop_table(table)
    op.execute("DELETE FROM delivery WHERE recipient_id IS NULL")
    op.drop_constraint(op.f("ck_delivery_recipient"), "delivery", type_="check")
    op.alter_column("delivery", "recipient_id", nullable=False)
    op.drop_column("delivery", "name")
    op.drop_column("document", "partner_name")
