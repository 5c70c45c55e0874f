"""The condition of the desk's partial indexes on reports, as both planners recognise it."""

from sqlalchemy import ColumnElement, and_

from webapp.core.conditions import states_in_words
from webapp.reporting.models import Report, VoiceNote


def still_waiting() -> ColumnElement[bool]:
    """Reports that wait for the Front or for their sender; see ``webapp.cases.indexed``."""
    return Report.state.in_(states_in_words(("submitted", "needs_info")))


def still_to_write() -> ColumnElement[bool]:
    """Voice notes that nobody has written down yet. The condition of the index on them."""
    stored = VoiceNote.state == states_in_words(("stored",))[0]
    return and_(stored, VoiceNote.transcript_sealed.is_(None))
