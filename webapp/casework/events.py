"""News of recommendations and of what waits for a second person."""

from dataclasses import dataclass

from webapp.core.events import Event


@dataclass(frozen=True)
class RecommendationMoved(Event):
    """A step of a recommendation was taken."""

    recommendation_id: int
    case_id: int
    step: str
    to_state: str
