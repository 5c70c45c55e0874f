"""The officer's desk by keyboard alone: open, decide, undo, go on."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visit
from tests.journeys.loop import send_report

pytestmark = pytest.mark.browser


def test_reports_are_decided_by_keyboard_and_taken_back(visit: Visit) -> None:
    codes = [send_report(visit(phone=True), category="dumping.roadside").code for _ in range(2)]
    officer = visit("mattran.xa")
    officer.open("/can-bo/hang-doi")
    page = officer.page
    panel = page.locator("[data-desk-panel]")
    rows = page.locator("[data-case]")
    before = rows.count()
    page.keyboard.press("j")
    first = str(page.locator("[data-case].is-current").get_attribute("data-case"))
    page.keyboard.press("Enter")
    expect(panel.locator("h1")).to_be_visible()
    page.keyboard.press("Enter")
    button = panel.get_by_role("button", name="Đưa vào vụ việc")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(rows).to_have_count(before - 1)
    expect(page.locator(f'[data-case="{first}"]')).to_have_count(0)
    expect(panel.locator("h1")).to_be_visible()  # the next one is open already
    page.keyboard.press("u")
    expect(page.locator(f'[data-case="{first}"]')).to_have_count(1)
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    page.keyboard.press("?")
    expect(page.locator("dialog[open]")).to_contain_text("Hoàn tác bước vừa làm")
    assert set(codes) <= {str(row.get_attribute("data-case")) for row in rows.all()}
