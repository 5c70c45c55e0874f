"""A migrated server with the demo sign-ins on each database, and a Chromium."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Geolocation, Playwright, sync_playwright

from tests.conftest import KINDS
from tests.databases import Cluster
from tests.journeys.visitor import Visitor
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
# In the demo commune; swapped it would lie in the Arctic Ocean.
HERE: Geolocation = {"longitude": 103.10125, "latitude": 21.47075, "accuracy": 18}


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


Visit = Callable[..., Visitor]


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Visit]:
    """Open browsers that share nothing, closed at the end; each must have seen nothing wrong.

    ``phone`` sets the viewport; ``quiet=False`` is for tests that provoke refusals.
    """
    made: list[BrowserContext] = []
    quiet_ones: list[Visitor] = []

    def opener(*, phone: bool = False, javascript: bool = True, quiet: bool = True) -> Visitor:
        context = browser.new_context(
            viewport=PHONE if phone else DESKTOP,
            base_url=server.url,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            java_script_enabled=javascript,
            geolocation=HERE,
            permissions=["geolocation"],
        )
        context.set_default_timeout(15_000)
        made.append(context)
        visitor = Visitor(context, server.url.removeprefix("http://"))
        if quiet:
            quiet_ones.append(visitor)
        return visitor

    yield opener
    wrong = [line for visitor in quiet_ones for line in visitor.wrong]
    for context in made:
        context.close()
    assert wrong == []
