"""From the plan to the case page: minutes on a phone without network, a value over its limit."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Request

from tests.journeys.album import Album
from tests.journeys.conftest import Visit
from tests.journeys.loop import in_days, open_case, send_report

pytestmark = pytest.mark.browser

COD = "COD · QCVN 40:2011/BTNMT, cột B"
SEEN = "Nước đen chảy từ cống ra suối."


def _asks_who_is_in(request: Request) -> bool:
    return urlsplit(request.url).path == "/api/v1/session"


def test_minutes_on_a_phone_reach_the_case(visit: Visit) -> None:
    report = send_report(visit(phone=True), category="water.fish_kill").code
    case = f"/can-bo/vu-viec/{open_case(visit('mattran.xa'), report)}"
    # Without network the browser itself complains of each address it cannot reach.
    office = visit("moitruong.xa", phone=True, quiet=False)
    office.open(case)
    office.take("Nhận việc khẩn", handler="Tổ môi trường", planned_on=in_days(1))
    office.take(
        "Lập kế hoạch kiểm tra", form="fact_finding", purpose="Cá chết", lead="Người chủ trì (thử)"
    )
    file = urlsplit(office.page.url).path
    office.follow("Ghi biên bản")
    # What the page asks by itself is answered: only its try to send may fail below.
    office.page.wait_for_load_state("networkidle")
    office.fill(place="Cống xả, bản Che Căn", observed=SEEN)
    office.page.fill('[name="measured-0-parameter"]', COD)
    office.page.fill('[name="measured-0-value"]', "360")
    office.page.get_by_text("Gấp 2,4 lần giới hạn (150)").wait_for()
    office.page.context.set_offline(True)
    # The try at once must have failed before the network is back, or it would lead to the file.
    with office.page.expect_event("requestfailed", _asks_who_is_in):
        office.page.get_by_role("button", name="Lưu biên bản").click()
    office.page.get_by_text("Đã cất trong máy lúc").wait_for()
    Album().keep(office, "20-bien-ban-cho-mang")
    office.page.context.set_offline(False)
    office.page.get_by_text("Cơ quan đã nhận biên bản lúc").wait_for()
    assert office.page.input_value('[name="observed"]') == SEEN
    office.fill(observed=f"{SEEN} Mùi nặng.")
    assert office.send() == 200, office.refusals()
    office.reads("Gấp 2,4 lần", f"{SEEN} Mùi nặng.", "đến trước 01/09/2025")
    assert office.page.evaluate("Object.keys(localStorage).join()").count("mx-minutes") == 0
    office.take("Chốt biên bản", number="5")
    office.take("Trình kết luận", conclusion="violation", answer="Đã lập biên bản, dừng xả.")
    chair = visit("lanhdao.xa")
    chair.open(file)
    chair.take("Duyệt kết luận")
    chair.reads("Đã kết luận", "Có vi phạm")
    office.open(case)
    office.reads("Đã có kết luận", "1 trong 1 kết quả đo ngoài giới hạn", "Hồ sơ kiểm tra")
