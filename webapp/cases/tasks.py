"""Periodic work on cases."""

from webapp.cases import counts
from webapp.core.unit_of_work import write_unit


def fold_counts() -> int:
    """Take the journal of the map's counts into the counts; may run at any time."""
    with write_unit():
        return counts.fold()
