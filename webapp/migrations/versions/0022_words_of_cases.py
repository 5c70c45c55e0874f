"""Words of cases, found by index

Revision ID: 0022
Revises: 0021
"""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

# FTS5 beside the table it indexes: what goes is named with its old words, as its manual asks.
_FILE = (
    "CREATE VIRTUAL TABLE case_words USING fts5(search_text, content='case_file',"
    " content_rowid='id', tokenize='ascii', detail='none', prefix='2 3')",
    "INSERT INTO case_words (case_words) VALUES ('rebuild')",
    "CREATE TRIGGER case_words_come AFTER INSERT ON case_file BEGIN"
    " INSERT INTO case_words (rowid, search_text) VALUES (new.id, new.search_text); END",
    "CREATE TRIGGER case_words_go AFTER DELETE ON case_file BEGIN"
    " INSERT INTO case_words (case_words, rowid, search_text)"
    " VALUES ('delete', old.id, old.search_text); END",
    "CREATE TRIGGER case_words_change AFTER UPDATE OF search_text ON case_file"
    " WHEN old.search_text <> new.search_text BEGIN"
    " INSERT INTO case_words (case_words, rowid, search_text)"
    " VALUES ('delete', old.id, old.search_text);"
    " INSERT INTO case_words (rowid, search_text) VALUES (new.id, new.search_text); END",
)
_CLUSTER = (
    "CREATE INDEX ix_case_file_words ON case_file USING gin"
    " (to_tsvector('simple', regexp_replace(search_text, '[^a-z0-9]+', ' ', 'g')))",
)


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _FILE if sqlite else _CLUSTER:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in ("come", "go", "change"):
            op.execute(f"DROP TRIGGER case_words_{name}")
        op.execute("DROP TABLE case_words")
    else:
        op.execute("DROP INDEX ix_case_file_words")
