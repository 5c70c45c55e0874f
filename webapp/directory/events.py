"""News of the directory."""

from dataclasses import dataclass

from webapp.core.events import Event


@dataclass(frozen=True)
class CalendarChanged(Event):
    """A day was added to the working calendar or taken out; clocks are to be counted anew."""
