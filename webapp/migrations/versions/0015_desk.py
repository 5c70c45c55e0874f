"""The desk: the stored order of the queue.

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


def downgrade():
    for table, name, _columns, _where in reversed(_INDEXES):
        op.drop_index(name, table_name=table)
    for table in ("report", "case_file"):
        op.drop_column(table, "priority_chosen")
        op.drop_column(table, "queue_rank")
