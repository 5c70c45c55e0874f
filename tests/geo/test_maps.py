import json
import re
import shutil
import subprocess
from xml.etree import ElementTree

import pytest
from shapely import Point as ShapelyPoint

from geo.islands import ISLAND_LABELS, island_names, island_outlines, islands_svg
from geo.maps import MAP_ID, Tiles, View, map_script
from geo.points import VIETNAM, Point

DIEN_BIEN = View(Point(103.02, 21.39), 9)
TILES = Tiles("/nen/{z}/{x}/{y}.png", "© người đóng góp <OpenStreetMap>")


def test_the_script_is_the_same_every_time() -> None:
    assert map_script(DIEN_BIEN, TILES) == map_script(DIEN_BIEN, TILES)


def test_the_script_fills_our_element_latitude_first_and_names_no_host() -> None:
    script = map_script(DIEN_BIEN, None)
    assert re.search(rf'L\.map\(\s*"{MAP_ID}"', script)
    # Leaflet alone wants latitude first.
    assert "center: [21.39, 103.02]" in script
    assert "tileLayer" not in script
    assert "://" not in script
    assert "<" not in script


def test_tiles_come_from_our_own_path_with_their_thanks_as_text() -> None:
    script = map_script(DIEN_BIEN, TILES)
    assert '"/nen/{z}/{x}/{y}.png"' in script
    assert "&lt;OpenStreetMap" in json.loads(f'"{_attribution(script)}"')
    assert "://" not in script


def _attribution(script: str) -> str:
    found = re.search(r'"attribution": "(.*)",', script)
    assert found
    return found.group(1)


@pytest.mark.parametrize(
    "path",
    [
        "https://tile.example.org/{z}/{x}/{y}.png",
        "//tile.example.org/x",
        "nen/{z}",
        '/x");alert(1)',
    ],
)
def test_tiles_of_another_host_are_refused(path: str) -> None:
    with pytest.raises(ValueError, match="own origin"):
        Tiles(path, "")


_FAKE_LEAFLET = """
const calls = [];
const box = { dataset: DATASET };
const map = { getContainer: () => box, attributionControl: {
  setPrefix: (prefix) => calls.push(["prefix", prefix]) } };
for (const name of ["setMinZoom", "setMaxZoom", "setView"])
  map[name] = (...values) => { calls.push([name, ...values]); return map; };
const layer = { addTo: (to) => { if (to !== map) throw new Error("wrong map"); } };
globalThis.window = {};
globalThis.L = {
  map: (id, options) => { calls.push(["map", id, options.zoom]); return map; },
  CRS: { EPSG3857: {} },
  control: { scale: (options) => { calls.push(["scale", options.imperial]); return layer; } },
  geoJSON: (data) => { calls.push(["geojson", data.features.length]); return layer; },
};
"""


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
@pytest.mark.parametrize(
    ("dataset", "views"),
    [
        ({}, []),
        (
            {"lon": "105.85", "lat": "22.15", "zoom": "13"},
            [["setView", [22.15, 105.85], 13, {"animate": False}]],
        ),
    ],
)
def test_the_script_runs_and_hands_out_the_map(
    dataset: dict[str, str], views: list[object]
) -> None:
    program = (
        _FAKE_LEAFLET.replace("DATASET", json.dumps(dataset))
        + map_script(DIEN_BIEN, None)
        + "console.log(JSON.stringify([window.mxMap === map, calls]));"
    )
    done = subprocess.run(
        ["node", "-"], input=program, capture_output=True, text=True, check=True, timeout=30
    )
    is_ours, calls = json.loads(done.stdout)
    assert is_ours
    assert calls == [
        ["map", "map", 9],
        ["setMinZoom", 4],
        ["setMaxZoom", 19],
        ["prefix", False],
        ["scale", False],
        *views,
        ["geojson", 2],
    ]


def test_both_archipelagos_are_named_as_of_viet_nam_inside_their_outlines() -> None:
    assert [island.label for island in ISLAND_LABELS] == [
        "Hoàng Sa (Việt Nam)",
        "Trường Sa (Việt Nam)",
    ]
    for island in ISLAND_LABELS:
        assert island.outline.is_valid
        assert island.outline.contains(ShapelyPoint(island.place.lon, island.place.lat))
        west, south, east, north = island.outline.bounds
        assert VIETNAM.contains(Point(west, south))
        assert VIETNAM.contains(Point(east, north))


def test_names_and_outlines_as_geojson() -> None:
    first = island_names()["features"][0]
    assert first["properties"] == {"name": "Hoàng Sa (Việt Nam)"}
    assert first["geometry"] == {"type": "Point", "coordinates": (112.0, 16.5)}
    kinds = [feature["geometry"]["type"] for feature in island_outlines()["features"]]
    assert kinds == ["MultiPolygon", "MultiPolygon"]


def test_the_inset_is_a_picture_without_style_that_names_both() -> None:
    svg = islands_svg()
    root = ElementTree.fromstring(svg)  # noqa: S314 (our own text)
    texts = [node.text for node in root.iter("text")]
    assert texts == ["Hoàng Sa (Việt Nam)", "Trường Sa (Việt Nam)"]
    assert "style" not in svg
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    for node in root.iter("text"):
        # Half of the longest name is about 62 units wide.
        assert 62 <= float(node.attrib["x"]) <= width - 62
        assert 0 < float(node.attrib["y"]) < height
