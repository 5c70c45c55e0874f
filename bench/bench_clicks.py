"""The desk in a browser: from a filter to painted map and list; triage by keyboard and by mouse.

``python -m bench.bench_clicks [--size N] [--clicks N] [--reports N] [--database NAME]``. Server,
browser and databases are its own and end with it. Reports are triaged the quickest way there is:
each into a case of its own; keys and clicks are counted after the first record is open.
"""

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import cycle
from pathlib import Path

from playwright.sync_api import Page, Response, expect, sync_playwright

from bench.databases import PLACES, Place, fill
from bench.measuring import Times, calibration, print_table
from bench.questions import busiest, officer_of
from bench.serving import serving
from webapp.extensions import db

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
PAINTED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
TAKE = "Đưa vào vụ việc"


def main() -> None:
    """Seed, click, triage and print, one database after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=20_000)
    parser.add_argument("--clicks", type=int, default=50)
    parser.add_argument("--reports", type=int, default=100)
    parser.add_argument("--database", choices=PLACES, nargs="+", default=list(PLACES))
    asked = parser.parse_args()
    print(f"calibration: {calibration():.0f} ms for a fixed loop")
    for name in asked.database:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="matxanh-bench-")))
            place = stack.enter_context(PLACES[name](folder))
            print(f"{place.name}: seeding {asked.size} reports", flush=True)
            with place.app.app_context():
                fill(asked.size)
            measure(place, folder, clicks=asked.clicks, reports=asked.reports)
    print(f"calibration: {calibration():.0f} ms")


def measure(place: Place, folder: Path, *, clicks: int, reports: int) -> None:
    """Click and triage in a seeded place, and print what it took."""
    with place.app.app_context():
        officer = officer_of(place.app, busiest())
        db.engine.dispose()
    log = folder / "server.log"
    with (
        serving("webapp.wsgi:app", "/healthz", place.environment, log) as served,
        _desk(f"http://127.0.0.1:{served.port}", officer["Cookie"]) as page,
    ):
        filtered = _filters(page, clicks)
        hands = [_triage(page, reports, *way) for way in (_BY_KEYS, _BY_MOUSE)]
    print(f"{place.name}, calibration {calibration():.0f} ms")
    rows = [(f"filter to painted map and list, of {clicks}", filtered.p50, filtered.p95)]
    print_table(("name", "p50 ms", "p95 ms"), rows)
    print_table(("name", "reports", "actions each", "seconds each"), hands)


@contextmanager
def _desk(url: str, cookie: str) -> Iterator[Page]:
    name, _sep, value = cookie.partition("=")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        context = browser.new_context(
            base_url=url, viewport={"width": 1280, "height": 800}, locale="vi-VN"
        )
        context.add_cookies([{"name": name, "value": value, "url": url}])
        page = context.new_page()
        page.set_default_timeout(60_000)
        yield page
        browser.close()


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


def _triage(
    page: Page, count: int, name: str, first: Callable[[Page], None], act: Callable[[Page], int]
) -> tuple[object, ...]:
    """Decide so many reports; the next one opens by itself after each decision."""
    page.goto("/can-bo/hang-doi", wait_until="networkidle")
    first(page)
    actions = 0
    start = time.perf_counter()
    for _number in range(count):
        code = _opened(page)
        actions += act(page)
        expect(page.locator(f'[data-case="{code}"]')).to_have_count(0, timeout=30_000)
    seconds = time.perf_counter() - start
    return (name, count, actions / count, seconds / count)


def _opened(page: Page) -> str:
    """The code of the current record, once the panel shows it."""
    expect(page.locator(".is-current[data-case]")).to_have_count(1, timeout=30_000)
    code = page.locator(".is-current[data-case]").get_attribute("data-case") or ""
    shown = page.locator(
        f'[data-desk-panel] [href*="{code}"], [data-desk-panel] [action*="{code}"]'
    )
    expect(shown.first).to_be_attached(timeout=30_000)
    return code


def _open_by_keys(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press("Enter")


def _decide_by_keys(page: Page) -> int:
    page.keyboard.press("Enter")
    button = page.locator("[data-desk-panel]").get_by_role("button", name=TAKE)
    expect(button).to_be_focused(timeout=30_000)
    page.keyboard.press("Enter")
    return 2


def _open_by_mouse(page: Page) -> None:
    page.locator("[data-case] a").first.click()


def _decide_by_mouse(page: Page) -> int:
    """Opens the step where it is folded, then confirms it."""
    panel = page.locator("[data-desk-panel]")
    button = panel.get_by_role("button", name=TAKE).first
    clicks = 1
    if not button.is_visible():
        panel.get_by_text(TAKE).first.click()
        clicks = 2
    button.click()
    return clicks


_BY_KEYS = ("by keyboard", _open_by_keys, _decide_by_keys)
_BY_MOUSE = ("by mouse", _open_by_mouse, _decide_by_mouse)


if __name__ == "__main__":
    main()
