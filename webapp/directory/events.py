"""News of the directory."""

from dataclasses import dataclass
from datetime import date

from webapp.core.events import Event


@dataclass(frozen=True)
class CalendarChanged(Event):
    """A day was added to the working calendar or taken out; clocks are to be counted anew."""


@dataclass(frozen=True)
class PlacesChanged(Event):
    """Schools or clinics were added, renamed or taken out; what lies near them changes."""


@dataclass(frozen=True)
class UnitsMerged(Event):
    """Units and organisations ended the day before ``effective``; what took them in is written."""

    unit_ids: tuple[int, ...]
    organisation_ids: tuple[int, ...]
    effective: date
