"""Only door to folium: the script that makes the Leaflet map of every page.

The element it fills, with its words and data, is a template's. The script is the same for all
pages, so it is written once as a file named by its content: pages need no inline script, and none
waits for folium.
"""

import re
from dataclasses import dataclass
from html import escape
from typing import Any

import orjson

from geo.islands import island_outlines
from geo.points import Point

MAP_ID = "map"
MIN_ZOOM, MAX_ZOOM = 4, 19
_OWN_PATH = re.compile(r"/(?!/)[A-Za-z0-9_./{}?=&-]*", re.ASCII)

# Follows folium's lines. A page that shows one place says so in data-lon, data-lat, data-zoom; a
# flight there would go on under whatever the page looks at next.
_OUR_LINES = """\
map.setMinZoom(%(min_zoom)d).setMaxZoom(%(max_zoom)d);
map.attributionControl.setPrefix(false);
L.control.scale({ imperial: false }).addTo(map);
const start = map.getContainer().dataset;
if (start.zoom) map.setView([+start.lat, +start.lon], +start.zoom, { animate: false });
L.geoJSON(%(outlines)s, { interactive: false, style: { className: "mx-outline" } }).addTo(map);
window.mxMap = map;"""


@dataclass(frozen=True, slots=True)
class Tiles:
    """Background tiles: a path on our own origin with {z}, {x}, {y}, and plain words of thanks.

    Raises ValueError for an address on another host.
    """

    path: str
    attribution: str

    def __post_init__(self) -> None:
        if not _OWN_PATH.fullmatch(self.path):
            raise ValueError(f"a map loads from its own origin only, not from {self.path!r}")


@dataclass(frozen=True, slots=True)
class View:
    """What a map shows at first."""

    centre: Point
    zoom: int


def map_script(view: View, tiles: Tiles | None) -> str:
    """The text of the one script of all maps; the finished map is ``window.mxMap``.

    Needs Leaflet and an element with id MAP_ID on the page. Without tiles the ground is empty and
    the page draws its outline. The same arguments give the same text, byte for byte.
    """
    # Importing folium takes up to 2 s on small machines; only whoever writes the file needs it.
    import folium

    page_map = folium.Map(
        location=(view.centre.lat, view.centre.lon),
        zoom_start=view.zoom,
        tiles=None,
    )
    # folium names elements at random; a file named by its content must not change by itself.
    page_map._id = "page"
    if tiles is not None:
        layer = folium.TileLayer(
            tiles.path, attr=escape(tiles.attribution), min_zoom=MIN_ZOOM, max_zoom=MAX_ZOOM
        )
        layer._id = "base"
        layer.add_to(page_map)
    figure = folium.Figure()
    page_map.add_to(figure)
    figure.render()
    return _wrapped(figure.script.render(), page_map.get_name())


def _wrapped(folium_lines: str, name: str) -> str:
    """folium's lines with our element's id and our own lines after them, in one closed function."""
    values: dict[str, Any] = {
        "min_zoom": MIN_ZOOM,
        "max_zoom": MAX_ZOOM,
        "outlines": orjson.dumps(island_outlines()).decode(),
    }
    lines = [line.strip() for line in folium_lines.replace(f'"{name}"', f'"{MAP_ID}"').splitlines()]
    ours = f"const map = {name};\n" + _OUR_LINES % values
    return "\n".join(("(() => {", *(line for line in lines if line), ours, "})();", ""))
