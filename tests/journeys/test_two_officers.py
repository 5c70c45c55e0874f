"""Two officers on one case: the second is told who was first, and keeps the words typed."""

import pytest

from tests.journeys.conftest import Visit
from tests.journeys.loop import open_case, send_report

pytestmark = pytest.mark.browser

WORDS = "Bãi rác sau chợ, tôi đã đếm được mười lăm bao."


def test_the_second_of_two_officers_keeps_what_was_typed(visit: Visit) -> None:
    report = send_report(visit(phone=True), category="dumping.roadside").code
    first = visit("mattran.xa")
    case = open_case(first, report)
    # The same person at two screens is stopped alike; the demo commune has one officer.
    second = visit("mattran.xa", quiet=False)
    step = f"/can-bo/vu-viec/{case}/buoc/assess"
    second.open(step)
    first.open(f"/can-bo/vu-viec/{case}")
    first.take("Sửa thông tin", place_note="Sau chợ Mường Phăng", reason="Ghi rõ chỗ")
    second.fill(summary=WORDS, severity="serious", waste_source="market", site_note="Có mùi.")
    assert second.send() == 409
    second.reads("Cán bộ Mặt trận xã (thử)")
    assert second.page.locator('[name="summary"]').input_value() == WORDS
    assert second.page.locator('[name="site_note"]').input_value() == "Có mùi."
    assert second.page.locator('[name="severity"][value="serious"]').is_checked()
    assert second.send() == 200, second.refusals()
    second.reads("Mặt trận đã xem xét", WORDS, "Sau chợ Mường Phăng")
