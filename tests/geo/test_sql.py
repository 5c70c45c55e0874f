"""The same questions on a SpatiaLite file and on PostGIS must give the same answers."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import shapely
from pysqlite3 import dbapi2
from shapely import MultiPolygon
from sqlalchemy import ColumnElement, Engine, Select, create_engine, event, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, aliased, mapped_column

from geo.points import Bbox, Point, distance_m
from geo.sql import (
    SPATIALITE_SRIDS,
    area_column,
    area_from,
    contains_point,
    point_column,
    point_from,
    prepare_spatialite,
    stored_area,
    stored_point,
    within_box,
    within_metres,
)


class Base(DeclarativeBase):
    pass


class Place(Base):
    __tablename__ = "place"
    id: Mapped[int] = mapped_column(primary_key=True)
    geom: Mapped[Any] = point_column()


class Ground(Base):
    __tablename__ = "ground"
    code: Mapped[str] = mapped_column(primary_key=True)
    geom: Mapped[Any] = area_column(nullable=True)


def _ground(west: float, *holes: shapely.Polygon) -> MultiPolygon:
    box = shapely.box(west, 21.3, west + 0.2, 21.5)
    return MultiPolygon([shapely.Polygon(box.exterior, [hole.exterior for hole in holes])])


GROUND = {
    "03127": _ground(103.0, shapely.box(103.05, 21.35, 103.06, 21.36)),
    "03139": _ground(103.2),
}
_RANDOM = random.Random(37)
PLACES = [Point(103.0167, 21.3861), Point(103.2, 21.4)] + [
    Point(round(_RANDOM.uniform(102.9, 103.5), 6), round(_RANDOM.uniform(21.2, 21.6), 6))
    for _ in range(2000)
]


def _spatialite(folder: Path) -> Engine:
    engine = create_engine(f"sqlite:///{folder / 'địa lý.db'}", module=dbapi2)
    event.listen(engine, "connect", lambda connection, _: prepare_spatialite(connection))
    return engine


def _postgis(cluster: Any) -> Engine:
    cluster.sql("CREATE DATABASE geo_sql")
    engine = create_engine(cluster.url("geo_sql"))
    with engine.begin() as connection:
        connection.execute(text("CREATE EXTENSION postgis"))
    return engine


# PostGIS first: creating tables on SpatiaLite takes the spatial indexes out of the metadata.
@pytest.fixture(scope="module", params=["postgis", "spatialite"])
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    if request.param == "spatialite":
        made = _spatialite(tmp_path_factory.mktemp("spatialite"))
    else:
        made = _postgis(request.getfixturevalue("cluster"))
    Base.metadata.create_all(made)
    with Session(made) as session:
        session.add_all(Place(id=i, geom=stored_point(p)) for i, p in enumerate(PLACES))
        session.add_all(Ground(code=c, geom=stored_area(s)) for c, s in GROUND.items())
        session.add(Ground(code="chưa có ranh giới", geom=None))
        session.commit()
    yield made
    made.dispose()


def _ids(engine: Engine, question: ColumnElement[bool]) -> set[int]:
    with Session(engine) as session:
        return set(session.scalars(select(Place.id).where(question)))


def _plan(engine: Engine, statement: Select[Any]) -> str:
    prefix = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
    compiled = statement.compile(engine, compile_kwargs={"literal_binds": True})
    with engine.connect() as connection:
        # A small table is read whole unless told otherwise; the question is whether it could not.
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        return str(connection.exec_driver_sql(prefix + str(compiled)).all())


def test_points_and_areas_come_back_as_they_were(engine: Engine) -> None:
    with Session(engine) as session:
        place = session.get_one(Place, 0)
        ground = session.get_one(Ground, "03127")
        assert point_from(place.geom) == Point(103.0167, 21.3861)
        assert area_from(ground.geom).equals_exact(GROUND["03127"])
        with pytest.raises(TypeError, match="not a point"):
            point_from(ground.geom)
        with pytest.raises(TypeError, match="not a multipolygon"):
            area_from(place.geom)


@pytest.mark.parametrize(
    ("lon", "lat", "codes"),
    [
        (103.1, 21.4, ["03127"]),
        (103.3, 21.4, ["03139"]),
        (103.2, 21.4, ["03127", "03139"]),
        (103.0, 21.3, ["03127"]),
        (103.055, 21.355, []),
        (102.9999, 21.4, []),
        (21.4, 80.0, []),
    ],
)
def test_which_area_holds_a_place(engine: Engine, lon: float, lat: float, codes: list[str]) -> None:
    with Session(engine) as session:
        found = session.scalars(
            select(Ground.code)
            .where(contains_point(Ground.geom))
            .order_by(Ground.code)
            .params(lon=lon, lat=lat)
        )
        assert list(found) == codes


def test_places_in_a_box_borders_included(engine: Engine) -> None:
    for box in (Bbox(103.0, 21.3, 103.2, 21.4), Bbox(103.0167, 21.3861, 103.0167, 21.3861)):
        expected = {i for i, place in enumerate(PLACES) if box.contains(place)}
        assert _ids(engine, within_box(Place.geom, box)) == expected
        assert expected
    assert _ids(engine, within_box(Place.geom, Bbox(21.3, 80, 21.4, 85))) == set()


@pytest.mark.parametrize("metres", [0, 50, 1000, 7500.5])
def test_places_within_metres_are_those_of_the_haversine(engine: Engine, metres: float) -> None:
    centre = PLACES[0]
    expected = {i for i, place in enumerate(PLACES) if distance_m(centre, place) <= metres}
    assert _ids(engine, within_metres(Place.geom, centre, metres)) == expected
    assert 0 in expected


def test_areas_within_metres_of_a_place_outside(engine: Engine) -> None:
    place = Point(102.99, 21.4)  # 1,035 m west of the first area
    for metres, codes in ((1000, []), (1100, ["03127"])):
        with Session(engine) as session:
            found = session.scalars(
                select(Ground.code).where(within_metres(Ground.geom, place, metres))
            )
            assert list(found) == codes


def test_a_statement_is_cached_by_shape_not_by_numbers(engine: Engine) -> None:
    near = _ids(engine, within_metres(Place.geom, PLACES[5], 1))
    other = _ids(engine, within_metres(Place.geom, PLACES[6], 1))
    assert (5 in near, 6 in near, 5 in other, 6 in other) == (True, False, False, True)


def test_aliases_and_negation(engine: Engine) -> None:
    here = aliased(Place, name="chỗ này")
    box = Bbox(103.0, 21.3, 103.2, 21.4)
    with Session(engine) as session:
        inside = set(session.scalars(select(here.id).where(within_box(here.geom, box))))
        outside = set(session.scalars(select(here.id).where(~within_box(here.geom, box))))
    assert inside == _ids(engine, within_box(Place.geom, box))
    assert inside | outside == set(range(len(PLACES)))
    assert not inside & outside


@pytest.mark.parametrize(
    ("table", "statement"),
    [
        ("place", select(Place.id).where(within_box(Place.geom, Bbox(103, 21.3, 103.1, 21.4)))),
        ("place", select(Place.id).where(within_metres(Place.geom, PLACES[0], 500))),
        (
            "ground",
            select(Ground.code)
            .where(contains_point(Ground.geom))
            .params(lon=PLACES[0].lon, lat=PLACES[0].lat),
        ),
    ],
    ids=["box", "metres", "holds"],
)
def test_the_spatial_index_is_used(engine: Engine, table: str, statement: Select[Any]) -> None:
    plan = _plan(engine, statement)
    if engine.dialect.name == "sqlite":
        assert f"SCAN idx_{table}_geom VIRTUAL TABLE INDEX" in plan
        assert f"SEARCH {table} USING INTEGER PRIMARY KEY" in plan
    else:
        assert f"idx_{table}_geom" in plan


def test_a_prepared_database_knows_its_systems_and_loads_nothing_more(tmp_path: Path) -> None:
    path = tmp_path / "mới.db"
    for _ in range(2):  # the second time nothing is missing
        connection = dbapi2.connect(path)
        prepare_spatialite(connection)
        known = connection.execute("SELECT srid FROM spatial_ref_sys").fetchall()
        assert {row[0] for row in known} >= set(SPATIALITE_SRIDS)
        with pytest.raises(dbapi2.OperationalError, match="not authorized"):
            connection.execute("SELECT load_extension('mod_spatialite')")
        assert not connection.in_transaction
        connection.close()


def test_srids_that_are_missing_are_added(tmp_path: Path) -> None:
    path = tmp_path / "cũ.db"
    connection = dbapi2.connect(path, isolation_level=None)
    prepare_spatialite(connection)
    connection.execute("DELETE FROM spatial_ref_sys WHERE srid = 3405")
    connection.close()
    again = dbapi2.connect(path)
    prepare_spatialite(again)
    assert again.execute("SELECT count(*) FROM spatial_ref_sys WHERE srid = 3405").fetchone() == (
        1,
    )
    again.close()
