"""The officer's desk by keyboard alone: open, decide, undo, go on."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visit
from tests.journeys.loop import send_report

pytestmark = pytest.mark.browser
# The place of the open record is not under the record.
BESIDE = """() => {
  const mark = document.querySelector(".leaflet-marker-icon.is-current")?.getBoundingClientRect();
  const record = document.querySelector("[data-desk-panel]").getBoundingClientRect();
  return mark && mark.right <= record.left;
}"""


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


def test_a_record_beside_its_place_and_back_to_the_list(visit: Visit) -> None:
    code = send_report(visit(phone=True), category="dumping.roadside").code
    officer = visit("mattran.xa")
    officer.open("/can-bo/hom-nay")
    officer.open("/can-bo/hang-doi?tab=phan-anh")
    page = officer.page
    panel, chosen = page.locator("[data-desk-panel]"), page.locator("[data-case].is-current")
    row = page.locator(f'[data-case="{code}"]')
    row.locator("h2 a").click()
    expect(panel.locator("h1")).to_be_visible()
    mark = page.locator(".leaflet-marker-icon.is-current")
    expect(mark).to_be_visible()
    page.wait_for_function(BESIDE)

    page.get_by_role("link", name="Mở cả trang").click()
    expect(panel).to_have_count(0)
    page.go_back()
    expect(panel.locator("h1")).to_be_visible()
    expect(panel).to_contain_text(code)
    page.go_back()
    expect(panel).to_be_hidden()
    assert "/can-bo/hang-doi?tab=phan-anh" in page.url
    page.reload()
    expect(chosen).to_have_count(0)
    page.locator(f'.leaflet-marker-icon[data-code="{code}"]').click()
    expect(chosen).to_have_attribute("data-case", code)
    page.locator(".leaflet-popup-content a").press("Enter")
    expect(panel).to_contain_text(code)
    panel.get_by_role("link", name="Không tiếp nhận").click()
    panel.get_by_role("button", name="Không tiếp nhận").click()
    panel.locator("[data-form-errors] a").first.click()
    expect(panel.locator("form")).to_be_visible()  # where to mend it, and still open
    officer.wrong = [each for each in officer.wrong if "422" not in each]
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    page.go_back()
    page.wait_for_url("**/can-bo/hom-nay")
