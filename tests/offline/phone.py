"""A phone: Chromium with a profile of its own that can be killed and started again."""

import contextlib
import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Playwright

from tests.databases import WAIT_SECONDS, wait_for

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=360,640",
    "--remote-debugging-port=0",
)
# What the page's own store holds, read as any script of the site could.
_ITEMS = """
() => new Promise((resolve, reject) => {
  const opening = indexedDB.open("mat-xanh");
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const names = Array.from(opening.result.objectStoreNames);
    if (names.length === 0) return resolve({ items: [], bytes: 0 });
    const transaction = opening.result.transaction(["items", "bytes"]);
    const items = transaction.objectStore("items").getAll();
    const bytes = transaction.objectStore("bytes").count();
    transaction.oncomplete = () => {
      opening.result.close();
      resolve({ items: items.result, bytes: bytes.result });
    };
  };
})
"""
_AT_WORK = "() => navigator.serviceWorker.ready.then(ready => ready.active.state === 'activated')"


class Phone:
    """One profile folder; ``page`` is its open tab."""

    def __init__(self, playwright: Playwright, profile: Path, url: str) -> None:
        self._playwright = playwright
        self._profile = profile
        self.url = url
        self._program: subprocess.Popen[bytes] | None = None
        self._browser: Browser | None = None
        self.page: Page
        self.errors: list[str] = []

    def start(self) -> None:
        """Start the browser and open an empty tab."""
        port_file = self._profile / "DevToolsActivePort"
        port_file.unlink(missing_ok=True)
        self._program = subprocess.Popen(
            [CHROMIUM, *FLAGS, f"--user-data-dir={self._profile}", "about:blank"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        wait_for(lambda: port_file.is_file() and port_file.read_text().count("\n") > 0)
        port = port_file.read_text().splitlines()[0]
        self._browser = self._playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
        self.page = self.tab()

    def tab(self) -> Page:
        """Another tab of the same profile."""
        assert self._browser is not None
        page = self._browser.contexts[0].new_page()
        page.set_default_timeout(WAIT_SECONDS * 1000)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        return page

    def kill(self) -> None:
        """SIGKILL to the browser and all it started; nothing gets to say goodbye."""
        assert self._program is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._program.pid, signal.SIGKILL)
        self._program.wait()
        if self._browser is not None:
            with contextlib.suppress(Exception):
                self._browser.close()
        self._browser = None

    def offline(self, off: bool) -> None:
        """Take the network from every tab, as the phone's own switch does."""
        assert self._browser is not None
        self._browser.contexts[0].set_offline(off)

    def open(self, path: str) -> None:
        """Open an address in the tab."""
        self.page.goto(f"{self.url}{path}")

    def installed(self) -> bool:
        """Whether the worker that opens pages without network is at its work."""
        found: bool = self.page.evaluate(_AT_WORK)
        return found

    def stored(self) -> dict[str, Any]:
        """The items of the outbox and how many files lie beside them."""
        found: dict[str, Any] = self.page.evaluate(_ITEMS)
        return found

    def states(self) -> list[str]:
        """The state of every item, oldest first."""
        return [item["state"] for item in self.stored()["items"]]

    def write_report(self, words: str, photos: list[Path]) -> None:
        """Open the form, fill it in and send it, with or without network."""
        self.open("/gui-phan-anh")
        self.fill_report(words, photos)
        self.wait_until_kept()

    def wait_until_kept(self) -> None:
        """Until the phone has put the report into its store, or the server has answered it."""
        self.page.wait_for_selector("[data-sending]:not([hidden]), #tracking-code, [data-told]")

    def fill_report(self, words: str, photos: list[Path]) -> None:
        """Fill in the three screens of the open form and press send."""
        page = self.page
        if photos:
            page.locator("[data-photo-input]").set_input_files(photos)
            page.wait_for_function(
                "count => document.querySelectorAll('[data-photo-list] img').length === count",
                arg=len(photos),
            )
            page.locator("[data-photo-count]", has_text="Đã chọn").wait_for()
        page.get_by_role("button", name="Tiếp tục").click()
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
        page.locator("#unit").select_option("gso-2025:03325")
        page.locator("[name=place_note]").fill("Sau chợ, cạnh cầu treo")
        page.get_by_role("button", name="Tiếp tục").click()
        page.locator("label[for=category-p_waste]").click()
        page.locator("textarea[name=description]").fill(words)
        page.locator("[name=consent]").check()
        page.get_by_role("button", name="Gửi phản ánh").click()
