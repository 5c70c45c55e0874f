"""One person at one browser: what they open, fill in and press, and what went wrong meanwhile."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    Response,
    expect,
)

from tests.databases import WAIT_SECONDS, wait_for

PASSWORD = "demo-mat-xanh"
Value = str | bool | Path | Sequence[Path]

# Chromium only tells the console of a refusal by the policy; the page itself is told as well.
_TELL_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`CSP ${event.violatedDirective} ${event.blockedURI}`);
});
"""
_HAVE_ARRIVED = "images => images.every(each => each.naturalWidth > 1)"


class Visitor:
    """A page of a context of its own. ``wrong`` collects errors and requests to other hosts."""

    def __init__(self, context: BrowserContext, host: str) -> None:
        self.wrong: list[str] = []
        self._host = host
        context.set_default_timeout(WAIT_SECONDS * 1000)
        context.add_init_script(_TELL_VIOLATIONS)
        context.on("request", self._look_at_request)
        context.on("response", self._look_at_response)
        context.on("console", self._look_at_console)
        context.on("weberror", lambda told: self.wrong.append(f"script: {told.error}"))
        self.page: Page = context.new_page()

    def open(self, path: str) -> None:
        """Open an address of the site; it must be there."""
        answer = self.page.goto(path)
        assert answer is not None and answer.ok, f"{path}: {answer and answer.status}"

    def status(self, path: str) -> int:
        """How an address answers, without opening it."""
        return self.page.request.get(path).status

    def sign_in(self, local: str) -> None:
        """Sign in with a demo address."""
        self.open("/dang-nhap")
        self.fill(email=f"{local}@demo", password=PASSWORD)
        assert self.send() == 200, self.refusals()

    def follow(self, words: str, *, within: Locator | None = None) -> None:
        """Follow the link of these words."""
        with self.next_page():
            self._link(words, within).click()

    @contextmanager
    def next_page(self) -> Iterator[list[Response]]:
        """Wait until what is done here has led to another page; in the end the list has its answer.

        What a script writes into the address, as a map does when it comes to rest, leads nowhere.
        """
        answers: list[Response] = []
        self.page.wait_for_load_state()
        with self.page.expect_event("load"), self.page.expect_response(_is_a_page) as told:
            yield answers
        answers.append(told.value)

    def _link(self, words: str, within: Locator | None) -> Locator:
        place = within or self.page.locator("main")
        link = place.get_by_role("link", name=words, exact=True).first
        if not link.is_visible():
            self.page.locator("main summary", has_text="Việc khác").click()
        return link

    def offers(self, words: str) -> bool:
        """Whether the page has a link of these words, folded away or not."""
        links = self.page.get_by_role("link", name=words, exact=True, include_hidden=True)
        return links.count() > 0

    def fill(self, **fields: Value) -> None:
        """Fill in fields by name: text, a choice by its value, a tick, photos."""
        for name, value in fields.items():
            self._fill(name, value)

    def _fill(self, name: str, value: Value) -> None:
        field = self.page.locator(f'main [name="{name}"]')
        kind = field.first.evaluate("field => field.type")
        if kind == "radio":
            self._choose(field.and_(self.page.locator(f'[value="{value}"]')))
        elif kind == "checkbox":
            field.set_checked(bool(value))
        elif kind == "file":
            field.set_input_files(value)  # type: ignore[arg-type]  # a path or paths
        elif kind.startswith("select"):
            field.select_option(str(value))
        else:
            field.fill(str(value))

    def _choose(self, radio: Locator) -> None:
        """As a finger does: on the picture that lies over it, where there is one."""
        label = self.page.locator(f'label[for="{radio.get_attribute("id") or ""}"]')
        (label if label.count() else radio).click()
        expect(radio).to_be_checked()

    def send(self, button: str | None = None) -> int:
        """Press the form's button, by its words or the main one; the status of the answer."""
        found = self.page.locator("main form button[type=submit]")
        found = found.filter(has_text=button) if button else found.and_(_main_button(self.page))
        with self.next_page() as answers:
            found.last.click()
        return answers[0].status

    def send_report(self) -> None:
        """Send the report form with script; the receipt takes its place, nothing is loaded."""
        self.page.get_by_role("button", name="Gửi phản ánh").click()
        code = self.page.locator("#tracking-code")
        code.or_(self.page.locator("[data-told]")).first.wait_for()
        assert code.is_visible(), self.refusals()

    def take(self, words: str, *, expect: int = 200, **fields: Value) -> None:
        """One step: follow its link, fill in its form, send it, and look at the status."""
        self.follow(words)
        self.fill(**fields)
        assert self.send() == expect, self.refusals()

    def reads(self, *words: str) -> None:
        """The page says each of these."""
        text = ""

        def read() -> bool:
            nonlocal text
            text = self.page.locator("main").inner_text()
            return all(each in text for each in words)

        with suppress(TimeoutError):
            wait_for(read)
        for each in words:
            assert each in text, f"{each!r} is not on {self.page.url}:\n{text}"

    def does_not_read(self, *words: str) -> None:
        """The page says none of these."""
        text = self.page.content()
        for each in words:
            assert each not in text, f"{each!r} is on {self.page.url}"

    def refusals(self) -> str:
        """What the form says is wrong."""
        boxes = self.page.locator("[data-form-errors], .mx-errors[data-told]").all_inner_texts()
        return f"{self.page.url}: {' '.join(boxes)}"

    def photos(self, selector: str) -> int:
        """How many photos are shown; each must have arrived."""
        images = self.page.locator(selector)
        for image in images.all():
            image.scroll_into_view_if_needed()
        wait_for(lambda: images.evaluate_all(_HAVE_ARRIVED) is True)
        return images.count()

    def _look_at_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.netloc != self._host:
            self.wrong.append(f"another host: {request.url}")

    def _look_at_response(self, response: Response) -> None:
        if response.status >= 500:
            self.wrong.append(f"{response.status}: {response.url}")

    def _look_at_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.wrong.append(f"console, {message.location['url']}: {message.text}")


def _is_a_page(response: Response) -> bool:
    """The end of a way that may have led over other addresses."""
    onward = {301, 302, 303, 307, 308}
    return response.request.is_navigation_request() and response.status not in onward


def _main_button(page: Page) -> Locator:
    return page.locator(".btn-primary")
