"""Cursors of pages: they tell of columns no more than is asked."""

from typing import Any, Final

import psycopg
from sqlalchemy.engine.default import DefaultExecutionContext

AS_DRIVER: Final = "matxanh_as_driver"
"""The option of a statement whose rows are taken from the driver's cursor."""


def with_driver_rows(kind: type[DefaultExecutionContext]) -> type[DefaultExecutionContext]:
    """The kind of execution of a dialect, which gives the driver's cursor where it is asked for.

    SQLAlchemy looks at every column of every result to find its values by name: for a case with
    seventy columns longer than the database takes. Events and errors stay those of the session.
    """

    class PageExecution(kind):  # type: ignore[misc, valid-type]  # a class of the dialect at hand
        def _setup_result_proxy(self) -> Any:
            if AS_DRIVER in self.execution_options:
                return self.cursor
            return super()._setup_result_proxy()

    return PageExecution


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
