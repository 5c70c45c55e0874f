"""The resident's form as people meet it: by keyboard alone, by assistive technology, in a hurry."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from geo.photos.scenes import draw_scene
from tests.databases import WAIT_SECONDS
from tests.journeys.axe import violations
from tests.journeys.conftest import HERE, ON_SPATIALITE, Visit
from tests.journeys.visitor import Visitor
from tests.servers import Server

pytestmark = [
    pytest.mark.browser,
    # What a browser shows does not depend on the database.
    ON_SPATIALITE,
]

SECONDS_A_TAP = 1.0
"""What a practised thumb needs to find and touch the next thing (Fitts and a glance)."""


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    file = tmp_path / "bai-rac.jpg"
    file.write_bytes(draw_scene("p_waste", 5))
    return file


def press_until(page: Page, wanted: str, key: str = "Tab", most: int = 60) -> None:
    """Press a key until what has the focus matches a selector."""
    for _press in range(most):
        if page.evaluate("css => document.activeElement.matches(css)", wanted):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{wanted} is not reached by {key} on {page.url}")


def test_the_whole_report_by_keyboard_alone(visit: Visit, photo: Path) -> None:
    resident = visit()
    page = resident.page
    page.on("filechooser", lambda chooser: chooser.set_files(photo))  # heard before it is asked for
    resident.open("/gui-phan-anh")
    page.wait_for_load_state("networkidle")  # what still arrives may take the focus
    press_until(page, "[data-photo-camera]")
    page.keyboard.press("Enter")
    page.locator("[data-photo-list] img").wait_for()
    press_until(page, "[data-step-next]")
    page.keyboard.press("Enter")
    press_until(page, "[data-locate]")
    page.keyboard.press("Enter")
    page.get_by_text("Chỗ này thuộc Xã Mường Phăng").wait_for()
    press_until(page, "[data-step-next]")
    page.keyboard.press("Enter")
    press_until(page, "#category-p_waste")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")  # the arrow keys go through the pictures
    expect(page.locator("#category-p_smoke")).to_be_checked()
    press_until(page, "[name=consent]")
    page.keyboard.press("Space")
    press_until(page, "[data-step-send]")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name=re.compile("Đã nhận phản ánh")).wait_for()
    resident.reads("Khói, bụi, mùi", "Xã Mường Phăng")


def test_axe_finds_nothing_in_any_state_of_the_form(visit: Visit, photo: Path) -> None:
    resident = visit(phone=True)
    page = resident.page
    resident.open("/gui-phan-anh")
    found = []

    def look(*steps: Callable[[], object]) -> None:
        for step in steps:
            step()
        found.extend(violations(page))

    forward = page.locator("[data-step-next]").click
    look(page.locator(".mx-door > summary").click)
    look(lambda: page.locator("[data-photo-input]").set_input_files(photo))
    look(forward)
    look(forward)  # without a place: the message
    look(
        page.locator("[data-place-words] > summary").click,
        lambda: page.locator("#unit-search").fill("na nhan"),
    )
    look(page.locator("[data-locate]").click, page.get_by_text("Chỗ này thuộc").wait_for)
    look(forward)
    look(lambda: resident.fill(category="p_chemical"))
    look(
        page.locator("[data-category-details] > summary").click,
        lambda: page.locator("#category-search").fill("thuoc sau"),
    )
    look(
        page.locator("[data-more] > summary").click,
        lambda: resident.fill(description="Gọi ông Lò Văn Ẳng, 0912 345 678"),
        page.locator("textarea[name=description]").blur,
        page.locator(".mx-preview summary").click,
    )
    expect(page.locator("[data-private]")).to_be_visible()
    for path in ("/gui-phan-anh/to-cao", "/theo-doi"):
        look(lambda path=path: resident.open(path))  # type: ignore[misc]
    assert found == []


def test_axe_finds_a_planted_fault(visit: Visit) -> None:
    page = visit().page
    page.goto("/theo-doi")
    page.evaluate("document.querySelector('label').remove()")
    assert any("label" in each for each in violations(page))


def test_the_list_of_a_meeting_and_its_slips(visit: Visit) -> None:
    group: Visitor = visit("bancongtac", phone=True)
    group.open("/can-bo/buoi-hop")
    found = violations(group.page)
    group.fill(
        place="Bản Nà Nhạn",
        read_by="Lò Thị Ẳng",
        **{
            "rows-0-category": "p_waste",
            "rows-0-description": "Bãi rác đầu bản bốc mùi.",
            "rows-0-place_note": "Đầu bản",
            "rows-0-consent": True,
        },
    )
    assert group.send("Gửi cả danh sách") == 201, group.refusals()
    group.reads("Đã nhận 1 phản ánh", "Giấy hẹn số 1")
    assert found + violations(group.page) == []


def test_from_opening_to_the_receipt_on_a_phone(
    playwright: Playwright, browser: Browser, server: Server, photo: Path
) -> None:
    """Issue 3, figure 7: the taps, and the seconds of a person who needs one for each."""
    device = {**playwright.devices["Pixel 5"], "locale": "vi-VN"}
    context = browser.new_context(
        **device, base_url=server.url, geolocation=HERE, permissions=["geolocation"]
    )
    context.set_default_timeout(WAIT_SECONDS * 1000)
    page, taps, began = context.new_page(), 0, time.monotonic()

    def tap(selector: str) -> None:
        nonlocal taps
        page.wait_for_timeout(1000 * SECONDS_A_TAP)
        page.locator(selector).tap()
        taps += 1

    page.goto("/gui-phan-anh")
    with page.expect_file_chooser() as chooser:
        tap("label.mx-camera")
    chooser.value.set_files(photo)  # the camera's own button, a tap of its own
    taps += 1
    tap("[data-step-next]")
    tap("[data-locate]")
    page.get_by_text("Chỗ này thuộc").wait_for()
    tap("[data-step-next]")
    tap("label[for=category-p_waste]")
    tap("[name=consent]")
    tap("[data-step-send]")
    page.get_by_role("heading", name=re.compile("Đã nhận phản ánh")).wait_for()
    seconds = time.monotonic() - began
    context.close()
    print(f"\nPixel 5, opening to receipt: {taps} taps, {seconds:.1f} s at {SECONDS_A_TAP} s a tap")
    assert taps <= 8 and seconds < 30
