"""What the deadlines do when something they stand on changes."""

from webapp.core.events import subscribe
from webapp.directory.events import CalendarChanged
from webapp.jobs.operations import enqueue


@subscribe(CalendarChanged)
def count_anew(_event: CalendarChanged) -> None:
    """Recompute running clocks in one job once the edit is safe."""
    enqueue("deadlines.recompute")
