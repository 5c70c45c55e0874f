"""Pages and tasks that a phone opens without network, in a real Chromium."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.factories.media import a_photo_file
from tests.geo.photo_factory import LAT, LON
from tests.offline import field, visiting
from tests.offline.acts import KEPT, set_network, sign_in
from tests.offline.drill import pictures, until
from tests.offline.phone import Phone
from tests.offline.proxy import Proxy, Told
from tests.servers import Server

pytestmark = pytest.mark.browser


def test_the_map_without_network_names_communes_and_shows_what_waits(
    phone: Phone, proxy: Proxy, tmp_path: Path
) -> None:
    page = phone.page
    photo = tmp_path / "co-vi-tri.jpg"
    photo.write_bytes(a_photo_file())
    phone.open("/gui-phan-anh")
    set_network(phone, proxy, on=False)
    phone.open("/gui-phan-anh")
    page.locator("[data-photo-input]").set_input_files(photo)
    page.get_by_text("Đã điền vị trí trong ảnh. Chưa có mạng").first.wait_for()
    phone.fill_report("Rác ở bờ suối", [])
    phone.wait_until_kept()
    fields = phone.stored()["items"][0]["fields"]
    assert float(fields["lon"]) == pytest.approx(LON, abs=0.001)
    assert float(fields["lat"]) == pytest.approx(LAT, abs=0.001)
    assert fields["source"] == "photo"
    phone.open("/gui-phan-anh")
    page.locator("[data-photo-input]").set_input_files(photo)
    page.get_by_text("Đã điền vị trí trong ảnh. Chưa có mạng").first.wait_for()
    page.get_by_role("button", name="Tiếp tục").click()
    page.wait_for_selector(".mx-own-pin")
    page.wait_for_selector(".leaflet-marker-pane .mx-pin")  # the map has gone to the place
    for _zoom in range(4):
        page.locator(".leaflet-control-zoom-out").click()
        page.wait_for_timeout(400)
    expect(page.locator(".mx-unit-name", has_text=re.compile("^Xã Mường Phăng$"))).to_have_count(1)


def test_pages_that_were_read_can_be_read_again_and_others_say_why(
    phone: Phone, proxy: Proxy
) -> None:
    phone.open("/vu-viec")
    title = phone.page.title()
    until(lambda: f"{phone.url}/vu-viec" in phone.page.evaluate(KEPT), phone)
    set_network(phone, proxy, on=False)
    phone.open("/vu-viec")
    assert phone.page.title() == title
    for path in ("/tra-cuu", "/so-lieu"):
        phone.open(path)
        phone.page.get_by_text("Đang mất mạng").wait_for()
    kept = phone.page.evaluate(KEPT)
    assert 'name="csrf_token"' not in kept and f"{phone.url}/vu-viec" in kept
    assert f"{phone.url}/can-bo" not in kept and f"{phone.url}/tra-cuu" not in kept


def test_a_member_answers_without_network_and_it_arrives_once(
    phone: Phone, proxy: Proxy, server: Server, tmp_path: Path
) -> None:
    field.ask(server)
    sign_in(phone, "totuquan@demo")
    page = phone.page
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"longitude": 103.0412, "latitude": 21.4098, "accuracy": 12})
    phone.open(field.TASKS)
    page.locator("[data-task]", has_text=field.QUESTION).wait_for()
    until(lambda: "/viec-duoc-nho/khung" in page.evaluate(KEPT), phone)
    set_network(phone, proxy, on=False)
    phone.open(field.TASKS)
    page.get_by_text("Ghi kết quả").click()
    page.get_by_text("Có thấy việc này").click()
    page.locator("[name=photos]").set_input_files(pictures(tmp_path, 71)[:1])
    page.locator("[name=note]").fill("Còn nguyên, dài 20 mét")
    page.get_by_text("Đã lấy vị trí").wait_for()
    page.get_by_role("button", name="Gửi kết quả").click()
    page.get_by_text("Đã cất trong máy").wait_for()
    phone.open(field.TASKS)  # it survives leaving the page
    page.get_by_text("Đã cất trong máy").wait_for()
    set_network(phone, proxy, on=True)
    page.get_by_text("Đã gửi đến Mặt trận").wait_for()
    assert field.answered(server) == [("done", "Còn nguyên, dài 20 mét", 103.0412, True)]
    kept = field.store(phone)
    assert "20 mét" not in kept and field.QUESTION not in kept
    phone.open(field.TASKS)
    with page.expect_navigation():
        page.get_by_role("button", name="Đăng xuất").click()
    assert "Cạnh cầu treo" not in field.store(phone)
    assert field.QUESTION not in page.evaluate(KEPT)
    assert phone.errors == []


def test_minutes_written_without_network_are_stored_once(
    phone: Phone, proxy: Proxy, server: Server
) -> None:
    uid = visiting.plan(server)
    minutes, page = f"/can-bo/kiem-tra/{uid}/buoc/write_minutes", phone.page
    sign_in(phone, "moitruong.xa@demo")
    phone.open("/can-bo/kiem-tra")  # listed there, never opened itself
    until(lambda: "/bien-ban-tai-cho/khung" in page.evaluate(KEPT), phone)
    until(lambda: visiting.PURPOSE in field.store(phone), phone)
    set_network(phone, proxy, on=False)
    phone.open(minutes)
    expect(page.locator("[name=place]")).to_have_value("Khu chuồng nuôi, bản Che Căn")
    page.locator("[name=observed]").fill("Nước thải chảy thẳng ra suối")
    page.locator("[name=measured-0-parameter]").fill(visiting.BOD)
    page.locator("[name=measured-0-value]").fill("240")
    page.get_by_text("Gấp 2,4 lần giới hạn").wait_for()
    page.get_by_role("button", name="Lưu biên bản").click()
    page.get_by_text("Đã cất trong máy").wait_for()
    phone.open(minutes)  # it survives leaving the page, and may be written on
    page.get_by_text("Đã cất trong máy").wait_for()
    page.locator("[name=observed]").fill("Nước thải chảy thẳng ra suối, mùi nặng")
    page.get_by_role("button", name="Lưu biên bản").click()
    page.get_by_text("Đã cất trong máy").wait_for()
    # The answer to the first attempt is lost: it is sent again under its key.
    answers = iter([Told(502, (), b"")])
    proxy.rule = lambda request: next(answers, None) if request == visiting.SENDING else None
    set_network(phone, proxy, on=True)
    phone.open(minutes)
    page.get_by_text("Cơ quan đã nhận biên bản").wait_for()
    assert visiting.stored(server) == [("Nước thải chảy thẳng ra suối, mùi nặng", ["240"], 1)]
    phone.open("/can-bo/kiem-tra")
    page.get_by_text("Cơ quan đã nhận lúc").wait_for()
    with page.expect_navigation():
        page.get_by_role("button", name="Đăng xuất").click()
    left = field.store(phone) + page.evaluate(KEPT)
    assert visiting.PURPOSE not in left and "mùi nặng" not in left
    assert phone.errors == []
