"""The cursor of PostgreSQL connections: it tells of columns no more than is asked."""

from typing import Any

import psycopg
from psycopg import _queries

# psycopg looks for the placeholders of a statement at each execution anew where it is longer than
# 4,096 characters or has more than fifty values: a tenth of what a map takes. Ours are built once.
_queries.MAX_CACHED_STATEMENT_LENGTH = 16_384
_queries.MAX_CACHED_STATEMENT_PARAMS = 500


class PageCursor(psycopg.Cursor[Any]):
    """A cursor whose description is plain tuples.

    psycopg makes an object for every column of every statement, with its type looked up, of which
    SQLAlchemy reads two fields: a tenth of a page of a case, whose rows have fifty columns.
    """

    @property
    def description(self) -> list[Any] | None:
        """DB-API's seven fields for each column; None after a statement without rows."""
        result = self.pgresult
        if result is None or not result.nfields:
            return None
        return [
            ((result.fname(each) or b"").decode(), result.ftype(each), *_UNSAID)
            for each in range(result.nfields)
        ]


_UNSAID = (None,) * 5
