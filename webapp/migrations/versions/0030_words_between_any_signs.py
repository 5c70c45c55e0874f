"""Words of cases stand between any signs; what is written is found at once

Revision ID: 0030
Revises: 0029
"""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_WORDS = (
    "CREATE VIRTUAL TABLE case_words USING fts5(search_text, content='case_file',"
    " content_rowid='id', tokenize='{tokens}', detail='none', prefix='2 3')"
)
_REBUILD = "INSERT INTO case_words (case_words) VALUES ('rebuild')"


def _split(tokens: str) -> None:
    """SQLite's index of words made anew; the triggers that keep it know it by its name."""
    op.execute("DROP TABLE case_words")
    op.execute(_WORDS.format(tokens=tokens))
    op.execute(_REBUILD)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # With 'ascii' a curved quotation mark or a dash was a letter of the word beside it.
        _split("unicode61 remove_diacritics 0")
    else:
        # Every search read the list of what was not sorted in yet, of up to 4 MB.
        op.execute("ALTER INDEX ix_case_file_words SET (fastupdate = off)")
        op.execute("SELECT gin_clean_pending_list('ix_case_file_words')")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _split("ascii")
    else:
        op.execute("ALTER INDEX ix_case_file_words RESET (fastupdate)")
