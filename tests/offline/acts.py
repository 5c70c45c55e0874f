"""What tests of a phone do and look at besides the phone itself."""

import json

from tests.offline.drill import arrived
from tests.offline.phone import Phone
from tests.offline.proxy import Proxy, Request, Told
from tests.servers import Server
from webapp.app import create_app
from webapp.config import Settings

SENDING = Request("POST", "/api/v1/reports")
# Everything this site keeps in the browser, as text; keys and values.
KEPT = """
async () => {
  const texts = [JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      texts.push(request.url, await (await cache.match(request)).text());
    }
  }
  return texts.join("\\n");
}
"""


def set_network(phone: Phone, proxy: Proxy, *, on: bool) -> None:
    proxy.down = not on
    phone.offline(not on)


def count(server: Server, words: str) -> int:
    """How many reports with these words the server has."""
    return [said for said, _photos in arrived(create_app(Settings(data_dir=server.folder)))].count(
        words
    )


def told(status: int, kind: str, *, retry: str = "", **body: object) -> Told:
    headers = (("Content-Type", "application/problem+json"), ("Retry-After", retry))
    words = {"type": f"/loi/{kind}", "title": "", "status": status, "detail": "", **body}
    return Told(status, headers if retry else headers[:1], json.dumps(words).encode())


def sign_in(phone: Phone, who: str = "nguoidan@demo") -> None:
    """As a resident with an account, or as somebody else of the demonstration."""
    phone.open("/dang-nhap")
    phone.page.locator("[name=email]").fill(who)
    phone.page.locator("[name=password]").fill("demo-mat-xanh")
    with phone.page.expect_navigation():
        phone.page.locator("main button[type=submit]").click()
    phone.open("/can-bo/tai-khoan")
