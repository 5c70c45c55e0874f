"""The urgent lane: told at once, taken before any letter, the letter afterwards."""

from urllib.parse import urlsplit

import pytest

from tests.databases import wait_for
from tests.journeys.conftest import Visit
from tests.journeys.loop import in_days, open_case, send_report
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

WORDS = "Cá chết trắng suối từ đêm qua, nhà ông Páo thấy đầu tiên."


def test_an_urgent_report_is_told_taken_and_regularised(visit: Visit) -> None:
    receipt = send_report(visit(phone=True), category="water.fish_kill", description=WORDS)
    assert "Không vớt cá về ăn" in receipt.words
    duty = visit("truc.tinh", phone=True)
    office = visit("moitruong.xa")
    for told in (duty, office):
        _is_told(told)
        told.does_not_read(WORDS, receipt.code)
    officer = visit("mattran.xa")
    case = open_case(officer, receipt.code)
    address = f"/can-bo/vu-viec/{case}"
    office.open(address)
    office.does_not_read(WORDS, receipt.code)
    office.take("Nhận việc khẩn", handler="Tổ môi trường", planned_on=in_days(1))
    office.reads("Cơ quan đã nhận")
    assert officer.status(f"/vu-viec/{case}") == 404
    _regularise(officer, visit("chutich.mattran"), address)
    officer.open(address)
    officer.reads("Cơ quan đã nhận", "Bổ sung kiến nghị")
    reader = visit(phone=True)
    reader.open(f"/vu-viec/{case}")
    reader.reads("Cơ quan đã nhận", "Nước suối đổi màu")
    reader.does_not_read("ông Páo")


def _is_told(person: Visitor) -> None:
    def told() -> bool:
        person.open("/can-bo/thong-bao")
        return person.page.get_by_text("tin khẩn, chưa xác minh").count() > 0

    wait_for(told)
    person.reads("Cá chết", "Xã Mường Phăng")


def _regularise(officer: Visitor, chair: Visitor, address: str) -> None:
    officer.open(address)
    officer.follow("Soạn kiến nghị")
    officer.fill(summary="Nước suối đổi màu, cá chết.", severity="serious", waste_source="other")
    officer.fill(content="Lấy mẫu nước, báo bà con tạm không dùng.")
    assert officer.send() == 200, officer.refusals()
    letter = urlsplit(officer.page.url).path
    officer.take("Trình ký")
    chair.open(letter)
    chair.take("Ký", position="chair")
    officer.open(letter)
    officer.take("Ban hành", number="77")
    officer.reads("Đã gửi đến nơi")
