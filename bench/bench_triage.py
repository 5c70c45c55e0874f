"""An officer of a commune triages demonstration reports, by keyboard and then through the mouse.

``python -m bench.bench_triage [--size N] [--reports N] [--database NAME]``: N seeded reports lie
there before; then so many stories of the demonstration are sent by the ordinary operation for each
hand. Each is decided as an officer would: into the case that is suggested, else into one of its
own. Keys or clicks and seconds are counted from one open record to the next. Server, browser and
databases are its own and end with it.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from bench.browser import at_desk
from bench.databases import PLACES, Place, seeded
from bench.measuring import Times, calibration, print_table
from bench.questions import officer_of
from bench.serving import serving
from geo.points import Point
from webapp.core.unit_of_work import session, write_unit
from webapp.demo import script
from webapp.demo.cast import Cast
from webapp.demo.life import Life, Numbers
from webapp.demo.planning import HOME
from webapp.demo.stories import stories
from webapp.directory.models import Unit
from webapp.directory.served_units import NEW_SYSTEM
from webapp.extensions import db

SEED = 20261122
AROUND = 0.02  # degrees, about 2 km: as wide as the villages of a commune
TAKE = "Đưa vào vụ việc"
WAIT_MS = 30_000
DIGITS = "123456789"


@dataclass(frozen=True)
class Hand:
    """One way of working: how the first record is opened, how a record is decided.

    ``decide`` answers the number of keys or clicks and whether a suggested case took the report.
    """

    name: str
    begin: Callable[[Page], None]
    decide: Callable[[Page], tuple[int, bool]]


def main() -> None:
    """Seed, send, triage and print, one database after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=5_000)
    parser.add_argument("--reports", type=int, default=100)
    parser.add_argument("--database", choices=PLACES, nargs="+", default=list(PLACES))
    asked = parser.parse_args()
    print(f"calibration: {calibration():.0f} ms for a fixed loop")
    for name in asked.database:
        with seeded(name, asked.size) as (place, folder):
            measure(place, folder, asked.reports)
    print(f"calibration: {calibration():.0f} ms")


def measure(place: Place, folder: Path, reports: int) -> None:
    """Triage so many with each hand, and print what it took."""
    rng = Random(SEED)  # a play, no secrets
    with place.app.app_context():
        officer = officer_of(place.app, _home().id, "front_commune")
    rows = []
    with (
        serving("webapp.wsgi:app", "/healthz", place.environment, folder / "server.log") as served,
        at_desk(f"http://127.0.0.1:{served.port}", officer["Cookie"]) as page,
    ):
        for hand in (BY_KEYS, BY_MOUSE):
            with place.app.app_context():
                _send(reports, rng)
                db.engine.dispose()  # the server's own processes go on with it
            rows.append(_triage(page, reports, hand))
    print(f"{place.name}, calibration {calibration():.0f} ms")
    headings = ("name", "reports", "joined", "actions p50", "actions mean", "s p50", "s p95")
    print_table(headings, rows)


def _home() -> Unit:
    query = select(Unit).where(Unit.code_system == NEW_SYSTEM, Unit.code == HOME)
    return session().scalars(query).one()


def _send(count: int, rng: Random) -> None:
    """So many stories of the demonstration from round the middle of the commune."""
    home, told = _home(), [each for each in stories() if not each.category.starts_at_province]
    middle = (home.lon or 0.0, home.lat or 0.0)
    for _number in range(count):
        lon, lat = (round(each + rng.uniform(-AROUND, AROUND), 6) for each in middle)
        life = Life(rng.choice(told), Point(lon, lat), rng, Cast(), Numbers())
        with write_unit():
            script.submit(life)


def _triage(page: Page, count: int, hand: Hand) -> tuple[object, ...]:
    """Decide so many reports; the next one opens by itself after each decision."""
    page.goto("/can-bo/hang-doi", wait_until="networkidle")
    hand.begin(page)
    actions, seconds, joined = [], [], 0
    start = time.perf_counter()
    for _number in range(count):
        code = _opened(page)
        number, suggested = hand.decide(page)
        expect(page.locator(f'[data-case="{code}"]')).to_have_count(0, timeout=WAIT_MS)
        actions.append(number)
        joined += suggested
        now = time.perf_counter()
        seconds.append(now - start)
        start = now
    took = Times(tuple(seconds), sum(seconds))
    mean = sum(actions) / max(len(actions), 1)
    return (hand.name, len(actions), joined, median(actions), mean, took.p50, took.p95)


def _opened(page: Page) -> str:
    """The code of the current record, once the panel shows it."""
    expect(page.locator(".is-current[data-case]")).to_have_count(1, timeout=WAIT_MS)
    code = page.locator(".is-current[data-case]").get_attribute("data-case") or ""
    # Of the record itself: the one before may have suggested it.
    whole = _panel(page).locator(f'[data-panel-whole][href$="/{code}"]')
    expect(whole).to_be_attached(timeout=WAIT_MS)
    return code


def _panel(page: Page) -> Locator:
    return page.locator("[data-desk-panel]")


def _suggestion(page: Page) -> Locator:
    """The buttons that put the record into a case that is suggested, the likeliest first."""
    return _panel(page).locator("[data-alike] button[data-action]", has_text="Đưa vào VV")


def _digit(page: Page) -> str | None:
    """The key of the likeliest suggestion, as the panel numbers its actions."""
    labels = _panel(page).locator("[data-action]").all_inner_texts()
    found = (key for key, label in zip(DIGITS, labels, strict=False) if "Đưa vào VV" in label)
    return next(found, None)


def _category(page: Page) -> Locator:
    """What the officer has to choose where the sender chose a picture only."""
    return _panel(page).locator("select[name=category][required]")


def _focused(page: Page) -> Locator:
    """Where the step's form puts the focus: what is still to be chosen, else its button."""
    return _category(page).or_(_panel(page).get_by_role("button", name=TAKE)).first


def _begin_by_keys(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press("Enter")


def _decide_by_keys(page: Page) -> tuple[int, bool]:
    digit = _digit(page)
    if digit is not None:
        page.keyboard.press(digit)
        return 1, True
    page.keyboard.press("Enter")
    expect(_focused(page)).to_be_focused(timeout=WAIT_MS)
    keys = 2
    if _category(page).count():
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Control+Enter")
        return keys + 1, False
    page.keyboard.press("Enter")
    return keys, False


def _begin_by_mouse(page: Page) -> None:
    page.locator("[data-case] h2 a").first.click()


def _decide_by_mouse(page: Page) -> tuple[int, bool]:
    """Joins what is suggested, or opens the step, says what the matter is and confirms."""
    if _suggestion(page).count():
        _suggestion(page).first.click()
        return 1, True
    _panel(page).get_by_text(TAKE).first.click()
    button = _panel(page).get_by_role("button", name=TAKE)
    expect(button).to_be_visible(timeout=WAIT_MS)
    clicks = 2
    if _category(page).count():
        _category(page).select_option(index=1)
        clicks += 2  # the list is opened, a line of it is chosen
    button.click()
    return clicks, False


BY_KEYS = Hand("by keyboard", _begin_by_keys, _decide_by_keys)
BY_MOUSE = Hand("by mouse", _begin_by_mouse, _decide_by_mouse)


if __name__ == "__main__":
    main()
