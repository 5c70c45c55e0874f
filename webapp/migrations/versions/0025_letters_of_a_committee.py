"""Letters of a committee about no case; mergers move inspection files, establishments and letters

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_LETTER_STATES = "'drafted', 'submitted_for_signature', 'signed', 'issued', 'void'"
_OLD_LETTERS = "'urging', 'transfer', 'notice', 'invitation'"
_OLD_ROWS = (
    "'case', 'report', 'proposal', 'reply_template', 'saved_filter', 'unit', 'unit_succession',"
    " 'unit_area', 'organisation', 'focal_point', 'assignment', 'delegation'"
)
_LETTER_CHECKS = {
    "kind": f"kind IN ({_OLD_LETTERS}, 'hearing_report')",
    "state": f"state IN ({_LETTER_STATES})",
    "about": "case_id IS NOT NULL OR kind IN ('hearing_report', 'invitation')",
}
_ROW_CHECKS = {
    "kind": f"kind IN ({_OLD_ROWS}, 'inspection_file', 'establishment', 'case_letter')",
    "state": "state IN ('waiting', 'moved', 'refused', 'restored', 'kept')",
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("case_letter", "case_id", nullable=True)
        _replace_checks(_LETTER_CHECKS["kind"], _ROW_CHECKS["kind"])
        op.create_check_constraint(
            op.f("ck_case_letter_about"), "case_letter", _LETTER_CHECKS["about"]
        )
        return
    # SQLite changes no column in place. The steps refer to their letter, so they are made anew too.
    _set_aside("case_letter_step", "ix_case_letter_step_letter_id")
    _set_aside("case_letter", "ix_case_letter_case_id", "ix_case_letter_author_id")
    _letters()
    _take_back("case_letter")
    _steps()
    _take_back("case_letter_step")
    op.drop_table("case_letter_step_before")
    op.drop_table("case_letter_before")
    _set_aside("reassigned_row", "ix_reassigned_row_state")
    _rows()
    _take_back("reassigned_row")
    op.drop_table("reassigned_row_before")


def _replace_checks(letters: str, rows: str) -> None:
    for table, words in (("case_letter", letters), ("reassigned_row", rows)):
        op.drop_constraint(op.f(f"ck_{table}_kind"), table, type_="check")
        op.create_check_constraint(op.f(f"ck_{table}_kind"), table, words)


def _set_aside(table: str, *indexes: str) -> None:
    for index in indexes:
        op.drop_index(op.f(index), table_name=table)
    op.rename_table(table, f"{table}_before")


def _take_back(table: str) -> None:
    """Every row again; the new table has the columns of the old one, in their order."""
    op.execute(f"INSERT INTO {table} SELECT * FROM {table}_before")  # noqa: S608  # our own names


def _checks(table: str, checks: dict[str, str]) -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint(words, name=op.f(f"ck_{table}_{name}")) for name, words in checks.items()
    ]


def _refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _letters() -> None:
    op.create_table(
        "case_letter",
        sa.Column("id", _ID, nullable=False),
        sa.Column("case_id", _ID, nullable=True),
        sa.Column("document_id", _ID, nullable=False),
        sa.Column("author_id", _ID, nullable=False),
        sa.Column("partner_id", _ID, nullable=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("given", sa.JSON(), nullable=False),
        *_checks("case_letter", _LETTER_CHECKS),
        _refers("case_letter", "case_id", "case_file"),
        _refers("case_letter", "document_id", "document"),
        _refers("case_letter", "author_id", "organisation"),
        _refers("case_letter", "partner_id", "organisation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_letter")),
        sa.UniqueConstraint("document_id", name=op.f("uq_case_letter_document_id")),
    )
    op.create_index(op.f("ix_case_letter_case_id"), "case_letter", ["case_id"])
    op.create_index("ix_case_letter_author_id", "case_letter", ["author_id", "state"])


def _steps() -> None:
    op.create_table(
        "case_letter_step",
        sa.Column("id", _ID, nullable=False),
        sa.Column("letter_id", _ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("transition", sa.String(32), nullable=False),
        sa.Column("to_state", sa.String(24), nullable=False),
        sa.Column("person_id", _ID, nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        _refers("case_letter_step", "letter_id", "case_letter"),
        _refers("case_letter_step", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_letter_step")),
    )
    op.create_index(op.f("ix_case_letter_step_letter_id"), "case_letter_step", ["letter_id"])


def _rows() -> None:
    op.create_table(
        "reassigned_row",
        sa.Column("id", _ID, nullable=False),
        sa.Column("batch_id", _ID, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("row_id", _ID, nullable=False),
        sa.Column("label", sa.String(200), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("words", sa.String(400), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        *_checks("reassigned_row", _ROW_CHECKS),
        _refers("reassigned_row", "batch_id", "reassignment"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reassigned_row")),
        sa.UniqueConstraint(
            "batch_id", "kind", "row_id", name=op.f("uq_reassigned_row_batch_id_kind_row_id")
        ),
    )
    op.create_index("ix_reassigned_row_state", "reassigned_row", ["batch_id", "state", "id"])


def downgrade() -> None:
    """On PostgreSQL only, as everywhere. What a committee wrote about no case is lost."""
    gone = "SELECT id FROM case_letter WHERE case_id IS NULL"
    op.execute(f"DELETE FROM case_letter_step WHERE letter_id IN ({gone})")  # noqa: S608
    op.execute("DELETE FROM case_letter WHERE case_id IS NULL")
    op.execute(
        "DELETE FROM reassigned_row"
        " WHERE kind IN ('inspection_file', 'establishment', 'case_letter')"
    )
    op.drop_constraint(op.f("ck_case_letter_about"), "case_letter", type_="check")
    _replace_checks(f"kind IN ({_OLD_LETTERS})", f"kind IN ({_OLD_ROWS})")
    op.alter_column("case_letter", "case_id", nullable=False)
