"""Hoàng Sa and Trường Sa of Viet Nam, which every map and print shows and names.

The outlines are drawn by hand around each archipelago for orientation; they are not survey data.
"""

from dataclasses import dataclass
from html import escape
from typing import Any

from shapely import MultiPolygon, Polygon

from geo.geojson import area_feature, feature_collection, point_feature
from geo.points import Point


@dataclass(frozen=True)
class IslandLabel:
    """One archipelago: the words on the map, where they stand, and the outline around it."""

    label: str
    place: Point
    outline: MultiPolygon


def _outline(*corners: tuple[float, float]) -> MultiPolygon:
    return MultiPolygon([Polygon(corners)])


ISLAND_LABELS = (
    IslandLabel(
        "Hoàng Sa (Việt Nam)",
        Point(112.0, 16.5),
        _outline(
            (111.1, 16.1),
            (111.4, 15.7),
            (112.2, 15.8),
            (112.8, 16.3),
            (112.9, 16.8),
            (112.5, 17.2),
            (111.7, 17.2),
            (111.2, 16.8),
        ),
    ),
    IslandLabel(
        "Trường Sa (Việt Nam)",
        Point(114.2, 9.5),
        _outline(
            (111.5, 8.6),
            (112.0, 7.5),
            (113.2, 7.0),
            (114.8, 7.6),
            (116.3, 8.9),
            (117.2, 10.4),
            (116.6, 11.7),
            (115.0, 12.0),
            (113.6, 11.5),
            (112.2, 10.2),
        ),
    ),
)

# From Móng Cái around Cà Mau to Hà Tiên, for orientation in the inset.
_COAST = (
    (108.0, 21.5),
    (106.7, 20.8),
    (105.9, 19.8),
    (105.7, 18.7),
    (106.6, 17.5),
    (108.2, 16.1),
    (109.0, 15.1),
    (109.3, 13.8),
    (109.2, 12.2),
    (108.1, 10.9),
    (107.1, 10.3),
    (105.8, 9.2),
    (104.7, 8.6),
    (105.0, 10.0),
    (104.4, 10.4),
)
_WEST, _NORTH, _SCALE = 104.0, 22.0, 12
_WIDTH, _HEIGHT = 204, 204


def island_names() -> dict[str, Any]:
    """The names at their places, as a FeatureCollection of points with the property ``name``."""
    return feature_collection(
        point_feature(island.place, {"name": island.label}) for island in ISLAND_LABELS
    )


def island_outlines() -> dict[str, Any]:
    """The outlines as a FeatureCollection of areas."""
    return feature_collection(area_feature(island.outline, {}) for island in ISLAND_LABELS)


def islands_svg() -> str:
    """A small inset for views and prints that show one province only: coast, outlines, names.

    Colours come from the page (currentColor), so that it is readable in dark and in print.
    """
    shapes = "".join(
        f'<polygon points="{_path(island.outline.geoms[0].exterior.coords)}"/>'
        for island in ISLAND_LABELS
    )
    names = "".join(_name(island) for island in ISLAND_LABELS)
    title = escape(" · ".join(island.label for island in ISLAND_LABELS))
    return (
        f'<svg class="mx-islands" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}"'
        f' height="{_HEIGHT}" role="img" fill="none" stroke="currentColor">'
        f'<title>{title}</title><polyline points="{_path(_COAST)}"/>{shapes}'
        f'<g fill="currentColor" stroke="none" font-size="13" text-anchor="middle">{names}</g>'
        "</svg>"
    )


def _name(island: IslandLabel) -> str:
    """The words under the outline, kept inside the picture's right edge."""
    west, south, east, _ = island.outline.bounds
    x, y = _xy((west + east) / 2, south)
    return f'<text x="{min(x, _WIDTH - 66)}" y="{y + 15}">{escape(island.label)}</text>'


def _path(corners: Any) -> str:
    return " ".join("{},{}".format(*_xy(lon, lat)) for lon, lat in corners)


def _xy(lon: float, lat: float) -> tuple[int, int]:
    return round((lon - _WEST) * _SCALE), round((_NORTH - lat) * _SCALE)
