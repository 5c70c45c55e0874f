"""The condition of the desk's partial indexes on reports, as both planners recognise it."""

from sqlalchemy import BindParameter, ColumnElement, bindparam

from webapp.reporting.models import Report


def still_waiting() -> ColumnElement[bool]:
    """Reports that wait for the Front or for their sender; see ``webapp.cases.indexed``."""
    states: BindParameter[list[str]] = bindparam(
        None, ["submitted", "needs_info"], expanding=True, literal_execute=True
    )
    return Report.state.in_(states)
