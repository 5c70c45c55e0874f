"""R10: reports written without network, the browser killed, all of them arrive once.

``python -m tests.offline.drill --reports 20`` prints the figures of the full count.
"""

import argparse
import hashlib
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from playwright.sync_api import Playwright, sync_playwright
from sqlalchemy import select

from geo.photos.scenes import draw_scene
from tests.databases import WAIT_SECONDS
from tests.offline.phone import Phone
from tests.offline.proxy import Proxy
from tests.servers import Server, running
from webapp.app import create_app
from webapp.config import Settings
from webapp.core.unit_of_work import session
from webapp.media.operations import open_original
from webapp.reporting.models import Report, ReportPhoto

ARRIVE_SECONDS = 120


@dataclass(frozen=True)
class Figures:
    """What was written, what was still there after the kill, what arrived."""

    written: int
    after_kill: int
    reports: int
    twice: int
    photos_listed: int
    photos_equal: int
    seconds: float

    def passed(self) -> bool:
        """Every report once, every photo as it was."""
        once = self.reports == self.written == self.after_kill and self.twice == 0
        return once and self.photos_listed == self.photos_equal == 2 * self.written


def new_server(folder: Path) -> Server:
    """A server with the reference data, not started."""
    made = Server(folder)
    made.fill()
    return made


def arrived(app: Flask) -> list[tuple[str, list[str]]]:
    """Each report's words and the digests of its originals, as they lie on the server."""
    with app.app_context():
        found = [
            (report.description or "", sorted(map(_digest, report.photos)))
            for report in session().scalars(select(Report).order_by(Report.id))
        ]
        session().rollback()
        return found


def _digest(listed: ReportPhoto) -> str:
    if listed.photo.state == "wanted":
        return "not there"
    return hashlib.sha256(open_original(listed.photo)).hexdigest()


def pictures(folder: Path, number: int) -> list[Path]:
    """Two photos nobody else sends."""
    made = []
    for part in range(2):
        path = folder / f"anh-{number}-{part}.jpg"
        path.write_bytes(draw_scene("p_waste", 2 * number + part))
        made.append(path)
    return made


def until(true: Callable[[], bool], phone: Phone, seconds: float = WAIT_SECONDS) -> None:
    """Let the browser work until something is true."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, phone.stored()["items"]
        phone.page.wait_for_timeout(200)


def run(server: Server, playwright: Playwright, folder: Path, reports: int) -> Figures:
    """Write so many reports offline, kill the browser, start again, and count what arrives."""
    proxy = Proxy(server.port)
    phone = Phone(playwright, folder / "profile", proxy.url)
    phone.start()
    phone.open("/gui-phan-anh")
    until(phone.installed, phone)
    phone.offline(True)
    proxy.down = True
    for number in range(reports):
        phone.write_report(f"Bãi rác số {number}", pictures(folder, number))
    before = phone.stored()["items"]
    phone.kill()
    phone.start()
    phone.offline(True)
    phone.open("/phan-anh-cho-gui")
    after = phone.stored()["items"]
    started = time.monotonic()
    proxy.down = False
    phone.offline(False)
    until(lambda: phone.states() == ["sent"] * reports, phone, ARRIVE_SECONDS)
    seconds = time.monotonic() - started
    phone.kill()
    proxy.close()
    found = arrived(create_app(Settings(data_dir=server.folder)))
    ours = [(words, photos) for words, photos in found if words.startswith("Bãi rác số")]
    wanted = {
        item["fields"]["description"]: sorted(file["sha256"] for file in item["files"])
        for item in after
    }
    return Figures(
        written=len(before),
        after_kill=len(after),
        reports=len(ours),
        twice=len(ours) - len({words for words, _photos in ours}),
        photos_listed=sum(map(len, wanted.values())),
        photos_equal=sum(len(photos) for words, photos in ours if wanted.get(words) == photos),
        seconds=seconds,
    )


def main() -> None:
    """The full count, printed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=20)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        data = Path(folder) / "data"
        data.mkdir()
        with running(new_server(data)) as server:
            figures = run(server, playwright, Path(folder), asked.reports)
    print(figures)
    raise SystemExit(0 if figures.passed() else 1)


if __name__ == "__main__":
    main()
