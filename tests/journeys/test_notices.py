"""A phone asks on the tracking page to be told, is told, and shows one neutral line."""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.databases import WAIT_SECONDS, wait_for
from tests.factories.push import Browser as Subscriber
from tests.factories.push import StandIn
from tests.journeys.conftest import ON_SPATIALITE, PHONE, Visit
from tests.journeys.loop import HOLD_SECONDS, send_report
from tests.servers import Server

pytestmark = [
    pytest.mark.browser,
    ON_SPATIALITE,
]

# The one thing a test machine has not: the push service of the browser's maker.
SUBSCRIBE = """
PushManager.prototype.subscribe = async (options) => {
  window.askedWith = options;
  return { toJSON: () => (%s), endpoint: "%s", unsubscribe: async () => true };
};
Notification.requestPermission = async () => "granted";
"""
COUNT = """
window.permissionAsked = 0;
const ask = Notification.requestPermission;
Notification.requestPermission = () => { window.permissionAsked += 1; return ask(); };
"""
SHOWN = """
async () => (await (await navigator.serviceWorker.ready).getNotifications())
  .map(each => [each.title, each.body])
"""
SEND = """
async (body) => {
  const headers = { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() };
  const post = { method: "POST", credentials: "omit", headers, body: JSON.stringify(body) };
  return (await fetch("/api/v1/reports", post)).json();
}
"""


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, base_url=server.url, locale="vi-VN")  # type: ignore[arg-type]  # a plain dict
    context.set_default_timeout(WAIT_SECONDS * 1000)
    context.grant_permissions(["notifications"])
    yield context.new_page()
    context.close()


def send(page: Page) -> tuple[str, str]:
    """A report by JSON, as the phone's outbox sends it: its code and its tracking code."""
    body = {
        "category": "p_waste",
        "description": "Rác ven suối Nậm Phăng.",
        "location": {"lon": 103.151, "lat": 21.471, "accuracy_m": 20, "source": "gps"},
        "keep_secret": True,
        "consent": True,
        "photos": [],
    }
    told = page.evaluate(SEND, body)
    return told["report_code"], told["tracking_code"]


def test_a_phone_that_asks_is_told_with_one_neutral_line(
    page: Page, server: Server, push_service: StandIn, visit: Visit
) -> None:
    subscriber = Subscriber(push_service.host)
    page.goto("/tra-cuu")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => null)")
    code, tracking = send(page)
    as_json = str(subscriber.json).replace("'", '"')
    page.add_init_script(SUBSCRIBE % (as_json, subscriber.endpoint))
    page.fill('[name="code"]', tracking)
    with page.expect_navigation():
        page.locator("main form button[type=submit]").first.click()
    page.get_by_role("button", name="Bật thông báo trên máy này").click()
    page.get_by_text("Máy này sẽ hiện").wait_for()
    asked = page.evaluate("() => window.askedWith.applicationServerKey")
    assert re.fullmatch(r"[\w-]{87}", asked)

    officer = visit("mattran.xa")
    officer.open(f"/can-bo/phan-anh/{code}/buoc/redirect")
    officer.fill(door="other_body", words="Xin gửi Hạt Kiểm lâm.")
    assert officer.send() == 200, officer.refusals()

    wait_for(lambda: bool(push_service.taken), HOLD_SECONDS)
    *_rest, content = push_service.taken[-1]
    assert subscriber.read(content) == "Mắt Xanh: có cập nhật"
    assert "Kiểm lâm" not in str(push_service.taken)

    # What the worker of the phone does with it, told to it as the browser would.
    session = page.context.new_cdp_session(page)
    found: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: found.extend(each["registrationId"] for each in told["registrations"]),
    )
    session.send("ServiceWorker.enable")
    wait_for(lambda: bool(found) or bool(page.wait_for_timeout(100)))
    origin = {"origin": server.url, "registrationId": found[0]}
    for words, shown in (
        (subscriber.read(content), ["Mắt Xanh: có cập nhật", ""]),
        ("Rác nhà ông Lò ở bản Bua", ["Mắt Xanh", ""]),
    ):
        session.send("ServiceWorker.deliverPushMessage", origin | {"data": words})
        wait_for(partial(_shows, page, shown))


def _shows(page: Page, words: list[str]) -> bool:
    """Whether the phone shows one line, with these as its title and text."""
    return bool(page.evaluate(SHOWN) == [words])


def test_the_receipt_drawn_on_the_phone_offers_it_and_nothing_asks_before(
    server: Server, push_service: StandIn, visit: Visit
) -> None:
    subscriber = Subscriber(push_service.host)
    resident = visit(phone=True)
    page = resident.page
    page.context.grant_permissions(["notifications", "geolocation"])
    as_json = str(subscriber.json).replace("'", '"')
    # In one script: Playwright promises no order of several.
    page.add_init_script(SUBSCRIBE % (as_json, subscriber.endpoint) + COUNT)
    resident.open("/tra-cuu")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => null)")
    receipt = send_report(resident, category="p_waste")
    assert page.evaluate("window.permissionAsked") == 0
    with page.expect_response(f"**/reports/{receipt.code}/push") as answered:
        page.get_by_role("button", name="Bật thông báo trên máy này").click()
    assert answered.value.ok
    page.get_by_text("Máy này sẽ hiện").wait_for()
    assert page.evaluate("window.permissionAsked") == 1


def test_a_speaker_plays_in_the_language_the_phone_remembers(
    page: Page, server: Server, tmp_path: Path
) -> None:
    admin = page.context
    page.goto("/dang-nhap")
    page.fill('[name="email"]', "quantri@demo")
    page.fill('[name="password"]', "demo-mat-xanh")
    with page.expect_navigation():
        page.locator("main form button[type=submit]").first.click()
    sound = tmp_path / "ghi-am.mp3"
    for language in ("tay", "mong"):
        sound.write_bytes(b"ID3\x04\0\0\0\0\0\x21" + language.encode() * 100)
        page.goto("/can-bo/loi-huong-dan")
        page.select_option('[name="screen"]', "code")
        page.select_option('[name="language"]', language)
        page.set_input_files('[name="sound"]', sound)
        page.locator('main form:has([name="sound"]) button[type=submit]').click()
        page.get_by_text("Đã gắn lời hướng dẫn.").wait_for()
    admin.clear_cookies()
    asked: list[str] = []
    page.on("request", lambda told: asked.append(told.url) if "/am-thanh/" in told.url else None)
    page.goto("/tra-cuu")
    button = page.locator("[data-spoken-play]")
    assert not button.is_visible() and asked == []  # nothing plays, nothing loads by itself
    page.get_by_text("Nghe hướng dẫn").click()
    page.get_by_role("link", name="Tiếng Mông").click()
    button.get_by_text("(Tiếng Mông)").wait_for()
    wait_for(lambda: bool(asked) or bool(page.wait_for_timeout(100)))
    assert page.url.endswith("/tra-cuu")
    page.reload()
    expect(button).to_contain_text("Tiếng Mông")
    expect(button).to_be_visible()
