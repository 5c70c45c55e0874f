"""The report form in a browser that runs no script: one long page, the same report."""

import re
from pathlib import Path

import pytest

from geo.photos.scenes import draw_scene
from tests.journeys.conftest import Visit
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

COMMUNE = "gso-2025:03325"
WORDS = "Ống cống vỡ, nước thải chảy ra đường đã hai hôm."


def test_photo_unit_words_and_category_are_enough(visit: Visit, tmp_path: Path) -> None:
    resident = _at_the_form(visit)
    photo = tmp_path / "ong-cong.jpg"
    photo.write_bytes(draw_scene("p_water", 3))
    resident.fill(photos=photo, unit=COMMUNE, place_note="Đầu bản, cạnh nhà văn hóa")
    resident.fill(category="p_water", description=WORDS, consent=True)
    assert resident.send("Gửi phản ánh") == 201, resident.refusals()
    resident.reads("Đã nhận phản ánh", "Xã Mường Phăng", "Ảnh\n1")
    code = resident.page.locator("#tracking-code").inner_text()
    assert re.fullmatch(r"(\w{4} ){3}\w{4}", code)
    resident.open("/tra-cuu")
    resident.fill(code=code)
    assert resident.send() == 200
    resident.reads("Đã gửi, chờ Mặt trận xem", "Ảnh 1")


def test_a_missing_place_is_told_by_the_field_and_nothing_is_lost(
    visit: Visit, tmp_path: Path
) -> None:
    resident = _at_the_form(visit, quiet=False)
    photo = tmp_path / "ong-cong.jpg"
    photo.write_bytes(draw_scene("p_water", 4))
    resident.fill(photos=photo, category="p_water", description=WORDS, consent=True)
    assert resident.send("Gửi phản ánh") == 422
    resident.reads("Còn chỗ cần sửa", "Đã giữ 1 ảnh")
    assert resident.page.locator("#unit-error").is_visible()
    assert resident.page.locator('textarea[name="description"]').input_value() == WORDS
    assert resident.page.locator('[name="category"][value="p_water"]').is_checked()
    assert resident.page.locator('[name="consent"]').is_checked()
    resident.fill(unit=COMMUNE, place_note="Đầu bản")
    assert resident.send("Gửi phản ánh") == 201, resident.refusals()
    resident.reads("Ảnh\n1")


def _at_the_form(visit: Visit, *, quiet: bool = True) -> Visitor:
    resident = visit(phone=True, javascript=False, quiet=quiet)
    resident.open("/gui-phan-anh")
    return resident
