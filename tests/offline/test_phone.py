"""R10 and S8 in a real Chromium: what befalls a phone's outbox, each with its count."""

import hashlib
import json
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Playwright

from tests.offline.acts import KEPT, SENDING, count, set_network, sign_in, told
from tests.offline.drill import pictures, run, until
from tests.offline.phone import Phone
from tests.offline.proxy import Proxy
from tests.servers import Server

pytestmark = pytest.mark.browser


def large_photo(folder: Path) -> Path:
    """A photo that stays large however it is compressed: the browser counts no small change."""
    digests = (hashlib.sha256(bytes([n % 256, n // 256])).digest() for n in range(37_500))
    path = folder / "nhieu.jpg"
    Image.frombytes("L", (1200, 1000), b"".join(digests)).save(path, quality=95)
    return path


def test_reports_survive_a_killed_browser_and_arrive_once(
    playwright: Playwright, server: Server, tmp_path: Path
) -> None:
    figures = run(server, playwright, tmp_path, reports=3)
    assert figures.passed(), figures


def test_nothing_of_a_sent_report_stays_but_its_code(
    phone: Phone, server: Server, tmp_path: Path
) -> None:
    words = "Mùi hôi từ trại lợn nhà ông Sùng"
    phone.write_report(words, pictures(tmp_path, 70))
    phone.page.wait_for_selector("#tracking-code")
    until(lambda: phone.states() == ["sent"], phone)
    stored = phone.stored()
    assert stored["bytes"] == 0
    kept = json.dumps(stored["items"], ensure_ascii=False) + phone.page.evaluate(KEPT)
    assert "Sùng" not in kept and "Sau chợ" not in kept
    assert (
        stored["items"][0]["codes"]["tracking_code"] in kept
    )  # the search does find what is there
    phone.page.locator("[data-code-saved]").click()
    until(lambda: phone.states() == [], phone)
    assert count(server, words) == 1


def test_two_tabs_send_each_report_once(phone: Phone, proxy: Proxy, server: Server) -> None:
    set_network(phone, proxy, on=False)
    for _twice in range(2):  # the same words twice are two reports
        phone.write_report("Rác trôi xuống suối", [])
    other = phone.tab()
    other.goto(f"{phone.url}/phan-anh-cho-gui")
    phone.open("/phan-anh-cho-gui")
    proxy.seen.clear()
    set_network(phone, proxy, on=True)
    until(lambda: phone.states() == ["sent", "sent"], phone)
    other.close()
    assert proxy.seen.count(SENDING) == 2
    assert count(server, "Rác trôi xuống suối") == 2


def test_what_came_while_another_page_was_sending_goes_soon(phone: Phone, proxy: Proxy) -> None:
    other = phone.tab()
    other.goto(f"{phone.url}/phan-anh-cho-gui")
    set_network(phone, proxy, on=False)
    phone.write_report("Rác dưới chân cầu", [])
    until(lambda: phone.states() == ["sending"], phone)  # it was tried once
    other.evaluate(_HOLD)
    other.evaluate(_CHANGE, {"hold": "network", "notBefore": time.time() * 1000 + 600_000})
    set_network(phone, proxy, on=True)
    phone.open("/phan-anh-cho-gui")
    phone.page.wait_for_timeout(1_000)
    assert phone.states() == ["sending"]
    other.evaluate("window.letGo()")
    until(lambda: phone.states() == ["sent"], phone)
    other.close()


# As a run that takes long in another tab.
_HOLD = """
() => new Promise((held) => {
  void navigator.locks.request("mat-xanh-sending", () => new Promise((letGo) => {
    window.letGo = letGo;
    held();
  }));
})
"""


def test_a_refused_report_can_be_mended_while_the_others_go(
    phone: Phone, proxy: Proxy, server: Server
) -> None:
    set_network(phone, proxy, on=False)
    for words in ("Đốt rác sau trường", "Nước thải ra mương"):
        phone.write_report(words, [])
    refusal = told(
        422, "invalid", detail="Còn chỗ cần sửa.", fields={"description": "Xin viết rõ."}
    )
    answers = iter([refusal])
    proxy.rule = lambda request: next(answers, None) if request == SENDING else None
    page = phone.page
    page.evaluate(_HOLD)  # or a try under way may come to the second one first
    page.evaluate(_CHANGE, {"notBefore": 0})
    set_network(phone, proxy, on=True)
    page.evaluate("window.letGo()")
    until(lambda: phone.states() == ["refused", "sent"], phone)
    phone.open("/phan-anh-cho-gui")
    page.locator("[data-outbox-strip]", has_text="1 phản ánh cần sửa").wait_for()
    page.locator("[data-state=refused] [data-item-edit]").click()
    page.get_by_text("Xin viết rõ.").first.wait_for()
    assert page.locator("textarea[name=description]").input_value() == "Đốt rác sau trường"
    page.locator("textarea[name=description]").fill("Đốt rác sau trường tiểu học")
    page.get_by_role("button", name="Gửi phản ánh").click()
    page.wait_for_selector("#tracking-code")
    assert (count(server, "Đốt rác sau trường tiểu học"), count(server, "Đốt rác sau trường")) == (
        1,
        0,
    )


def test_the_server_is_left_alone_for_as_long_as_it_asks(phone: Phone, proxy: Proxy) -> None:
    answers = iter([told(429, "http-429", retry="600")])
    proxy.rule = lambda request: next(answers, None) if request == SENDING else None
    phone.write_report("Khói lò gạch", [])
    phone.page.get_by_text("Máy chủ đang bận").wait_for()
    phone.open("/phan-anh-cho-gui")
    phone.page.locator("[data-outbox-send]").click()
    phone.page.wait_for_timeout(500)
    assert proxy.seen.count(SENDING) == 1
    assert phone.states() == ["sending"]


def test_a_report_under_an_account_waits_until_it_is_back(
    phone: Phone, proxy: Proxy, server: Server
) -> None:
    page = phone.page
    sign_in(phone)
    phone.open("/gui-phan-anh")
    set_network(phone, proxy, on=False)
    phone.fill_report("Bụi từ mỏ đá", [])
    phone.wait_until_kept()
    page.context.clear_cookies()
    set_network(phone, proxy, on=True)
    phone.open("/phan-anh-cho-gui")
    page.get_by_text("Chờ ông/bà đăng nhập lại bằng").wait_for()
    assert proxy.seen.count(SENDING) == 0
    sign_in(phone)
    until(lambda: phone.states() == ["sent"], phone)
    assert count(server, "Bụi từ mỏ đá") == 1


def test_signing_out_asks_while_reports_wait(phone: Phone, proxy: Proxy) -> None:
    proxy.rule = lambda request: told(503, "unavailable") if request == SENDING else None
    phone.write_report("Nước giếng có mùi", [])
    until(lambda: phone.states() == ["sending"], phone)
    sign_in(phone)
    phone.page.get_by_role("button", name="Đăng xuất", exact=True).click()
    phone.page.get_by_text("còn 1 phản ánh chưa gửi xong").wait_for()
    assert phone.states() == ["sending"]
    with phone.page.expect_navigation():
        phone.page.locator("[data-sign-out-wipe]").click()
    assert phone.states() == []


def test_a_full_phone_still_sends_and_offline_it_keeps_what_was_typed(
    playwright: Playwright, proxy: Proxy, server: Server, tmp_path: Path
) -> None:
    proxy.rule = lambda _request: None
    # A phone of its own: the browser remembers for a while how much room there was.
    phone = Phone(playwright, tmp_path / "profile", proxy.url)
    phone.start()
    try:
        tools = phone.page.context.new_cdp_session(phone.page)
        tools.send("Storage.overrideQuotaForOrigin", {"origin": proxy.url, "quotaSize": 1})
        phone.open("/gui-phan-anh")
        phone.fill_report("Rác điện tử", [large_photo(tmp_path)])
        # The page that the server made.
        phone.page.wait_for_selector("[data-receipt-code]:not([data-receipt-code=''])")
        phone.open("/gui-phan-anh")
        set_network(phone, proxy, on=False)
        phone.fill_report("Rác y tế", [large_photo(tmp_path)])
        phone.page.get_by_text("Máy hết chỗ cất phản ánh").wait_for()
        assert phone.page.locator("textarea[name=description]").input_value() == "Rác y tế"
    finally:
        set_network(phone, proxy, on=True)
        phone.kill()
    assert (count(server, "Rác điện tử"), count(server, "Rác y tế")) == (1, 0)


def test_what_went_past_a_full_outbox_stays_in_it_no_longer(phone: Phone, server: Server) -> None:
    page = phone.page
    for words, refused in (("Đốt dây điện cũ", False), ("Đốt lốp, gọi 0912345678", True)):
        phone.open("/gui-phan-anh")
        page.evaluate(_TYPE, words)
        until(lambda: phone.states() == ["draft"], phone)
        page.evaluate(_FILL, refused)
        with page.expect_event("load"):  # of the page that the server makes
            phone.fill_report(words, [])
        if refused:  # the server asked about the number; now there is room again
            page.wait_for_selector("[name=words_checked][value=y]", state="attached")
            assert phone.states() == ["draft"]
            page.get_by_role("button", name="Gửi phản ánh").click()
            page.wait_for_selector("#tracking-code")
            until(lambda: phone.states() == ["sent"], phone)
        else:
            page.wait_for_selector("[data-sent-key] #tracking-code")
            until(lambda: phone.states() == [], phone)
        assert count(server, words) == 1


_TYPE = """
words => {
  const field = document.querySelector("textarea[name=description]");
  field.value = words;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
"""
_FILL = """
refused => {
  if (refused) document.querySelector("[data-words-checked]").name = "khac";
  IDBObjectStore.prototype.put = () => { throw new DOMException("", "QuotaExceededError"); };
}
"""


def test_the_outbox_page_by_keyboard_alone(phone: Phone, proxy: Proxy) -> None:
    page = phone.page
    set_network(phone, proxy, on=False)
    phone.write_report("Rác bên đường", [])
    phone.open("/phan-anh-cho-gui")
    page.evaluate(_HOLD)  # or it would go by itself as soon as the network comes
    page.wait_for_selector("[data-item-retry]:not([hidden])")
    set_network(phone, proxy, on=True)
    press_until(phone, "[data-item-retry]")
    page.keyboard.press("Enter")
    until(lambda: phone.stored()["items"][0]["hold"] is None, phone)
    page.evaluate("window.letGo()")
    until(lambda: phone.states() == ["sent"], phone)
    page.wait_for_selector("[data-item-saved]:not([hidden])")
    press_until(phone, "[data-item-saved]")
    page.keyboard.press("Enter")
    until(lambda: phone.states() == [], phone)
    until(lambda: page.evaluate("document.activeElement.matches('[data-outbox] h1')"), phone)
    press_until(phone, "[data-outbox-wipe]")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-outbox-wiped]:not([hidden])")


def press_until(phone: Phone, wanted: str) -> None:
    """Press Tab until what is wanted has the focus."""
    for _press in range(60):
        if phone.page.evaluate("css => document.activeElement.matches(css)", wanted):
            return
        phone.page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} is not reached by Tab")


def test_a_new_version_takes_over_a_full_queue(phone: Phone, proxy: Proxy, server: Server) -> None:
    page = phone.page
    version = page.request.get(f"{phone.url}/sw.js").text().split('"version": "')[1][:12]
    set_network(phone, proxy, on=False)
    for number in range(3):
        phone.write_report(f"Trước khi có bản mới {number}", [])
    proxy.rule = lambda request: told(503, "unavailable") if request == SENDING else None
    proxy.swap = (version.encode(), b"f" * 12)
    set_network(phone, proxy, on=True)
    phone.open("/phan-anh-cho-gui")
    page.evaluate("() => navigator.serviceWorker.ready.then(ready => ready.update())")
    until(lambda: page.evaluate(_WAITS), phone)
    # The last page of the old version goes. Chromium takes a moment to change the worker; a page
    # opened in that very moment keeps the old one.
    states = _states_of_workers(phone)
    page.goto("about:blank")
    until(lambda: states[max(states)] == "activated", phone)
    phone.open("/phan-anh-cho-gui")
    until(lambda: f"mx-files-{'f' * 12}" in page.evaluate("caches.keys()"), phone)
    until(lambda: f"mx-files-{version}" not in page.evaluate("caches.keys()"), phone)
    assert len(phone.states()) == 3
    page.evaluate(_HOLD)  # once no try is under way that could change what is changed here
    proxy.rule = lambda _request: None
    page.evaluate(_CHANGE, {"notBefore": 0})
    phone.open("/phan-anh-cho-gui")
    until(lambda: phone.states() == ["sent"] * 3, phone)
    assert [count(server, f"Trước khi có bản mới {number}") for number in range(3)] == [1, 1, 1]


def _states_of_workers(phone: Phone) -> dict[int, str]:
    """What the browser tells from now on of each worker, by its number; the newest is the last."""
    states: dict[int, str] = {}

    def told(event: dict[str, Any]) -> None:
        states.update({int(each["versionId"]): each["status"] for each in event["versions"]})

    session = phone.page.context.new_cdp_session(phone.page)
    session.on("ServiceWorker.workerVersionUpdated", told)
    session.send("ServiceWorker.enable")
    until(lambda: "installed" in states.values(), phone)
    return states


_WAITS = "navigator.serviceWorker.ready.then(ready => ready.waiting !== null)"
# Waiting takes as long as the server or the network was away; a test changes what is stored.
_CHANGE = """
(changes) => new Promise((resolve) => {
  const opening = indexedDB.open("mat-xanh");
  opening.onsuccess = () => {
    const transaction = opening.result.transaction("items", "readwrite");
    const store = transaction.objectStore("items");
    store.getAll().onsuccess = (event) => {
      for (const item of event.target.result) store.put({ ...item, ...changes });
    };
    transaction.oncomplete = () => { opening.result.close(); resolve(); };
  };
})
"""
