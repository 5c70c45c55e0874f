"""The condition of the desk's partial indexes on reports, as both planners recognise it."""

from sqlalchemy import ColumnElement

from webapp.core.conditions import states_in_words
from webapp.reporting.models import Report


def still_waiting() -> ColumnElement[bool]:
    """Reports that wait for the Front or for their sender; see ``webapp.cases.indexed``."""
    return Report.state.in_(states_in_words(("submitted", "needs_info")))
