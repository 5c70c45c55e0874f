"""The whole loop, station by station: from a resident's photo to a published, closed case."""

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

from tests.databases import wait_for
from tests.journeys.album import Album
from tests.journeys.visitor import Visitor

RENDER_SECONDS = 30
WORDS = "Xe lạ đổ rác ở đây mấy đêm liền, ruồi bay vào nhà bà Tư."
PLACE = "Sau chợ, cạnh cầu treo"
SUMMARY = "Bãi rác tự phát sau chợ, khoảng hai mươi bao, có mùi hôi."
Opener = Callable[..., Visitor]


class Loop:
    """One report and what becomes of it. Each station asserts where the matter then stands."""

    def __init__(
        self, opener: Opener, photos: Sequence[Path], after: Path, number: int, album: Album
    ) -> None:
        self._open = opener
        self._photos = photos
        self._after = after
        self._number = number
        self._album = album
        self._staff: dict[str, Visitor] = {}
        self.reader = opener(phone=False)
        self.resident = opener(phone=True)
        self.tracking_code = ""
        self.report_code = ""
        self.case_code = ""

    def run(self, *, photo_place: str) -> None:
        """Every station in its order; ``photo_place`` is what the form says of the photos."""
        self.resident_sends(photo_place)
        self.officer_opens_a_case()
        self.group_looks()
        self.officer_assesses()
        self.front_recommends()
        self.office_inspects()
        self.office_has_it_remedied()
        self.resident_confirms()
        self.front_judges()
        self.outcome_is_published()
        self.front_closes()
        self.everybody_reads()

    def staff(self, local: str, *, phone: bool = False) -> Visitor:
        """The browser of a demo account, signed in at its first use."""
        if local not in self._staff:
            self._staff[local] = self._open(phone=phone).sign_in(local)
        return self._staff[local]

    def resident_sends(self, photo_place: str) -> None:
        """Three screens on a phone; the receipt with the code."""
        resident = self.resident
        page = resident.page
        resident.open("/gui-phan-anh")
        page.locator("[data-photo-input]").set_input_files(list(self._photos))
        page.locator("[data-photo-place]").get_by_text(photo_place).wait_for()
        self._album.keep(resident, "01-gui-anh")
        page.get_by_role("button", name="Tiếp tục").click()
        page.get_by_role("button", name="Tôi đang ở chỗ đó").click()
        page.get_by_text("Chỗ này thuộc").wait_for()
        assert page.locator("[data-source]").input_value() == "gps"
        assert page.locator("[data-lon]").input_value().startswith("103.1")
        assert page.locator("[data-lat]").input_value().startswith("21.47")
        resident.fill(place_note=PLACE)
        self._album.keep(resident, "02-gui-noi")
        page.get_by_role("button", name="Tiếp tục").click()
        page.locator('label[for="category-p_waste"]').click()
        self._album.keep(resident, "03-gui-viec")
        resident.fill(description=WORDS, consent=True)
        assert resident.send("Gửi phản ánh") == 201, resident.refusals()
        self.tracking_code = page.locator("#tracking-code").inner_text()
        assert re.fullmatch(r"(\w{4} ){3}\w{4}", self.tracking_code)
        resident.reads("Đã nhận phản ánh", "Mặt trận", f"Ảnh\n{len(self._photos)}")
        found = re.search(r"Mã phản ánh\s+(\S+)", page.locator("main").inner_text())
        assert found
        self.report_code = found.group(1)
        self._album.keep(resident, "04-giay-hen")

    def officer_opens_a_case(self) -> None:
        """From the queue into a case of its own, and a site check asked of the group."""
        officer = self.staff("mattran.xa")
        officer.open("/can-bo/hang-doi")
        self._album.keep(officer, "05-hang-doi")
        officer.page.locator(f'main a[href$="/{self.report_code}"]').first.click()
        officer.page.wait_for_url(f"**/{self.report_code}")
        self._wait_for_renditions(officer)
        officer.reads(WORDS, PLACE)
        self._album.keep(officer, "06-phan-anh")
        officer.take("Đưa vào vụ việc", case="new", category="forest_dump")
        officer.page.locator("main a", has_text=re.compile("^[A-Z0-9-]{6,}$"))
        officer.open(f"/can-bo/phan-anh/{self.report_code}")
        link = officer.page.locator('main dd a[href*="/can-bo/vu-viec/"]')
        self.case_code = link.inner_text()
        self.reads_case(officer, "Đã tiếp nhận")
        assert self.public_status() == 404
        officer.take("Yêu cầu xác minh tại chỗ", who=self._group(officer))
        self.reads_case(officer, "Đang xác minh tại chỗ")

    def _group(self, officer: Visitor) -> str:
        raise NotImplementedError

    def reads_case(self, visitor: Visitor, *words: str) -> None:
        """The staff page of the case says these."""
        visitor.open(f"/can-bo/vu-viec/{self.case_code}")
        visitor.reads(*words)

    def public_status(self) -> int:
        """How the public address of the case answers."""
        answer = self.reader.page.request.get(f"/vu-viec/{self.case_code}")
        return int(answer.status)

    def _wait_for_renditions(self, officer: Visitor) -> None:
        def rendered() -> bool:
            officer.page.reload()
            return officer.page.locator("main .mx-photos img").count() == len(self._photos)

        wait_for(rendered, RENDER_SECONDS)
        assert officer.photos("main .mx-photos img") == len(self._photos)


def in_days(days: int) -> str:
    """A day from today, as a date picker writes it."""
    return (date.today() + timedelta(days=days)).isoformat()
