"""A migrated server with the demo sign-ins on each database, and a Chromium."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Geolocation, Playwright, StorageState

from tests.conftest import KINDS
from tests.databases import Cluster
from tests.factories.push import StandIn, stand_in
from tests.journeys.visitor import Visitor
from tests.servers import Server, running
from webapp.notifications.push import new_secret

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",  # a microphone that beeps
]
PHONE = {"width": 360, "height": 640}
DESKTOP = {"width": 1280, "height": 800}
# In the demo commune; swapped it would lie in the Arctic Ocean.
HERE: Geolocation = {"longitude": 103.10125, "latitude": 21.47075, "accuracy": 18}


@pytest.fixture(scope="session")
def push_service() -> Iterator[StandIn]:
    """In the place of the push service of the browser's maker."""
    with stand_in() as made:
        yield made


ON_SPATIALITE = pytest.mark.parametrize("server", ["spatialite"], indirect=True)


@pytest.fixture(scope="session", params=KINDS)
def server(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    push_service: StandIn,
) -> Iterator[Server]:
    """A real server on each database in turn."""
    folder = tmp_path_factory.mktemp(f"journey-{request.param}")
    url = ""
    if request.param == "postgis":
        cluster: Cluster = request.getfixturevalue("cluster")
        cluster.sql("CREATE DATABASE journey")
        url = cluster.url("journey")
    made = Server(folder, url)
    made.env |= {
        "MATXANH_PUSH_KEY": new_secret(),
        "MATXANH_PUSH_TEST_HOST": push_service.host,
        "MATXANH_QUIET_HOURS": "",
    }
    made.fill()
    with running(made):
        yield made
    assert "Traceback" not in made.log()


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    made = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield made
    made.close()


Visit = Callable[..., Visitor]


@pytest.fixture(scope="session")
def sessions(server: Server) -> dict[str, StorageState]:
    """The cookies of each demo account that signed in, so that it does so once."""
    return {}


@pytest.fixture
def visit(browser: Browser, server: Server, sessions: dict[str, StorageState]) -> Iterator[Visit]:
    """Open browsers that share nothing, closed at the end; each must have seen nothing wrong.

    ``who`` is a demo account, a guest without it; ``quiet=False`` is for provoked refusals.
    """
    made: list[tuple[Visitor, bool]] = []

    def opener(
        who: str = "", *, phone: bool = False, javascript: bool = True, quiet: bool = True
    ) -> Visitor:
        context = browser.new_context(
            viewport=PHONE if phone else DESKTOP,
            base_url=server.url,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            java_script_enabled=javascript,
            geolocation=HERE,
            permissions=["geolocation"],
            storage_state=sessions.get(who),
        )
        visitor = Visitor(context, server.url.removeprefix("http://"))
        made.append((visitor, quiet))
        if who and who not in sessions:
            visitor.sign_in(who)
            sessions[who] = context.storage_state()
        return visitor

    yield opener
    for visitor, _quiet in made:
        visitor.page.context.close()
    assert [line for visitor, quiet in made if quiet for line in visitor.wrong] == []
