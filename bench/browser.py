"""A browser of the benchmark's own in which an officer is signed in."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, sync_playwright

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


@contextmanager
def at_desk(url: str, cookie: str) -> Iterator[Page]:
    """A page of 1280×800 with this cookie (``name=value``) at a site; the browser ends with it."""
    name, _sep, value = cookie.partition("=")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        context = browser.new_context(
            base_url=url, viewport={"width": 1280, "height": 800}, locale="vi-VN"
        )
        context.add_cookies([{"name": name, "value": value, "url": url}])
        page = context.new_page()
        page.set_default_timeout(60_000)
        yield page
        browser.close()
