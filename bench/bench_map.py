"""The public map at zooms 6 to 16 on both databases, beside a floor program in the same run.

``python -m bench.bench_map [--reports N]``; both servers are its own and end with it. Views are
those of a screen of 1024 x 640 over places where cases are, so that towns come up most.
"""

import argparse
import tempfile
from functools import partial
from pathlib import Path
from random import Random

from sqlalchemy import func, select

from bench.databases import Place, fill, in_turn, postgis, spatialite, statements
from bench.floor import clusters_sql, open_query, points_sql
from bench.measuring import CONNECTIONS, calibration, load, print_table, timed
from bench.serving import serving
from webapp.cases.models import Case
from webapp.core.unit_of_work import session
from webapp.extensions import db

ZOOMS = range(6, 17)
VIEWS = 160
WARM_UP = 16
TILES_WIDE, TILES_HIGH = 4.0, 2.5
HEADINGS = (
    *("name", "rows", "p50", "p95", "raw-SQL p95", "ratio"),
    *("floor p50", "floor p95", "ratio of p50", "statements"),
)


def main() -> None:
    """Seed, measure and print, one database after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=100_000)
    reports = parser.parse_args().reports
    print(f"calibration: {calibration():.0f} ms for a fixed loop; {CONNECTIONS} connections")
    with tempfile.TemporaryDirectory(prefix="matxanh-bench-") as folder:
        for prepared in (spatialite, postgis):
            with prepared(Path(folder)) as place:
                print(f"{place.name}: seeding {reports} reports", flush=True)
                with place.app.app_context():
                    fill(reports)
                    views = {zoom: _views(zoom) for zoom in ZOOMS}
                    cases = session().scalar(select(func.count(Case.id))) or 0
                    counted = {
                        zoom: statements(place.app, f"/api/v1/map?{views[zoom][0]}")
                        for zoom in ZOOMS
                    }
                    session().rollback()
                    db.engine.dispose()
                rows = _measured(place, views, cases, counted, Path(folder))
                print_table(HEADINGS, rows)
    print(f"calibration: {calibration():.0f} ms")


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


def _measured(
    place: Place,
    views: dict[int, list[str]],
    cases: int,
    counted: dict[int, int],
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
            load(ours.port, full[:WARM_UP])
            load(bare.port, base[:WARM_UP])
            answered, bottom = in_turn((ours.port, full, {}), (bare.port, base, {}))
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
                    counted[zoom],
                )
            )
    return rows


def _sql(view: str) -> str:
    """The first statement of the floor's answer."""
    box, zoom = (part.partition("=")[2] for part in view.split("&"))
    return points_sql(box) if int(zoom) >= 14 else clusters_sql(box, int(zoom))


if __name__ == "__main__":
    main()
