"""One server, one proxy and one phone for all tests of the phone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Playwright, expect

from tests.offline.acts import set_network
from tests.offline.drill import new_server, until
from tests.offline.phone import Phone
from tests.offline.proxy import Proxy
from tests.servers import Server, running


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(new_server(tmp_path_factory.mktemp("phone"))) as made:
        yield made
        assert "Traceback" not in made.log()


@pytest.fixture(scope="session")
def proxy(server: Server) -> Iterator[Proxy]:
    made = Proxy(server.port)
    yield made
    made.close()


@pytest.fixture(scope="session")
def one_phone(
    playwright: Playwright, proxy: Proxy, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Phone]:
    made = Phone(playwright, tmp_path_factory.mktemp("profile"), proxy.url)
    made.start()
    made.open("/gui-phan-anh")
    until(made.installed, made)
    yield made
    made.kill()


@pytest.fixture
def phone(one_phone: Phone, proxy: Proxy) -> Phone:
    """The phone with an empty outbox and a network."""
    set_network(one_phone, proxy, on=True)
    proxy.rule = lambda _request: None
    one_phone.open("/phan-anh-cho-gui")
    one_phone.page.locator("[data-outbox-wipe]").click()
    sure = one_phone.page.locator("[data-outbox-wipe-yes]")
    wiped = one_phone.page.locator("[data-outbox-wiped]")
    expect(sure.or_(wiped).filter(visible=True)).to_have_count(1)
    if sure.is_visible():
        sure.click()
        wiped.wait_for()
    until(lambda: one_phone.states() == [], one_phone)
    proxy.seen.clear()
    one_phone.errors.clear()
    return one_phone
