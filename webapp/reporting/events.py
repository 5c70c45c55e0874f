"""News of reports."""

from dataclasses import dataclass

from webapp.core.events import Event


@dataclass(frozen=True)
class ReportMoved(Event):
    """A step of a report was taken. ``held_for`` names the hold while it may be undone."""

    report_id: int
    step: str
    from_state: str | None
    to_state: str
    person_id: int | None
    held_for: str | None
