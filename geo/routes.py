"""In which order to walk to several places."""

from collections.abc import Sequence

from geo.points import Point, distance_m


def nearest_first(start: Point, places: Sequence[Point]) -> list[int]:
    """Indexes of the places as a walk: from the start, and then always on to the nearest one left.

    Great-circle metres; of two equally near ones the earlier in the list comes first. Not the
    shortest round, but one that a person would take too, and it never jumps about.
    """
    left, here, order = list(range(len(places))), start, []
    while left:
        nearest = min(left, key=lambda index: (distance_m(here, places[index]), index))
        left.remove(nearest)
        order.append(nearest)
        here = places[nearest]
    return order
