"""Sending reports with one and with four connections, what counting costs, and memory.

``python -m bench.bench_submit [--size N] [--count N] [--database NAME]``: N reports lie there
before, N are sent. Servers and databases are its own and end with it. Rate limits are widened: they
are what a storm of real phones would meet first.
"""

import argparse
import http.client
import json
import os
import subprocess
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from random import Random

from sqlalchemy import select

from bench.databases import PLACES, Place, seeded
from bench.floor_submit import prepare
from bench.measuring import CONNECTIONS, Times, calibration, print_table, timed
from bench.serving import ROOT, megabytes_of, serving
from webapp.cases import counts
from webapp.cases.journal import counted, touch_public, write_change
from webapp.cases.models import Case
from webapp.core.unit_of_work import session, write_unit
from webapp.extensions import db
from webapp.reporting.models import Report

LIMITS = {
    "MATXANH_REPORTS_PER_ADDRESS": "999999",
    "MATXANH_REPORTS_PER_PHONE": "999999",
    "MATXANH_NEW_PHONES_PER_ADDRESS": "999999",
}
CHANGES = 200
ATTEMPTS = 5
ENOUGH = 120
"""Reports a second that are asked for."""


def main() -> None:
    """Seed, send, and print, one database after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=20_000)
    parser.add_argument("--count", type=int, default=800)
    parser.add_argument("--database", choices=PLACES, nargs="+", default=list(PLACES))
    asked = parser.parse_args()
    print(f"calibration: {calibration():.0f} ms for a fixed loop")
    for name in asked.database:
        with seeded(name, asked.size) as (place, folder):
            measure(place, folder, asked.count)
    print(f"calibration: {calibration():.0f} ms")


def measure(place: Place, folder: Path, count: int) -> None:
    """Send to a seeded place and print what it took."""
    with place.app.app_context():
        bodies = _bodies(count)
        db.engine.dispose()
    prepare(place.driver)
    log = folder / "server.log"
    rows: list[tuple[object, ...]] = []
    with (
        serving("webapp.wsgi:app", "/healthz", place.environment | LIMITS, log) as ours,
        serving("bench.floor_submit:app", "/ready", {"BENCH_DATABASE": place.driver}, log) as bare,
    ):
        for connections in (1, CONNECTIONS):
            mine = _send_all(ours.port, "/api/v1/reports", bodies, connections)
            floor = _send_all(bare.port, "/reports", bodies, connections)
            ratio = mine.p95 / floor.p95
            name = f"{place.name} send, {connections} connections"
            figures = (mine.p50, mine.p95, floor.p50, floor.p95, ratio, mine.rate, floor.rate)
            rows.append((name, *figures))
        web = ours.megabytes()
    headings = ("name", "p50", "p95", "floor p50", "floor p95", "ratio p95", "req/s", "floor req/s")
    print(f"{place.name}, calibration {calibration():.0f} ms; {ENOUGH} a second are asked for")
    print_table(headings, rows)
    worker = _worker(place)
    print(f"memory: two web workers and their master {web:.0f} MB PSS, worker {worker:.0f} MB PSS")
    with place.app.app_context():
        _print_upkeep(place)
        db.engine.dispose()


def _bodies(count: int) -> list[bytes]:
    """Reports at places where seeded ones are."""
    query = select(Report.lon, Report.lat).where(Report.lon.is_not(None)).limit(5000)
    places = [(lon, lat) for lon, lat in session().execute(query.order_by(Report.id))]
    found = Random(11).choices(places, k=count)
    return [json.dumps(_body(lon, lat)).encode() for lon, lat in found]


def _body(lon: float, lat: float) -> dict[str, object]:
    return {
        "category": "dumping.roadside",
        "description": "Rác đổ thành đống cạnh đường, bốc mùi từ sáng.",
        "location": {"lon": lon, "lat": lat, "accuracy_m": 20, "source": "gps"},
        "keep_secret": True,
        "consent": True,
        "photos": [],
    }


def _send_all(port: int, address: str, bodies: list[bytes], connections: int) -> Times:
    """Each body once under a key of its own. Raises RuntimeError when one is refused."""
    shares = [bodies[start::connections] for start in range(connections)]
    start = time.perf_counter()
    with ThreadPoolExecutor(connections) as pool:
        parts = list(pool.map(lambda share: _send_share(port, address, share), shares))
    seconds = time.perf_counter() - start
    return Times(tuple(value for part in parts for value in part), seconds)


def _send_share(port: int, address: str, bodies: list[bytes]) -> list[float]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    values = []
    for body in bodies:
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
        start = time.perf_counter()
        _send(connection, address, body, headers)
        values.append((time.perf_counter() - start) * 1000)
    connection.close()
    return values


def _send(
    connection: http.client.HTTPConnection, address: str, body: bytes, headers: dict[str, str]
) -> None:
    """Until it is taken: a busy database asks to come again, as the phone's outbox does."""
    for _attempt in range(ATTEMPTS):
        connection.request("POST", address, body, headers)
        answer = connection.getresponse()
        words = answer.read()
        if answer.status == 201:
            return
        if answer.status != 409:
            break
    raise RuntimeError(f"{address} answered {answer.status}: {words[:300]!r}")


def _worker(place: Place) -> float:
    """Megabytes of the background worker a few seconds after its start."""
    worker = subprocess.Popen(
        [Path(sys.executable).parent / "flask", "--app", "webapp.app", "worker", "run"],
        cwd=ROOT,
        env={**os.environ, **place.environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        time.sleep(8)
        return megabytes_of(worker.pid)
    finally:
        worker.terminate()
        worker.wait(30)


def _print_upkeep(place: Place) -> None:
    """A change of a case with and without its count, and folding, in milliseconds."""
    numbers = range(CHANGES)
    with_counts = timed([partial(_change, number, counts_too=True) for number in numbers])
    without = timed([partial(_change, number, counts_too=False) for number in numbers])
    start = time.perf_counter()
    with write_unit():
        folded = counts.fold()
    each = (time.perf_counter() - start) * 1000 / max(folded, 1)
    rows = [
        ("a change of state, counted", with_counts.p50, with_counts.p95),
        ("the same, not counted", without.p50, without.p95),
        ("folding, for each journal row", each, each),
    ]
    print(f"{place.name}: upkeep of the counts")
    print_table(("name", "p50", "p95"), rows)


def _change(number: int, *, counts_too: bool) -> None:
    """Four journal rows: gone from one group and come to another, in two scopes."""
    with write_unit():
        query = select(Case).where(Case.public_since.is_not(None), Case.state == "assessed")
        case = session().scalars(query.order_by(Case.id).offset(number).limit(1)).one()
        before = counted(case)
        case.overdue = not case.overdue
        session().flush()
        if counts_too:
            write_change(before, counted(case))
            touch_public()


if __name__ == "__main__":
    main()
