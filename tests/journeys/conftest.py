"""A migrated server with the demo sign-ins on each database, and a Chromium."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright

from tests.conftest import KINDS
from tests.databases import Cluster
from tests.servers import Server, running

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 360, "height": 640}
DESKTOP = {"width": 1280, "height": 800}


@pytest.fixture(scope="session", params=KINDS)
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A real server on each database in turn."""
    folder = tmp_path_factory.mktemp(f"journey-{request.param}")
    url = ""
    if request.param == "postgis":
        cluster: Cluster = request.getfixturevalue("cluster")
        cluster.sql("CREATE DATABASE journey")
        url = cluster.url("journey")
    made = Server(folder, url)
    made.flask("db", "upgrade")
    made.flask("reference", "load")
    made.flask("demo", "accounts")
    with running(made):
        yield made


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as made:
        yield made


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    made = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield made
    made.close()


Opener = Callable[..., BrowserContext]


@pytest.fixture
def open_context(browser: Browser, server: Server) -> Iterator[Opener]:
    """Make browser contexts that are closed at the end; ``phone`` sets the viewport."""
    made: list[BrowserContext] = []

    def opener(*, phone: bool = False, javascript: bool = True) -> BrowserContext:
        context = browser.new_context(
            viewport=PHONE if phone else DESKTOP,
            base_url=server.url,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            java_script_enabled=javascript,
            geolocation={"longitude": 103.10125, "latitude": 21.47075, "accuracy": 18},
            permissions=["geolocation"],
        )
        context.set_default_timeout(15_000)
        made.append(context)
        return context

    yield opener
    for context in made:
        context.close()


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    """Where a journey leaves its screenshots."""
    return tmp_path
