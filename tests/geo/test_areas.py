import csv
import random
from concurrent.futures import ThreadPoolExecutor

import pytest
import shapely
from shapely import LineString, MultiPolygon, Polygon

from geo.areas import (
    Area,
    AreaError,
    AreaIndex,
    approximate_areas,
    as_area_shape,
    merged_areas,
    outline_around,
    simplified,
)
from geo.points import Point, distance_m
from tests.geo.shared import COMMUNES, SHARED, communes, needs_shared


def _square(west: float, south: float, side: float, *holes: Polygon) -> MultiPolygon:
    box = shapely.box(west, south, west + side, south + side)
    return MultiPolygon([Polygon(box.exterior, [hole.exterior for hole in holes])])


# Two communes side by side, the western one with a hole in it.
WEST = Area("03127", _square(103.0, 21.3, 0.2, shapely.box(103.05, 21.35, 103.06, 21.36)))
EAST = Area("03139", _square(103.2, 21.3, 0.2))
INDEX = AreaIndex([EAST, WEST])


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        (103.1, 21.4, "03127"),
        (103.3, 21.4, "03139"),
        (103.2, 21.4, "03127"),
        (103.0, 21.3, "03127"),
        (103.4, 21.5, "03139"),
        (103.055, 21.355, None),
        (103.05, 21.355, "03127"),
        (102.9995, 21.4, None),
        (21.4, 80.0, None),
    ],
)
def test_unit_of_a_place_borders_and_holes(lon: float, lat: float, code: str | None) -> None:
    assert INDEX.unit_at(Point(lon, lat)) == code


def test_contains_agrees_with_the_index() -> None:
    assert WEST.contains(Point(103.1, 21.4))
    assert not WEST.contains(Point(103.055, 21.355))


@pytest.mark.parametrize(
    ("lon", "lat", "metres"),
    [(103.1, 21.4, 0), (102.99, 21.4, 1035.3), (103.1, 21.29, 1111.95), (103.055, 21.355, 517.8)],
)
def test_distance_outside_in_metres(lon: float, lat: float, metres: float) -> None:
    assert WEST.distance_outside_m(Point(lon, lat)) == pytest.approx(metres, rel=0.002)


def test_nearest_area_of_a_place_outside() -> None:
    place = Point(103.41, 21.4)
    nearest = INDEX.nearest(place, within_m=2000)
    assert nearest is not None
    assert (nearest.code, nearest.metres) == ("03139", pytest.approx(1035.3, rel=0.002))
    assert INDEX.nearest(place, within_m=1000) is None


def test_nearest_counts_metres_not_degrees() -> None:
    # The eastern square is nearer in degrees, the southern one in metres.
    index = AreaIndex([Area("a", _square(103.1, 60.0, 0.01)), Area("b", _square(103, 59.93, 0.01))])
    place = Point(103.009, 60.0)
    nearest = index.nearest(place, within_m=10_000)
    assert nearest is not None
    assert nearest.code == "a"
    assert nearest.metres == pytest.approx(distance_m(place, Point(103.1, 60.0)), rel=0.001)


def test_an_index_of_nothing_answers_none() -> None:
    empty = AreaIndex([Area("leer", MultiPolygon())])
    assert empty.unit_at(Point(103.1, 21.4)) is None
    assert empty.nearest(Point(103.1, 21.4), 10_000) is None


def test_many_threads_get_the_same_answers() -> None:
    index = AreaIndex([WEST, EAST])
    places = [Point(102.95 + i * 0.0005, 21.4) for i in range(1000)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(index.unit_at, places)) == [INDEX.unit_at(p) for p in places]


def test_a_polygon_with_heights_becomes_a_flat_multipolygon() -> None:
    shape = as_area_shape(Polygon([(103, 21, 5), (103.1, 21, 5), (103.1, 21.1, 5), (103, 21, 5)]))
    assert isinstance(shape, MultiPolygon)
    assert not shape.has_z


@pytest.mark.parametrize(
    ("shape", "code", "place"),
    [
        (Polygon(), "empty", None),
        (LineString([(103, 21), (104, 22)]), "not_polygon", None),
        (
            Polygon([(103, 21), (103.2, 21.2), (103.2, 21), (103, 21.2)]),
            "self_intersection",
            Point(103.1, 21.1),
        ),
        (
            Polygon(
                shapely.box(103, 21, 103.1, 21.1).exterior,
                [shapely.box(104, 22, 104.1, 22.1).exterior],
            ),
            "bad_ring",
            Point(104.0, 22.0),
        ),
    ],
)
def test_bad_shapes_are_named_with_their_place(
    shape: Polygon, code: str, place: Point | None
) -> None:
    with pytest.raises(AreaError) as caught:
        as_area_shape(shape)
    assert caught.value.code == code
    if place is None:
        assert caught.value.place is None
    else:
        assert caught.value.place is not None
        assert distance_m(caught.value.place, place) < 20_000


CENTRES = {
    "na_tau": Point(103.10, 21.46),
    "muong_phang": Point(103.15, 21.44),
    "ang_cang": Point(103.22, 21.50),
    "bua_nga": Point(103.15, 21.44),
}


def test_each_approximate_area_holds_its_own_centre() -> None:
    outline = outline_around(CENTRES.values(), 5000)
    areas = approximate_areas(CENTRES, outline)
    assert areas["na_tau"].contains(shapely.Point(103.10, 21.46))
    assert areas["ang_cang"].contains(shapely.Point(103.22, 21.50))
    assert not areas["na_tau"].contains(shapely.Point(103.22, 21.50))


def test_approximate_areas_share_the_outline_without_overlap() -> None:
    outline = outline_around(CENTRES.values(), 5000)
    areas = approximate_areas(CENTRES, outline)
    assert set(areas) == set(CENTRES)
    assert sum(area.area for area in areas.values()) == pytest.approx(outline.area, rel=1e-9)
    # Two centres rounded onto one another still get ground of their own.
    assert min(area.area for area in areas.values()) > 0
    assert approximate_areas(CENTRES, outline) == areas


def test_the_outline_reaches_as_far_as_the_margin() -> None:
    outline = Area("outline", outline_around([Point(103.1, 21.4)], 5000))
    assert outline.contains(Point(103.1, 21.4449))
    assert not outline.contains(Point(103.1, 21.4451))
    assert outline.contains(Point(103.1 + 0.0480, 21.4))
    assert not outline.contains(Point(103.1 + 0.0485, 21.4))


def test_new_units_are_the_union_of_the_old() -> None:
    old = approximate_areas(CENTRES, outline_around(CENTRES.values(), 5000))
    new = merged_areas(
        old, {"na_tau": "03325", "muong_phang": "03325", "bua_nga": "03325", "ang_cang": "03256"}
    )
    assert set(new) == {"03325", "03256"}
    assert new["03256"].equals(old["ang_cang"])
    assert new["03325"].area == pytest.approx(
        sum(old[code].area for code in ("na_tau", "muong_phang", "bua_nga"))
    )


def test_simplified_neighbours_keep_their_common_border() -> None:
    wavy = [(103.2, 21.3 + i * 0.01 + (i % 2) * 0.0001) for i in range(20)]
    west = MultiPolygon([Polygon([(103.0, 21.3), *wavy, (103.0, 21.5)])])
    east = MultiPolygon([Polygon([(103.4, 21.3), *wavy, (103.4, 21.5)])])
    thin = simplified({"w": west, "e": east}, 500)
    assert shapely.get_num_coordinates(thin["w"]) < shapely.get_num_coordinates(west) / 2
    assert thin["w"].intersection(thin["e"]).area == 0
    assert thin["w"].intersection(thin["e"]).length == pytest.approx(0.19, rel=0.05)


@pytest.fixture(scope="module")
def real() -> AreaIndex:
    features = [feature for name in COMMUNES for feature in communes(name).features]
    return AreaIndex(Area(str(feature.code), feature.geometry) for feature in features)


@needs_shared
@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        (103.0167, 21.3861, "03127"),
        (105.8333, 22.1456, "01840"),
        (102.63, 20.69, None),
        (101.90, 21.63, None),
        (105.85, 21.03, None),
    ],
    ids=["Điện Biên Phủ", "Đức Xuân", "Lào", "Lào (Phongsaly)", "Hà Nội"],
)
def test_real_places(real: AreaIndex, lon: float, lat: float, code: str | None) -> None:
    assert real.unit_at(Point(lon, lat)) == code


@needs_shared
@pytest.mark.shared_data
def test_fifty_metres_over_the_border_is_near_and_outside(real: AreaIndex) -> None:
    land = shapely.union_all([f.geometry for f in communes(COMMUNES[0]).features])
    # The westernmost place of the province lies on the border with Laos and China.
    border = min(shapely.get_coordinates(land).tolist())
    over = Point(border[0] - 0.0005, border[1])
    assert real.unit_at(over) is None
    nearest = real.nearest(over, 2000)
    assert nearest is not None
    assert 0 < nearest.metres < 53


@needs_shared
@pytest.mark.shared_data
def test_real_index_agrees_with_every_single_area(real: AreaIndex) -> None:
    areas = [Area(str(f.code), f.geometry) for f in communes(COMMUNES[0]).features]
    rng = random.Random(29)
    for _ in range(150):
        point = Point(rng.uniform(102.1, 103.6), rng.uniform(20.9, 22.6))
        holders = {area.code for area in areas if area.contains(point)}
        found = real.unit_at(point)
        assert (found in holders) if holders else (found is None)


@needs_shared
@pytest.mark.shared_data
@pytest.mark.parametrize(("province", "file_name"), [("11", COMMUNES[0]), ("19", COMMUNES[1])])
def test_approximate_units_are_right_for_most_of_the_ground(province: str, file_name: str) -> None:
    with (SHARED / "data/boundaries/old_to_new_communes.csv").open(encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file) if r["new_province_code"] == province]
    points = {str(i): Point(float(r["old_lng"]), float(r["old_lat"])) for i, r in enumerate(rows)}
    successors = {str(i): r["new_commune_code"] for i, r in enumerate(rows)}
    old = approximate_areas(points, outline_around(points.values(), 7000))
    guess = AreaIndex(Area(c, s) for c, s in merged_areas(old, successors).items())
    truth = [
        Area(str(f.code), f.geometry)
        for f in communes(file_name).features
        if f.code in set(successors.values())
    ]
    rng = random.Random(31)
    right = total = 0
    for area in truth:
        west, south, east, north = area.shape.bounds
        places = (Point(rng.uniform(west, east), rng.uniform(south, north)) for _ in range(60))
        inside = [place for place in places if area.contains(place)]
        total += len(inside)
        right += sum(guess.unit_at(place) == area.code for place in inside)
    assert right / total > 0.75
