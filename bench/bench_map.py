"""The public map at zooms 6 to 16 on both databases, beside a floor program in the same run.

``python -m bench.bench_map [--reports N]``; both servers are its own and end with it. Views are
those of a screen of 1024 x 640 over places where cases are, so that towns come up most.
"""

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import event, func, select

from bench.floor import clusters_sql, open_query, points_sql
from bench.measuring import CONNECTIONS, Times, calibration, load, print_table, timed
from bench.serving import serving
from tests.databases import Cluster
from webapp import reference
from webapp.app import create_app
from webapp.bench.operations import seed
from webapp.cases.models import Case
from webapp.config import Settings
from webapp.core.unit_of_work import session, write_unit
from webapp.extensions import db

ZOOMS = range(6, 17)
VIEWS = 160
WARM_UP = 16
TILES_WIDE, TILES_HIGH = 4.0, 2.5
HEADINGS = (
    *("name", "rows", "p50", "p95", "raw-SQL p95", "ratio"),
    *("floor p50", "floor p95", "ratio of p50", "statements"),
)
ROUNDS = 4
"""Ours and the floor take turns, so that a busy moment of the machine meets both."""


@dataclass(frozen=True)
class Place:
    """One seeded database: how the application and the floor reach it."""

    name: str
    environment: dict[str, str]
    driver: str
    app: Flask


def main() -> None:
    """Seed, measure and print, one database after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=100_000)
    reports = parser.parse_args().reports
    print(f"calibration: {calibration():.0f} ms for a fixed loop; {CONNECTIONS} connections")
    with tempfile.TemporaryDirectory(prefix="matxanh-bench-") as folder:
        for prepared in (_spatialite, _postgis):
            with prepared(Path(folder)) as place:
                print(f"{place.name}: seeding {reports} reports", flush=True)
                with place.app.app_context():
                    _fill(reports)
                    views = {zoom: _views(zoom) for zoom in ZOOMS}
                    cases = session().scalar(select(func.count(Case.id))) or 0
                    statements = {zoom: _statements(place.app, views[zoom][0]) for zoom in ZOOMS}
                    session().rollback()
                    db.engine.dispose()
                rows = _measured(place, views, cases, statements, Path(folder))
                print_table(HEADINGS, rows)
    print(f"calibration: {calibration():.0f} ms")


@contextmanager
def _spatialite(folder: Path) -> Iterator[Place]:
    data = folder / "spatialite"
    environment = {"MATXANH_DATA_DIR": str(data), "MATXANH_DATABASE_URL": ""}
    yield Place("SpatiaLite", environment, str(data / "matxanh.db"), _application(environment))


@contextmanager
def _postgis(folder: Path) -> Iterator[Place]:
    cluster = Cluster()
    cluster.start()
    try:
        cluster.sql("CREATE DATABASE matxanh")
        environment = {
            "MATXANH_DATA_DIR": str(folder / "postgis"),
            "MATXANH_DATABASE_URL": cluster.url("matxanh"),
        }
        driver = f"host={cluster.folder} user=matxanh dbname=matxanh"
        yield Place("PostGIS", environment, driver, _application(environment))
    finally:
        cluster.stop()


def _application(environment: dict[str, str]) -> Flask:
    return create_app(
        Settings(
            data_dir=Path(environment["MATXANH_DATA_DIR"]),
            database_url=environment["MATXANH_DATABASE_URL"],
        )
    )


def _fill(reports: int) -> None:
    upgrade()
    with write_unit():
        reference.load()
    seed(reports)


def _views(zoom: int) -> list[str]:
    """Query strings of views over public cases, the same in every run."""
    random = Random(zoom)
    query = select(Case.public_lon, Case.public_lat).where(Case.public_since.is_not(None))
    places = [
        (lon, lat)
        for lon, lat in session().execute(query.order_by(Case.id))
        if lon is not None and lat is not None
    ]
    return [_view(*random.choice(places), zoom) for _number in range(VIEWS)]


def _view(lon: float, lat: float, zoom: int) -> str:
    tile = 360 / 2**zoom
    across, up = tile * TILES_WIDE / 2, tile * TILES_HIGH / 2 * 0.93  # cosine of 21.5 degrees
    box = (lon - across, lat - up, lon + across, lat + up)
    return f"bbox={','.join(f'{each:.5f}' for each in box)}&zoom={zoom}"


def _statements(app: Flask, view: str) -> int:
    """How many statements one answer takes."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        app.test_client().get(f"/api/v1/map?{view}")
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


def _measured(
    place: Place,
    views: dict[int, list[str]],
    cases: int,
    statements: dict[int, int],
    folder: Path,
) -> list[tuple[object, ...]]:
    log = folder / "server.log"
    floor = {"BENCH_DATABASE": place.driver}
    probe = views[10][0]
    rows: list[tuple[object, ...]] = []
    with (
        serving("webapp.wsgi:app", "/healthz", place.environment, log) as ours,
        serving("bench.floor:app", f"/map?{probe}", floor, log) as bare,
    ):
        query = open_query(place.driver)
        for zoom in ZOOMS:
            asked, base = views[zoom], [f"/map?{view}" for view in views[zoom]]
            full = [f"/api/v1/map?{view}" for view in asked]
            load(ours, full[:WARM_UP])
            load(bare, base[:WARM_UP])
            answered, bottom = _in_turn((ours, full), (bare, base))
            raw = timed([partial(query, _sql(view)) for view in asked])
            rows.append(
                (
                    f"{place.name} map z{zoom}",
                    cases,
                    answered.p50,
                    answered.p95,
                    raw.p95,
                    answered.p95 / bottom.p95,
                    bottom.p50,
                    bottom.p95,
                    answered.p50 / bottom.p50,
                    statements[zoom],
                )
            )
    return rows


def _in_turn(*programs: tuple[int, list[str]]) -> list[Times]:
    """The times of each program (port and addresses), measured round by round."""
    values: list[list[float]] = [[] for _program in programs]
    for start in range(ROUNDS):
        for found, (port, addresses) in zip(values, programs, strict=True):
            found += load(port, addresses[start::ROUNDS]).values
    return [Times(tuple(found)) for found in values]


def _sql(view: str) -> str:
    """The first statement of the floor's answer."""
    box, zoom = (part.partition("=")[2] for part in view.split("&"))
    return points_sql(box) if int(zoom) >= 14 else clusters_sql(box, int(zoom))


if __name__ == "__main__":
    main()
