"""News of the deadlines, told once for each clock."""

from dataclasses import dataclass

from webapp.core.events import Event


@dataclass(frozen=True)
class RecordWanted(Event):
    """A clock is about to be changed by time or calendar: whoever keeps its record locks it now.

    A step locks its record before the record's clocks, so everybody else does too.
    """

    subject_kind: str
    subject_id: int


@dataclass(frozen=True)
class DeadlineNear(Event):
    """A running clock came into its due-soon time; ``owner_id`` is who has to act."""

    subject_kind: str
    subject_id: int
    rule_key: str
    owner_id: int | None = None


@dataclass(frozen=True)
class DeadlinePassed(Event):
    """A running clock passed its due moment; ``owner_id`` is who had to act."""

    subject_kind: str
    subject_id: int
    rule_key: str
    owner_id: int | None = None


@dataclass(frozen=True)
class DeadlineMoved(Event):
    """A running clock is due at another moment, because the calendar was edited."""

    subject_kind: str
    subject_id: int
    rule_key: str
