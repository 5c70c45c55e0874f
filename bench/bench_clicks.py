"""The desk in a browser: from a filter to painted map and list.

``python -m bench.bench_clicks [--size N] [--clicks N] [--database NAME]``. Server, browser and
databases are its own and end with it.
"""

import argparse
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

from playwright.sync_api import Page, Response

from bench.browser import at_desk
from bench.databases import PLACES, Place, seeded
from bench.measuring import Times, calibration, print_table
from bench.questions import busiest, officer_of
from bench.serving import serving
from webapp.extensions import db

PAINTED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


def main() -> None:
    """Seed, click and print, one database after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=20_000)
    parser.add_argument("--clicks", type=int, default=50)
    parser.add_argument("--database", choices=PLACES, nargs="+", default=list(PLACES))
    asked = parser.parse_args()
    print(f"calibration: {calibration():.0f} ms for a fixed loop")
    for name in asked.database:
        with seeded(name, asked.size) as (place, folder):
            measure(place, folder, clicks=asked.clicks)
    print(f"calibration: {calibration():.0f} ms")


def measure(place: Place, folder: Path, *, clicks: int) -> None:
    """Click in a seeded place, and print what it took."""
    with place.app.app_context():
        officer = officer_of(place.app, busiest())
        db.engine.dispose()
    log = folder / "server.log"
    with (
        serving("webapp.wsgi:app", "/healthz", place.environment, log) as served,
        at_desk(f"http://127.0.0.1:{served.port}", officer["Cookie"]) as page,
    ):
        filtered = _filters(page, clicks)
    print(f"{place.name}, calibration {calibration():.0f} ms")
    rows = [(f"filter to painted map and list, of {clicks}", filtered.p50, filtered.p95)]
    print_table(("name", "p50 ms", "p95 ms"), rows)


def _filters(page: Page, count: int) -> Times:
    """Change the deadline filter back and forth; map and list must both have answered."""
    page.goto("/can-bo/hang-doi?tab=vu-viec", wait_until="networkidle")
    page.locator("details.mx-filter-box summary").click()
    values = []
    for _number, due in zip(range(count), cycle(("overdue", "soon", "near")), strict=False):
        start = time.perf_counter()
        with (
            page.expect_response(_of("/api/v1/staff/map", due)),
            page.expect_response(_of("/can-bo/hang-doi", due)),
        ):
            page.locator("#f-due").select_option(due)
        page.evaluate(PAINTED)
        values.append((time.perf_counter() - start) * 1000)
    return Times(tuple(values), sum(values) / 1000)


def _of(path: str, due: str) -> Callable[[Response], bool]:
    return lambda answer: path in answer.url and f"due={due}" in answer.url


if __name__ == "__main__":
    main()
