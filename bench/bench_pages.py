"""Public pages as a phone meets them: bytes over the wire, requests, and Lighthouse's marks.

``python -m bench.bench_pages [--scale S] [--runs N]``; the server and its demonstration data are
its own and end with it. Bytes are those of a first visit, compressed, headers included, without
map tiles. Lighthouse runs with its own mobile preset (slow 4G, processor slowed 4 times).
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

from bench.measuring import calibration, print_table
from tests.servers import ROOT, Server, running

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
LIGHTHOUSE = ROOT / "bench" / "lighthouse"
PHONE = "Pixel 5"
TRIES = 3
MARKS = ("performance", "accessibility", "best-practices", "seo")
FIXED = ("/", "/gui-phan-anh", "/tra-cuu", "/vu-viec", "/ket-qua", "/so-lieu")
LISTED = {"/vu-viec": "a[href^='/vu-viec/']", "/ket-qua": "a[href^='/ket-qua/']"}
"""Of these lists the first entry is a page of its own."""
LIMITS = {"/gui-phan-anh": 100, "/": 170}
"""Kilobytes a first visit may take."""


@dataclass(frozen=True)
class Visit:
    """What one first visit fetched."""

    address: str
    bytes: int
    requests: int
    foreign: int


def main() -> None:
    """Serve the demonstration, visit each page, then let Lighthouse judge it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", default="0.2", help="how much of the demonstration is played")
    parser.add_argument("--runs", type=int, default=1, help="Lighthouse runs per page; the median")
    wanted = parser.parse_args()
    print(f"calibration: {calibration():.0f} ms for a fixed loop")
    _install_lighthouse()
    with _demonstration(wanted.scale) as server:
        visits = list(_visits(server))
        print_table(
            ("name", "KB", "limit KB", "requests", "foreign hosts"),
            [
                (v.address, v.bytes / 1000, LIMITS.get(v.address, "-"), v.requests, v.foreign)
                for v in visits
            ],
        )
        print_table(
            ("name", *MARKS, "LCP ms", "CLS"),
            [_judged(server, visit.address, wanted.runs) for visit in visits],
        )


@contextmanager
def _demonstration(scale: str) -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="matxanh-pages-") as folder:
        server = Server(Path(folder), workers=2)
        server.flask("db", "upgrade")
        server.flask("reference", "load")
        server.flask("demo", "load", "--scale", scale)
        with running(server):
            yield server


def _visits(server: Server) -> Iterator[Visit]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        device = playwright.devices[PHONE]
        for address in FIXED:
            yield _visit(browser, device, server, address)
        for address, link in LISTED.items():
            page = browser.new_page()
            page.goto(server.url + address)
            first = page.locator(link).first.get_attribute("href")
            if first is None:
                raise RuntimeError(f"{address} lists nothing")
            page.close()
            yield _visit(browser, device, server, first)
        browser.close()


def _visit(browser: Browser, device: dict[str, object], server: Server, address: str) -> Visit:
    context = browser.new_context(**device)  # type: ignore[arg-type]  # a device's own settings
    page = context.new_page()
    hosts: list[str] = []
    sizes: list[int] = []
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.requestWillBeSent", lambda told: hosts.append(told["request"]["url"]))
    network.on("Network.loadingFinished", lambda told: sizes.append(int(told["encodedDataLength"])))
    page.goto(server.url + address, wait_until="networkidle")
    context.close()
    own = urlsplit(server.url).netloc
    asked = [urlsplit(url) for url in hosts if url.startswith("http")]
    return Visit(address, sum(sizes), len(asked), sum(url.netloc != own for url in asked))


def _install_lighthouse() -> None:
    if not (LIGHTHOUSE / "node_modules" / ".package-lock.json").exists():
        subprocess.run(
            [ROOT / "scripts" / "with_node.sh", "npm", "ci", "--prefix", LIGHTHOUSE],
            cwd=ROOT,
            check=True,
            stdout=subprocess.DEVNULL,
        )


def _judged(server: Server, address: str, runs: int) -> Sequence[object]:
    reports = [_report(server.url + address) for _ in range(runs)]
    marks = [
        statistics.median(round(100 * report["categories"][mark]["score"]) for report in reports)
        for mark in MARKS
    ]
    timings = [
        statistics.median(report["audits"][audit]["numericValue"] for report in reports)
        for audit in ("largest-contentful-paint", "cumulative-layout-shift")
    ]
    return (address, *(int(mark) for mark in marks), round(timings[0]), f"{timings[1]:.3f}")


def _report(url: str) -> dict[str, dict[str, dict[str, float]]]:
    """What Lighthouse says of a page; a lost trace (NO_NAVSTART) is taken again."""
    for _ in range(TRIES):
        done = _lighthouse(url)
        if not done.returncode:
            report: dict[str, dict[str, dict[str, float]]] = json.loads(done.stdout)
            return report
    raise RuntimeError(f"lighthouse {url}: {done.stderr[-1000:]}")


def _lighthouse(url: str) -> subprocess.CompletedProcess[str]:
    program = LIGHTHOUSE / "node_modules" / "lighthouse" / "cli" / "index.js"
    return subprocess.run(
        [
            *(ROOT / "scripts" / "with_node.sh", "node", program, url, "--quiet"),
            *("--output=json", f"--only-categories={','.join(MARKS)}"),
            f"--chrome-flags={' '.join(FLAGS)}",
        ],
        cwd=ROOT,
        env={**os.environ, "CHROME_PATH": CHROMIUM},
        capture_output=True,
        text=True,
        check=False,
    )


if __name__ == "__main__":
    main()
