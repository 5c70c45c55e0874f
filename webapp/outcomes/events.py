"""News of outcome pages."""

from dataclasses import dataclass

from webapp.core.events import Event


@dataclass(frozen=True)
class OutcomeMoved(Event):
    """A step of the outcome's table was taken."""

    outcome_id: int
    case_id: int
    step: str
    to_state: str
