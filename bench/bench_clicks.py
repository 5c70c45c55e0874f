"""The desk in a browser: from a filter to painted list and painted map, beside a bare page.

``python -m bench.bench_clicks [--size N] [--clicks N] [--database NAME]``. Time runs in the page,
from the change of the field to the frame after the one that shows what came. Servers, browser and
databases are its own and end with it.
"""

import argparse
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page

from bench.browser import at_desk
from bench.databases import PLACES, ROUNDS, Place, seeded
from bench.measuring import Times, calibration, print_table
from bench.questions import FIRST, busiest, officer_of
from bench.serving import serving
from webapp.extensions import db

WARM_UP = 6
PARTS = ("list", "map", "both")
HEADINGS = (
    "name",
    "clicks",
    "p50 ms",
    "p95 ms",
    "floor p50",
    "floor p95",
    "ratio p50",
    "ratio p95",
)
MAP_ANSWER = "/api/v1/staff/map"

# Each says when its part is in the page; the list is another element then, the map no longer busy.
_READY_AT_DESK = """{
  list: () => new Promise((ready) => {
    const old = document.querySelector("[data-map-list]");
    new MutationObserver((_, watch) => {
      if (!old.isConnected) { watch.disconnect(); ready(); }
    }).observe(old.parentNode, { childList: true });
  }),
  map: () => new Promise((ready) => {
    const map = document.querySelector("#map");
    new MutationObserver((_, watch) => {
      if (!map.hasAttribute("aria-busy")) { watch.disconnect(); ready(); }
    }).observe(map, { attributeFilter: ["aria-busy"] });
  }),
}"""
_READY_AT_FLOOR = """{
  list: () => new Promise((done) => document.addEventListener("ready-list", done, { once: true })),
  map: () => new Promise((done) => document.addEventListener("ready-map", done, { once: true })),
}"""
_WATCH = """(ready) => {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  window.benchClick = new Promise((done) => document.addEventListener("change", ({ timeStamp }) => {
    const took = [ready.list(), ready.map()].map(async (part) => {
      await part;
      await frame();
      await frame();
      return performance.now() - timeStamp;
    });
    done(Promise.all(took));
  }, { once: true, capture: true }));
}"""


@dataclass(frozen=True)
class Desk:
    """A page with the field that is changed, the values in turn, and what says it is ready."""

    page: Page
    choices: tuple[str, ...]
    ready: str

    def click(self, count: int) -> list[tuple[float, float]]:
        """Milliseconds to the list and to the map of so many changes."""
        self.page.bring_to_front()
        return [self._one(choice) for choice in islice(cycle(self.choices), count)]

    def _one(self, choice: str) -> tuple[float, float]:
        self.page.evaluate(f"({_WATCH})({self.ready})")
        self.page.locator("#f-due").select_option(choice)
        of_list, of_map = self.page.evaluate("() => window.benchClick")
        return of_list, of_map


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
    """Click in a seeded place and in the bare page by turns, and print what it took."""
    with place.app.app_context():
        officer = officer_of(place.app, busiest())
        db.engine.dispose()
    log, floor = folder / "server.log", {"BENCH_DATABASE": place.driver}
    with (
        serving("webapp.wsgi:app", "/healthz", place.environment, log) as served,
        serving("bench.floor_clicks:app", "/newest", floor, log) as bare,
        at_desk(f"http://127.0.0.1:{served.port}", officer["Cookie"]) as page,
    ):
        desks = (_ours(page), _floor(page, f"http://127.0.0.1:{bare.port}"))
        found = _in_turn(desks, clicks)
    print(f"{place.name}, calibration {calibration():.0f} ms")
    print_table(HEADINGS, [_row(part, *found) for part in PARTS])


def _ours(page: Page) -> Desk:
    """The officer's cases, the filters open, the map where it begins."""
    page.goto("/can-bo/hang-doi?tab=vu-viec", wait_until="networkidle")
    page.locator("details.mx-filter-box summary").click()
    return Desk(page, ("overdue", "soon", "near", ""), _READY_AT_DESK)


def _floor(page: Page, url: str) -> Desk:
    """The bare page, with the view that the desk's map asks for."""
    with page.expect_request(lambda request: MAP_ANSWER in request.url) as asked:
        page.locator("#f-due").select_option("overdue")
    view = parse_qs(urlsplit(asked.value.url).query)
    bare = page.context.new_page()
    rank, _first_id = FIRST
    bare.goto(f"{url}/desk?bbox={view['bbox'][0]}&zoom={view['zoom'][0]}&rank={rank}")
    return Desk(bare, ("overdue", ""), _READY_AT_FLOOR)


def _in_turn(desks: tuple[Desk, ...], clicks: int) -> list[list[tuple[float, float]]]:
    """What each took, round by round, so that a busy moment of the machine meets both."""
    found: list[list[tuple[float, float]]] = [[] for _desk in desks]
    for desk in desks:
        desk.click(WARM_UP)
    for number in range(ROUNDS):
        for desk, took in zip(desks, found, strict=True):
            took += desk.click(len(range(number, clicks, ROUNDS)))
    return found


def _row(
    part: str, ours: list[tuple[float, float]], floor: list[tuple[float, float]]
) -> list[object]:
    mine, bottom = (_times(part, took) for took in (ours, floor))
    figures = (mine.p50, mine.p95, bottom.p50, bottom.p95)
    ratios = (mine.p50 / bottom.p50, mine.p95 / bottom.p95)
    return [f"filter to painted {part}", len(ours), *figures, *ratios]


def _times(part: str, took: list[tuple[float, float]]) -> Times:
    values = {
        "list": [of_list for of_list, _of_map in took],
        "map": [of_map for _of_list, of_map in took],
        "both": [max(pair) for pair in took],
    }[part]
    return Times(tuple(values), sum(values) / 1000)


if __name__ == "__main__":
    main()
