"""What stands near a place and counts in the queue; see ``webapp.cases.priority``."""

from geo.points import Point
from webapp.cases.priority_table import weights
from webapp.directory.places import nearest_kind


def near_place(point: Point | None) -> str | None:
    """The kind of the nearest school or clinic near enough to count; None without a point too."""
    return nearest_kind(point, weights().place_within_m) if point else None
