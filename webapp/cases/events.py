"""News of cases."""

from dataclasses import dataclass

from webapp.core.events import Event


@dataclass(frozen=True)
class OutcomePublished(Event):
    """The public page of a case's outcome was published, corrected or published again."""

    case_id: int


@dataclass(frozen=True)
class CaseMoved(Event):
    """A step of the table was taken. ``held_for`` names the hold while it may be undone."""

    case_id: int
    step: str
    from_state: str | None
    to_state: str
    person_id: int | None
    held_for: str | None
