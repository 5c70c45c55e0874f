"""Where people live, roughly: hamlets around the points of the old communes, some much larger."""

from dataclasses import dataclass
from random import Random

from geo.points import Point
from webapp.directory.models import Unit

_HAMLETS = (3, 9)
_COMMUNE_SPREAD = 0.02  # degrees, about 2 km
_HAMLET_SPREAD = 0.0025  # about 250 m
_TOWN_WEIGHT = 12.0


@dataclass(frozen=True)
class Hamlet:
    """A settlement of an old commune."""

    commune: Unit
    lon: float
    lat: float

    def place(self, random: Random) -> Point:
        """A place in or near it."""
        lon = random.gauss(self.lon, _HAMLET_SPREAD)
        lat = random.gauss(self.lat, _HAMLET_SPREAD)
        return Point(lon, lat)


class Settlements:
    """All hamlets of the served provinces, the towns' ones and the first of each commune larger."""

    def __init__(self, communes: list[Unit], random: Random) -> None:
        self._random = random
        self._hamlets: list[Hamlet] = []
        weights: list[float] = []
        for commune in communes:
            if commune.lon is None or commune.lat is None:
                continue
            scale = _TOWN_WEIGHT if commune.name.startswith(("Phường", "Thị trấn")) else 1.0
            for rank in range(1, random.randint(*_HAMLETS)):
                self._hamlets.append(self._hamlet(commune, commune.lon, commune.lat))
                weights.append(scale / rank)
        self._weights = _running_sums(weights)

    def _hamlet(self, commune: Unit, lon: float, lat: float) -> Hamlet:
        spread = self._random.gauss
        return Hamlet(commune, spread(lon, _COMMUNE_SPREAD), spread(lat, _COMMUNE_SPREAD))

    def pick(self) -> tuple[Unit, Point]:
        """An old commune and a place in one of its hamlets."""
        (hamlet,) = self._random.choices(self._hamlets, cum_weights=self._weights)
        return hamlet.commune, hamlet.place(self._random)


def _running_sums(values: list[float]) -> list[float]:
    sums, total = [], 0.0
    for value in values:
        total += value
        sums.append(total)
    return sums
