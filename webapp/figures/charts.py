"""Where the parts of the board's drawings stand: plain numbers, no colours, no words."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from geo.points import Point

WIDTH, HEIGHT = 400, 170
_LEFT, _BOTTOM, _TOP = 36, 28, 8
_MAP_WIDTH, _MARGIN, _RADIUS = 400, 30, 22
_MOST_LABELS = 6
_HALF_LABEL = 17


@dataclass(frozen=True)
class Bar:
    """One bar; ``kind`` is the series it belongs to."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Trend:
    """Bars in pairs, a line with its number at each height, and where labels stand below."""

    bars: list[Bar]
    lines: list[tuple[float, int]]
    labels: list[tuple[float, int]]


def trend(pairs: Sequence[tuple[int, int]]) -> Trend:
    """Two counts for each stretch of time, side by side over one scale."""
    top = _round_top(max((max(pair) for pair in pairs), default=0))
    step = (WIDTH - _LEFT) / max(len(pairs), 1)
    height = HEIGHT - _BOTTOM - _TOP
    bars = []
    for place, pair in enumerate(pairs):
        for number, (kind, n) in enumerate(zip(("opened", "closed"), pair, strict=True)):
            tall = height * n / top
            left = _LEFT + place * step + step * (0.12 + 0.39 * number)
            y = HEIGHT - _BOTTOM - tall
            bars.append(
                Bar(kind, round(left, 1), round(y, 1), round(step * 0.37, 1), round(tall, 1))
            )
    every = math.ceil(len(pairs) / _MOST_LABELS)
    labels = [
        (round(min(_LEFT + (place + 0.5) * step, WIDTH - _HALF_LABEL), 1), place)
        for place in range(0, len(pairs), every or 1)
    ]
    lines = [(round(HEIGHT - _BOTTOM - height * n / top, 1), n) for n in (0, top // 2, top)]
    return Trend(bars, lines, labels)


def _round_top(highest: int) -> int:
    """The next even number of one digit and noughts: a scale that is read at a glance."""
    power = int(10 ** (len(str(highest)) - 1))
    return max(2, math.ceil(highest / (2 * power)) * 2 * power)


@dataclass(frozen=True)
class Spot:
    """A circle on the map, its area by the count."""

    key: int
    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class Sketch:
    """The map: its height, circles, and outlines as the ``d`` of a path."""

    width: int
    height: int
    spots: list[Spot]
    outline: str


def sketch(
    counts: Mapping[int, int], places: Mapping[int, Point], outline: dict[str, Any]
) -> Sketch | None:
    """Circles at the middle of each unit; None for fewer than two places to tell apart."""
    shown = {key: n for key, n in counts.items() if n and key in places}
    if len(shown) < 2:
        return None
    frame = _Frame([places[key] for key in places])
    most = max(shown.values())
    spots = [
        Spot(key, *frame.xy(places[key].lon, places[key].lat), _radius(n, most))
        for key, n in sorted(shown.items(), key=lambda pair: -pair[1])
    ]
    return Sketch(_MAP_WIDTH, frame.height, spots, _path(frame, outline))


class _Frame:
    """Degrees to the drawing, east and north in the same measure."""

    def __init__(self, points: list[Point]) -> None:
        self._west, east = min(p.lon for p in points), max(p.lon for p in points)
        south, self._north = min(p.lat for p in points), max(p.lat for p in points)
        squeeze = math.cos(math.radians((south + self._north) / 2))
        wide = max((east - self._west) * squeeze, 0.05)
        self._down = (_MAP_WIDTH - 2 * _MARGIN) / wide
        self._across = self._down * squeeze
        self.height = round((self._north - south) * self._down) + 2 * _MARGIN

    def holds(self, x: float, y: float) -> bool:
        """Whether a place of the drawing is on the sheet."""
        return 0 <= x <= _MAP_WIDTH and 0 <= y <= self.height

    def xy(self, lon: float, lat: float) -> tuple[float, float]:
        """Where a place on the ground is drawn."""
        x = _MARGIN + (lon - self._west) * self._across
        return round(x, 1), round(_MARGIN + (self._north - lat) * self._down, 1)


def _radius(n: int, most: int) -> float:
    return round(max(9.0, _RADIUS * math.sqrt(n / most)), 1)


def _path(frame: _Frame, outline: dict[str, Any]) -> str:
    rings = (
        ring
        for feature in outline["features"]
        for polygon in feature["geometry"]["coordinates"]
        for ring in polygon
    )
    return "".join(_ring(frame, ring) for ring in rings)


def _ring(frame: _Frame, ring: Iterable[Sequence[float]]) -> str:
    """Corners of whole units, those that fall together drawn once."""
    corners = [tuple(map(round, frame.xy(lon, lat))) for lon, lat in ring]
    if not any(frame.holds(x, y) for x, y in corners):
        return ""
    kept = corners[:1] + [b for a, b in pairwise(corners) if a != b]
    return "M" + "L".join(f"{x} {y}" for x, y in kept) + "z" if len(kept) > 3 else ""
