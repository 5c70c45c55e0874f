"""Rows of a statement as its driver gives them, where that is asked for."""

from typing import Any, Final

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
