"""The officer's desk on both databases, beside a floor program in the same run.

``python -m bench.bench_desk [--reports N]``; both servers are its own and end with it. The officer
is a province's: the largest queue there is.
"""

import argparse
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

from flask import Flask
from sqlalchemy import func, select

from bench.bench_map import HEADINGS
from bench.databases import Place, fill, in_turn, postgis, spatialite, statements
from bench.floor import open_query
from bench.floor_desk import case_sql, points_sql, queue_sql
from bench.measuring import CONNECTIONS, calibration, load, print_table, timed
from bench.serving import serving
from tests.factories.accounts import make_person
from webapp.accounts.sessions import begin_session
from webapp.accounts.views.session import SEEN_AT, TOKEN
from webapp.cases.indexed import still_open
from webapp.cases.models import Case
from webapp.core import clock
from webapp.core.unit_of_work import session, write_unit
from webapp.directory.models import Unit
from webapp.directory.queries import units_held
from webapp.extensions import db
from webapp.web.paging import encode_cursor

ASKED = 120
WARM_UP = 16
PAGE = 50
FAR_PAGE = 500
FIRST = (-(2**62), 0)


@dataclass(frozen=True)
class Work:
    """One thing to measure: our addresses, the floor's, the raw statements, who asks."""

    name: str
    ours: list[str]
    floor: list[str]
    raw: list[str]
    headers: Mapping[str, str]


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
                    works = _works(place.app)
                    rows = session().scalar(select(func.count(Case.id)).where(still_open())) or 0
                    counted = [statements(place.app, w.ours[0], w.headers) for w in works]
                    session().rollback()
                    db.engine.dispose()
                print_table(HEADINGS, _measured(place, works, rows, counted, Path(folder)))
    print(f"calibration: {calibration():.0f} ms")


def _works(app: Flask) -> list[Work]:
    province = _busiest()
    officer = _officer(app, province)
    far = _far()
    cursor = encode_cursor(list(far))
    units = units_held([province])[province]
    codes, boxes = _codes(units), _boxes(units)
    here, there = "/api/v1/staff/queue?tab=vu-viec", f"&cursor={cursor}"
    page = "/can-bo/hang-doi?tab=vu-viec"
    first_floor, far_floor = (f"/queue?rank={rank}&id={last}" for rank, last in (FIRST, far))
    first_sql, far_sql = queue_sql(*FIRST), queue_sql(*far)
    views = [f"/api/v1/staff/map?tab=vu-viec&bbox={box}&zoom=15" for box in boxes]
    places, cases = [f"/points?bbox={box}" for box in boxes], [f"/case/{code}" for code in codes]
    by_code = [case_sql(code) for code in codes]
    return [
        _same("queue, page 1", here, first_floor, first_sql, officer),
        _same(f"queue, page {FAR_PAGE}", here + there, far_floor, far_sql, officer),
        _same("desk as a page, page 1", page, first_floor, first_sql, officer),
        _same(f"desk as a page, page {FAR_PAGE}", page + there, far_floor, far_sql, officer),
        Work("staff points, z15", views, places, [points_sql(box) for box in boxes], officer),
        Work("case page, public", [f"/vu-viec/{c}" for c in codes], cases, by_code, {}),
        Work(
            "case page, officer", [f"/can-bo/vu-viec/{c}" for c in codes], cases, by_code, officer
        ),
    ]


def _same(name: str, ours: str, floor: str, raw: str, headers: Mapping[str, str]) -> Work:
    return Work(name, [ours] * ASKED, [floor] * ASKED, [raw] * ASKED, headers)


def _busiest() -> int:
    """The province with the most open cases."""
    query = (
        select(Unit.parent_id)
        .join(Case, Case.handling_unit_id == Unit.id)
        .where(still_open())
        .group_by(Unit.parent_id)
        .order_by(func.count().desc())
    )
    return session().scalar(query.limit(1)) or 0


def _officer(app: Flask, province_id: int) -> dict[str, str]:
    """The cookie of a signed-in officer of the province."""
    with write_unit():
        province = session().get_one(Unit, province_id)
        account, _actor = make_person("front_province", unit=province)
        token = secrets.token_urlsafe(24)
        begin_session(account, token)
    stored = {TOKEN: token, SEEN_AT: clock.now().timestamp()}
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return {"Cookie": f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps(stored)}"}


def _far() -> tuple[int, int]:
    """The last row before the far page, or before the last page where there are fewer."""
    query = select(Case.queue_rank, Case.id).where(still_open())
    order = query.order_by(Case.queue_rank, Case.id)
    total = session().scalar(select(func.count(Case.id)).where(still_open())) or 0
    before = min(PAGE * (FAR_PAGE - 1), total - PAGE) - 1
    rank, last_id = session().execute(order.offset(before).limit(1)).one()
    return rank, last_id


def _codes(units: frozenset[int]) -> list[str]:
    query = select(Case.code).where(
        still_open(), Case.public_since.is_not(None), Case.handling_unit_id.in_(units)
    )
    return Random(7).choices(list(session().scalars(query.order_by(Case.id).limit(5000))), k=ASKED)


def _boxes(units: frozenset[int]) -> list[str]:
    query = (
        select(Case.lon, Case.lat)
        .where(still_open(), Case.handling_unit_id.in_(units))
        .order_by(Case.id)
        .limit(5000)
    )
    places = Random(8).choices(list(session().execute(query)), k=ASKED)
    return [f"{x - 0.02:.5f},{y - 0.012:.5f},{x + 0.02:.5f},{y + 0.012:.5f}" for x, y in places]


def _measured(
    place: Place, works: list[Work], count: int, counted: list[int], folder: Path
) -> list[tuple[object, ...]]:
    log = folder / "server.log"
    floor = {"BENCH_DATABASE": place.driver}
    rows: list[tuple[object, ...]] = []
    with (
        serving("webapp.wsgi:app", "/healthz", place.environment, log) as ours,
        serving("bench.floor_desk:app", works[0].floor[0], floor, log) as bare,
    ):
        query = open_query(place.driver)
        for work, number in zip(works, counted, strict=True):
            load(ours, work.ours[:WARM_UP], work.headers)
            load(bare, work.floor[:WARM_UP])
            mine, bottom = in_turn((ours, work.ours, work.headers), (bare, work.floor, {}))
            raw = timed([partial(query, sql) for sql in work.raw])
            ratio = mine.p95 / bottom.p95
            half = mine.p50 / bottom.p50
            name = f"{place.name} {work.name}"
            figures = (mine.p50, mine.p95, raw.p95, ratio, bottom.p50, bottom.p95, half)
            rows.append((name, count, *figures, number))
    return rows


if __name__ == "__main__":
    main()
