import io
import itertools
import stat
import zipfile
from collections.abc import Callable
from typing import Any

import orjson
import pytest
import shapefile
from shapely import MultiPolygon

from geo import geojson, shapefiles
from geo.boundaries import BoundaryProblem, read_boundaries
from geo.geojson import area_feature, feature_collection, point_feature
from geo.points import Point
from tests.geo.shared import COMMUNES, communes, needs_shared

SQUARE = [[103.0, 21.3], [103.2, 21.3], [103.2, 21.5], [103.0, 21.5], [103.0, 21.3]]
WGS84_PRJ = 'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.25]]]'


def _feature(
    ring: Any = SQUARE, properties: Any = None, kind: str = "Polygon", **more: Any
) -> dict[str, Any]:
    wanted = {"code": "03127", "fullName": "Phường Điện Biên Phủ"}
    return {
        "type": "Feature",
        "properties": wanted if properties is None else properties,
        "geometry": {"type": kind, "coordinates": [ring]},
        **more,
    }


def _file(*features: Any, **members: Any) -> bytes:
    return orjson.dumps({"type": "FeatureCollection", "features": features, **members})


def _only_problem(data: bytes) -> BoundaryProblem:
    read = read_boundaries(data)
    assert read.features == []
    (problem,) = read.problems
    return problem


def test_a_good_feature_is_read() -> None:
    read = read_boundaries(b"\xef\xbb\xbf" + _file(_feature()))
    assert read.problems == []
    (feature,) = read.features
    assert (feature.row, feature.code, feature.name) == (1, "03127", "Phường Điện Biên Phủ")
    assert isinstance(feature.geometry, MultiPolygon)
    assert feature.geometry.bounds == (103.0, 21.3, 103.2, 21.5)


@pytest.mark.parametrize(
    ("properties", "code", "name"),
    [
        ({"ma": "03127", "ten": "Điện Biên Phủ"}, "03127", "Điện Biên Phủ"),
        ({"ma_xa": "03127", "ten_xa": "Xã Nà Tấu"}, "03127", "Xã Nà Tấu"),
        ({"MaXa": 3127, "TenXa": "Xã Nà Tấu"}, "3127", "Xã Nà Tấu"),
        ({"MAXA": 3127.0, "NAME": "Xã Nà Tấu"}, "3127", "Xã Nà Tấu"),
        ({"Mã xã": " 03127 ", "level3_id": "x"}, "03127", None),
        ({"level3_id": "03127", "name": "Nà  Tấu"}, "03127", "Nà Tấu"),
        ({"code": "", "ma": "03127", "name": "A", "fullName": "Xã A"}, "03127", "Xã A"),
        ({"code": None}, None, None),
        ({"code": True, "name": 7}, None, None),
        ([], None, None),
    ],
)
def test_names_of_columns(properties: Any, code: str | None, name: str | None) -> None:
    (feature,) = read_boundaries(_file(_feature(properties=properties))).features
    assert (feature.code, feature.name) == (code, name)


def test_decomposed_letters_are_composed() -> None:
    properties = {"code": "03127", "name": "Xa\u0303 Na\u0300 Ta\u0302\u0301u"}
    (feature,) = read_boundaries(_file(_feature(properties=properties))).features
    assert feature.name == "Xã Nà Tấu"


SWAPPED = [[lat, lon] for lon, lat in SQUARE]
METRES = [[490_000.0 + 1000 * i, 2_360_000.0 + 900 * (i % 2)] for i in range(4)]
BOW_TIE = [[103.0, 21.0], [103.2, 21.2], [103.2, 21.0], [103.0, 21.2], [103.0, 21.0]]
ITALY = [[lon - 91, lat + 22] for lon, lat in SQUARE]


@pytest.mark.parametrize(
    ("feature", "code"),
    [
        (_feature(SWAPPED), "looks_swapped"),
        (_feature([*METRES, METRES[0]]), "projected_coordinates"),
        (_feature(ITALY), "outside_region"),
        (_feature(BOW_TIE), "self_intersection"),
        (_feature(SQUARE[:-1]), "ring_not_closed"),
        (_feature(SQUARE[:2]), "bad_geometry"),
        (_feature([]), "bad_geometry"),
        (_feature([["103.0", "21.3"]] * 4), "bad_geometry"),
        (_feature([[103.0, None]] * 4), "bad_geometry"),
        (_feature([[103.0]] * 4), "bad_geometry"),
        (_feature([[103.0, 21.0], [103.0]] * 2), "bad_geometry"),
        (_feature(SQUARE, kind="MultiPolygon"), "bad_geometry"),
        (_feature(103.0), "bad_geometry"),
        (_feature(SQUARE, kind="LineString"), "not_polygon"),
        (_feature(geometry=None), "not_polygon"),
        (_feature(geometry={"type": "Polygon"}), "bad_geometry"),
        (_feature(geometry={"type": "Polygon", "coordinates": []}), "bad_geometry"),
        (_feature(geometry={"type": "MultiPolygon", "coordinates": []}), "empty"),
        (_feature(geometry={"type": ["Polygon"], "coordinates": []}), "not_polygon"),
    ],
)
def test_bad_rows_say_what_is_wrong(feature: dict[str, Any], code: str) -> None:
    problem = _only_problem(_file(feature))
    assert (problem.row, problem.code, problem.message_code) == (1, "03127", code)


def test_a_self_intersection_says_where() -> None:
    problem = _only_problem(_file(_feature(BOW_TIE)))
    assert problem.params == {"lon": pytest.approx(103.1), "lat": pytest.approx(21.1)}


def test_a_feature_that_is_none_and_a_strange_code() -> None:
    assert _only_problem(_file("Điện Biên")).message_code == "not_polygon"
    strange = _feature(properties={"code": "<script>"})
    assert _only_problem(_file(strange)) == BoundaryProblem(1, None, "bad_code")


def test_repeated_codes_are_left_out_and_told() -> None:
    other = {"code": "03127", "fullName": "Xã Mường Chà"}
    third = {"code": "03139", "fullName": "Xã Thanh Nưa"}
    read = read_boundaries(
        _file(_feature(), _feature(), _feature(properties=other), _feature(properties=third))
    )
    assert [feature.code for feature in read.features] == ["03139"]
    assert read.problems == [
        BoundaryProblem(2, "03127", "duplicate_code", {"first_row": 1}),
        BoundaryProblem(3, "03127", "two_names_for_code", {"first_row": 1}),
    ]


def test_features_without_a_code_are_no_repeats_of_one_another() -> None:
    read = read_boundaries(_file(_feature(properties={"a": 1}), _feature(properties={"a": 1})))
    assert [feature.row for feature in read.features] == [1, 2]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "unreadable_json"),
        (b"\xff\xfe\x00", "unreadable_json"),
        (b'{"type": "FeatureCollection", "features": [NaN]}', "unreadable_json"),
        (b"[" * 100_000, "unreadable_json"),
        (b'{"a":' * 100_000, "unreadable_json"),
        (b"[]", "not_feature_collection"),
        (b'{"type": "Feature"}', "not_feature_collection"),
        (b'{"type": "FeatureCollection", "features": {}}', "not_feature_collection"),
        (b'{"type": "FeatureCollection", "features": [' + b"1," * 20_001 + b"1]}", None),
    ],
)
def test_files_that_cannot_be_read(data: bytes, code: str | None) -> None:
    problem = _only_problem(data)
    assert (problem.row, problem.message_code) == (None, code or "too_many_features")


def test_a_file_over_the_limit_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geojson, "MAX_BYTES", 100)
    assert _only_problem(_file(_feature())).message_code == "too_large"


def test_other_projections_are_named() -> None:
    member = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3405"}}
    problem = _only_problem(_file(_feature(), crs=member))
    assert problem == BoundaryProblem(None, None, "crs_vn2000_zone_48")


def test_features_to_send_have_longitude_first() -> None:
    point = point_feature(Point(103.0167, 21.3861), {"title": "Rác thải · Xã Nà Tấu"})
    (feature,) = read_boundaries(_file(_feature())).features
    area = area_feature(feature.geometry, {"code": "03127"})
    sent = orjson.loads(orjson.dumps(feature_collection([point, area])))
    assert sent["type"] == "FeatureCollection"
    assert sent["features"][0] == {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [103.0167, 21.3861]},
        "properties": {"title": "Rác thải · Xã Nà Tấu"},
    }
    assert sent["features"][1]["geometry"]["coordinates"][0][0][0] == [103.0, 21.3]
    (again,) = read_boundaries(orjson.dumps(feature_collection([area]))).features
    assert again.geometry.equals(feature.geometry)


@needs_shared
@pytest.mark.shared_data
def test_all_real_communes_are_read() -> None:
    files = [communes(name) for name in COMMUNES]
    assert [len(file.features) for file in files] == [45, 92]
    assert [file.problems for file in files] == [[], []]
    first = files[0].features[0]
    assert (first.code, first.name) == ("03127", "Phường Điện Biên Phủ")


# Zipped shapefiles


def _layer(encoding: str = "utf-8", name: str = "Xã Nà Tấu") -> dict[str, bytes]:
    shp, dbf = io.BytesIO(), io.BytesIO()
    with shapefile.Writer(
        shp=shp, dbf=dbf, shapeType=shapefile.POLYGON, encoding=encoding
    ) as writer:
        writer.field("MAXA", "C", size=10)
        writer.field("TENXA", "C", size=60)
        # Outer rings of shapefiles run clockwise.
        writer.poly([SQUARE[::-1]])
        writer.record("03325", name)
    return {"xa.shp": shp.getvalue(), "xa.dbf": dbf.getvalue(), "xa.prj": WGS84_PRJ.encode()}


def _zip(parts: dict[str, bytes], change: Callable[[zipfile.ZipInfo], None] | None = None) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            if change is not None:
                change(info)
            archive.writestr(info, content)
    return buffer.getvalue()


@pytest.mark.parametrize("folder", ["", "Ranh giới xã/"])
def test_a_zipped_shapefile_is_read(folder: str) -> None:
    parts = {folder + name: content for name, content in _layer().items()}
    read = read_boundaries(_zip({**parts, "README.txt": b"x"}))
    assert read.problems == []
    (feature,) = read.features
    assert (feature.row, feature.code, feature.name) == (1, "03325", "Xã Nà Tấu")
    assert feature.geometry.bounds == (103.0, 21.3, 103.2, 21.5)


def test_the_encoding_named_beside_it_is_used() -> None:
    parts = _layer("cp1258", "Xa\u0303 Đô\u0300ng Hy\u0309")
    read = read_boundaries(_zip({**parts, "xa.cpg": b"1258\n"}))
    assert read.features[0].name == "Xã Đồng Hỷ"
    assert _only_problem(_zip(parts)).message_code == "unknown_encoding"
    assert _only_problem(_zip({**parts, "xa.cpg": b"TCVN3"})).message_code == "unknown_encoding"


def _without(ending: str) -> dict[str, bytes]:
    return {name: data for name, data in _layer().items() if not name.endswith(ending)}


def test_a_point_layer_is_refused() -> None:
    shp, dbf = io.BytesIO(), io.BytesIO()
    with shapefile.Writer(shp=shp, dbf=dbf, shapeType=shapefile.POINT) as writer:
        writer.field("MAXA", "C", size=10)
        writer.point(103.0, 21.4)
        writer.record("03325")
    parts = {**_layer(), "xa.shp": shp.getvalue(), "xa.dbf": dbf.getvalue()}
    assert _only_problem(_zip(parts)).message_code == "unreadable_shapefile"


@pytest.mark.parametrize("ending", [".shp", ".dbf", ".prj"])
def test_a_missing_part_is_named(ending: str) -> None:
    problem = _only_problem(_zip(_without(ending)))
    assert (problem.message_code, problem.params) == ("missing_part", {"part": ending})


@pytest.mark.parametrize(
    ("extra", "code"),
    [
        ({"../../etc/passwd": b"x"}, "unsafe_archive"),
        ({"/etc/passwd": b"x"}, "unsafe_archive"),
        ({"..\\x": b"x"}, "unsafe_archive"),
        ({"C:\\x": b"x"}, "unsafe_archive"),
        ({f"{i}.txt": b"x" for i in range(60)}, "unsafe_archive"),
        ({"huyen.shp": b"x"}, "several_layers"),
        ({"xa.prj": b'PROJCS["VN_2000_UTM_Zone_48N"]'}, "crs_vn2000_zone_48"),
        ({"xa.prj": b" " * 20_000}, "too_large"),
    ],
)
def test_unsafe_or_unfit_archives_are_refused(extra: dict[str, bytes], code: str) -> None:
    assert _only_problem(_zip({**_layer(), **extra})).message_code == code


def test_links_are_refused() -> None:
    def link(info: zipfile.ZipInfo) -> None:
        info.external_attr = (stat.S_IFLNK | 0o777) << 16

    assert _only_problem(_zip(_layer(), link)).message_code == "unsafe_archive"


def test_a_bomb_stops_at_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(shapefiles._PARTS, ".shp", 1_000_000)
    bomb = _zip({**_layer(), "xa.shp": b"\0" * 20_000_000})
    assert len(bomb) < 50_000
    assert _only_problem(bomb).message_code == "too_large"


def test_locked_and_broken_archives() -> None:
    whole = bytearray(_zip(_layer()))
    assert _only_problem(bytes(whole[:200])).message_code == "unreadable_archive"
    # Bit 0 of the flags in the central directory says that the entry is encrypted.
    whole[whole.index(b"PK\x01\x02") + 8] |= 1
    assert _only_problem(bytes(whole)).message_code == "encrypted_archive"


@pytest.mark.parametrize(
    ("place", "value"),
    [(10, 99), (6, 90)],
    ids=["unknown packing", "unknown version"],
)
def test_archives_that_zipfile_cannot_open_are_unreadable(place: int, value: int) -> None:
    whole = bytearray(_zip(_layer()))
    # In each header of the central directory: version needed at 6, method at 10.
    start = 0
    while (start := whole.find(b"PK\x01\x02", start)) >= 0:
        whole[start + place : start + place + 2] = value.to_bytes(2, "little")
        start += 4
    assert _only_problem(bytes(whole)).message_code == "unreadable_archive"


def test_damaged_layers_never_raise() -> None:
    parts = _layer()
    for name, place in itertools.product(("xa.shp", "xa.dbf"), range(0, 180, 3)):
        damaged = bytearray(parts[name])
        if place < len(damaged):
            damaged[place] ^= 0xFF
        for content in (bytes(damaged), parts[name][:place]):
            read = read_boundaries(_zip({**parts, name: content}))
            assert len(read.features) + len(read.problems) <= 1
