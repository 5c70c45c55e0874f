"""The whole loop, station by station: from a resident's photo to a published, closed case."""

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from tests.databases import WAIT_SECONDS, wait_for
from tests.journeys.album import Album
from tests.journeys.visitor import Value, Visitor
from webapp.core import clock

HOLD_SECONDS = 30 + WAIT_SECONDS
"""What a step sends out waits 30 s for its undo."""
WORDS = "Xe lạ đổ rác ở đây mấy đêm liền, ruồi bay vào nhà bà Tư."
CATEGORY, GROUP = "dumping.roadside", re.compile("Tổ tự quản")
PLACE = "Sau chợ, cạnh cầu treo"
SUMMARY = "Bãi rác tự phát sau chợ, khoảng hai mươi bao, có mùi hôi."
Opener = Callable[..., Visitor]


class PhotoPlace(NamedTuple):
    """What the form says of the place in the photos: at once, and with the phone's own."""

    at_once: str
    with_phone: str


IN_AREA = PhotoPlace("Trong ảnh có vị trí ở", "Trong ảnh có vị trí ở")
ELSEWHERE = PhotoPlace("hãy dùng vị trí điện thoại", "nên dùng vị trí điện thoại")


class Receipt(NamedTuple):
    """What a resident leaves with."""

    code: str
    tracking_code: str
    words: str


def receipt_of(resident: Visitor) -> Receipt:
    """Read the receipt that the visitor sees."""
    words = resident.page.locator("main").inner_text()
    found = re.search(r"Mã phản ánh\s+(\S+)", words)
    tracking_code = resident.page.locator("#tracking-code").inner_text()
    assert found and re.fullmatch(r"(\w{4} ){3}\w{4}", tracking_code), words
    return Receipt(found.group(1), tracking_code, words)


def send_report(resident: Visitor, *, category: str, description: str = WORDS) -> Receipt:
    """The short way: the finer choice of category, the phone's place, no photo."""
    page = resident.page
    resident.open("/gui-phan-anh")
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_role("button", name="Tôi đang ở chỗ đó").click()
    page.get_by_text("Chỗ này thuộc").wait_for()
    page.get_by_role("button", name="Tiếp tục").click()
    page.locator("[data-category-details] > summary").click()
    resident.fill(category=category, description=description, consent=True)
    resident.send_report()
    return receipt_of(resident)


def open_case(officer: Visitor, report_code: str, **fields: Value) -> str:
    """Put a report into a case of its own and return the case's code."""
    officer.open(f"/can-bo/phan-anh/{report_code}")
    officer.take("Đưa vào vụ việc", case="new", **fields)
    officer.open(f"/can-bo/phan-anh/{report_code}")
    link = officer.page.get_by_role("link", name=re.compile("Mở vụ việc"))
    return (link.get_attribute("href") or "").rpartition("/")[2]


class Loop:
    """One report and what becomes of it. Each station asserts where the matter then stands."""

    def __init__(
        self,
        opener: Opener,
        photos: Sequence[Path],
        site: Path,
        after: Path,
        number: int,
        album: Album,
    ) -> None:
        self._open = opener
        self._photos = photos
        self._site = site
        self._after = after
        self._number = number
        self._album = album
        self._staff: dict[str, Visitor] = {}
        self.reader = opener(phone=False)
        self.resident = opener(phone=True)
        self.tracking_code = ""
        self.report_code = ""
        self.case_code = ""

    def run(self, photo_place: PhotoPlace) -> None:
        """Every station in its order."""
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
            self._staff[local] = self._open(local, phone=phone)
        return self._staff[local]

    def resident_sends(self, photo_place: PhotoPlace) -> None:
        """Three screens on a phone; the receipt with the code."""
        resident = self.resident
        page = resident.page
        resident.open("/gui-phan-anh")
        page.locator("[data-photo-input]").set_input_files(list(self._photos))
        page.locator("[data-photo-place]", has_text=photo_place.at_once).wait_for()
        self._album.keep(resident, "01-gui-anh")
        page.get_by_role("button", name="Tiếp tục").click()
        page.get_by_role("button", name="Tôi đang ở chỗ đó").click()
        page.get_by_text("Chỗ này thuộc").wait_for()
        assert photo_place.with_phone in (page.locator("[data-photo-place]").text_content() or "")
        assert page.locator("[data-source]").input_value() == "gps"
        assert page.locator("[data-lon]").input_value().startswith("103.1")
        assert page.locator("[data-lat]").input_value().startswith("21.47")
        page.locator("[data-place-words] > summary").click()
        resident.fill(place_note=PLACE)
        self._album.keep(resident, "02-gui-noi", at="[data-step]:not([hidden])")
        page.get_by_role("button", name="Tiếp tục").click()
        resident.fill(category="p_waste")
        self._album.keep(resident, "03-gui-viec", at="[data-step]:not([hidden])")
        page.locator("[data-more] > summary").click()
        resident.fill(description=WORDS, consent=True)
        resident.send_report()
        resident.reads("Đã nhận phản ánh", "Ủy ban MTTQ Việt Nam xã", f"Ảnh\n{len(self._photos)}")
        self.report_code, self.tracking_code, _words = receipt_of(resident)
        self._album.keep(resident, "04-giay-hen")

    def officer_opens_a_case(self) -> None:
        """From the queue into a case of its own, and a site check asked of the group."""
        officer = self.staff("mattran.xa")
        officer.open("/can-bo/hang-doi")
        self._album.keep(officer, "05-hang-doi")
        officer.page.locator(f'main a[href$="/{self.report_code}"]').first.click()
        officer.page.locator("[data-desk-panel] h1").wait_for()
        with officer.next_page():
            officer.page.get_by_role("link", name="Mở cả trang").click()
        self._wait_for_renditions(officer)
        officer.reads(WORDS, PLACE)
        self._album.keep(officer, "06-phan-anh")
        self.case_code = open_case(officer, self.report_code, category=CATEGORY)
        officer.reads("Đã tiếp nhận")
        self.reads_case(officer, "Đã tiếp nhận", "Mặt trận giữ")
        officer.follow("Yêu cầu xác minh tại chỗ")
        officer.page.get_by_label(GROUP).check()
        officer.fill(question="Có bãi rác sau chợ không, khoảng bao nhiêu bao?")
        self._album.keep(officer, "07-nho-xac-minh")
        assert officer.send() == 200, officer.refusals()
        self.reads_case(officer, "Đang xác minh tại chỗ")

    def group_looks(self) -> None:
        """The group answers on a phone, without a sight of the report."""
        group = self.staff("totuquan", phone=True)
        group.open("/can-bo/nhiem-vu")
        task = group.page.locator("[data-task]", has_text=PLACE)
        task.get_by_text("Ghi kết quả").click()
        task.get_by_text("Đã lấy vị trí").wait_for()
        group.reads("khoảng bao nhiêu bao", PLACE)
        group.does_not_read(WORDS, self.report_code, "/can-bo/anh/")
        self._album.keep(group, "08-to-xac-minh")
        task.get_by_text("Có thấy việc này").click()
        task.locator("[name=photos]").set_input_files(self._site)
        task.locator("[name=note]").fill("Thấy khoảng hai mươi bao, có mùi.")
        task.get_by_role("button", name="Gửi kết quả").click()
        group.page.get_by_text("Đã gửi đến Mặt trận").wait_for()
        assert group.status(f"/can-bo/vu-viec/{self.case_code}") == 403

    def officer_assesses(self) -> None:
        """With the Front's own words the case becomes public, and not before."""
        officer = self.staff("mattran.xa")
        assert self.reader.status(f"/vu-viec/{self.case_code}") == 404
        self.reads_case(officer, "Đã tiếp nhận", "Thấy khoảng hai mươi bao")
        officer.take(
            "Ghi ý kiến xem xét", summary=SUMMARY, severity="serious", waste_source="household"
        )
        officer.reads("Mặt trận đã xem xét")
        self.public_reads(SUMMARY, "Mặt trận")

    def front_recommends(self) -> None:
        """Drafted, signed by the chair, numbered, delivered with proof."""
        officer, chair = self.staff("mattran.xa"), self.staff("chutich.mattran")
        officer.follow("Soạn kiến nghị")
        officer.fill(content="Kiểm tra, dọn bãi rác.\nLắp biển cấm đổ rác.")
        assert officer.send() == 200, officer.refusals()
        self.letter = urlsplit(officer.page.url).path
        officer.take("Trình ký")
        officer.reads("Đã trình ký")
        chair.open(self.letter)
        self._album.keep(chair, "09-ky-kien-nghi")
        chair.take("Ký", position="chair")
        chair.reads("Đã ký, chờ cấp số")
        officer.open(self.letter)
        officer.take("Ban hành", number=str(self._number))
        officer.reads("Đã ban hành")
        self.reads_case(officer, "Đã gửi kiến nghị")
        officer.open(self.letter)
        officer.take("Ghi đã gửi đến", channel="platform", proof="Công văn đến số 31")
        officer.reads("Đã gửi đến nơi", "Hạn trả lời")
        self.public_reads("Ủy ban MTTQ Việt Nam xã Mường Phăng đã gửi kiến nghị")

    def office_inspects(self) -> None:
        """The office accepts and inspects; its chair, not the writer, approves the conclusion."""
        office, chair = self.staff("moitruong.xa"), self.staff("lanhdao.xa")
        office.open("/can-bo/co-quan")
        with office.next_page():
            office.page.locator(f'main a[href$="/{self.case_code}"]').first.click()
        office.reads(SUMMARY)
        office.does_not_read(WORDS, self.report_code)
        self._album.keep(office, "10-co-quan")
        office.take("Nhận kiến nghị", handler="Tổ môi trường", planned_on=in_days(5))
        office.reads("Cơ quan đã nhận")
        office.take("Bắt đầu kiểm tra", form="examination", team="Hai cán bộ môi trường")
        office.reads("Đang kiểm tra")
        office.take(
            "Trình kết luận",
            conclusion="violation",
            answer="Kiểm tra ngày hôm nay: có bãi rác tự phát, hai mươi hai bao.",
            findings="Đo tại chỗ, lập biên bản.",
        )
        office.reads("Đang kiểm tra", "Kết luận trình duyệt")
        self.public_reads("Phòng Kinh tế xã Mường Phăng đang kiểm tra")
        self.reads_case(chair, "Kết luận trình duyệt")
        chair.take("Kết luận")
        chair.reads("Đã có kết luận")

    def office_has_it_remedied(self) -> None:
        """Ordered, done, reported with a photo after."""
        office = self.staff("moitruong.xa")
        self.reads_case(office, "Đã có kết luận")
        office.take("Yêu cầu khắc phục", measures="Dọn sạch, lắp biển.", due_on=in_days(7))
        office.reads("Đang khắc phục")
        office.take("Báo đã khắc phục", result="Đã dọn, đã lắp biển.", photos=self._after)
        office.reads("Chờ bà con xác nhận")
        self.public_reads("đang hỏi bà con việc đã xong chưa")

    def resident_confirms(self) -> None:
        """By the tracking code alone, on the phone."""
        resident = self.resident
        wait_for(self._is_asked, HOLD_SECONDS)
        resident.reads(self.report_code)
        assert self.tracking_code.replace(" ", "") not in resident.page.url
        self._album.keep(resident, "11-tra-cuu")
        resident.fill(**{"confirmation-fixed": "yes", "confirmation-words": "Sạch rồi."})
        assert resident.send("Gửi ý kiến") == 200, resident.refusals()
        resident.reads("Đã ghi ý kiến của ông/bà")

    def _is_asked(self) -> bool:
        """Whether the sender is asked; not before an officer's hold, for an undo, has ended."""
        self.resident.open("/tra-cuu")
        self.resident.fill(code=self.tracking_code)
        assert self.resident.send() == 200
        return self.resident.page.get_by_text("Việc đã xong chưa").count() > 0

    def front_judges(self) -> None:
        """The case cannot close before the Front has said what it thinks of the answer."""
        officer = self.staff("mattran.xa")
        self.reads_case(officer, "Còn 1 trả lời của cơ quan chưa có ý kiến của Mặt trận")
        assert not officer.offers("Kết thúc vụ việc")
        officer.open(self.letter)
        officer.take("Đồng tình với trả lời", reason="Đã làm đúng kiến nghị, bà con xác nhận.")
        officer.reads("Mặt trận đồng tình")

    def outcome_is_published(self) -> None:
        """Written by the officer, approved and published by others."""
        officer = self.staff("mattran.xa")
        self.reads_case(officer, "Chưa công khai kết quả")
        officer.follow("Soạn trang kết quả")
        officer.fill(front_words="Mặt trận đã kiến nghị và theo dõi đến khi dọn xong.")
        for box in officer.page.locator('main [name="photos"]').all():
            box.check()
        officer.fill(recognisable=True)
        assert officer.send() == 200, officer.refusals()
        self.outcome = urlsplit(officer.page.url).path
        officer.reads("Cần hai người duyệt")
        assert not officer.offers("Duyệt")
        assert self.reader.status(f"/ket-qua/{self.case_code}") == 404
        for local in ("congkhai", "congkhai2"):
            publisher = self.staff(local)
            publisher.open(self.outcome)
            publisher.does_not_read(WORDS, self.report_code)
            publisher.take("Duyệt", standpoint="hidden")
        assert self.reader.status(f"/ket-qua/{self.case_code}") == 404
        publisher.reads("Đã duyệt")
        self._album.keep(publisher, "12-duyet")
        publisher.take("Công khai")

    def front_closes(self) -> None:
        """All conditions hold."""
        officer = self.staff("mattran.xa")
        self.reads_case(officer, "Chờ bà con xác nhận")
        officer.does_not_read("Còn thiếu")
        officer.take("Kết thúc vụ việc")
        officer.reads("Đã xong")

    def everybody_reads(self) -> None:
        """The public record, with photos that carry nothing but pixels."""
        reader = self.reader
        self.public_reads("Đã xong", SUMMARY)
        reader.does_not_read("Hạn:")
        self._album.keep(reader, "13-vu-viec")
        reader.follow("Đọc trang kết quả")
        reader.reads("Có vi phạm", "hai mươi hai bao", "Mặt trận đồng tình", "Trước khi xử lý")
        reader.does_not_read(WORDS, self.report_code)
        self._album.keep(reader, "14-ket-qua", at="main .mx-voice--front")

    def public_photos(self, folder: Path) -> list[Path]:
        """The published photos as anybody downloads them, in every size shown."""
        self.reader.open(f"/ket-qua/{self.case_code}")
        shown = "main :is(.mx-laid, .mx-pair) img"
        count = self.reader.photos(shown)
        pages = self.reader.page.locator("main :is(.mx-laid, .mx-pair) a").all()
        images = self.reader.page.locator(shown).all()
        sources = [a.get_attribute("href") for a in pages] + [
            i.get_attribute("src") for i in images
        ]
        assert len(sources) == 2 * count
        return [self._download(source or "", folder) for source in sources]

    def _download(self, source: str, folder: Path) -> Path:
        answer = self.reader.page.request.get(source)
        assert answer.ok and answer.headers["content-type"] == "image/jpeg"
        file = folder / source.strip("/").replace("/", "-")
        file.write_bytes(answer.body())
        return file

    def reads_case(self, visitor: Visitor, *words: str) -> None:
        """The staff page of the case says these."""
        visitor.open(f"/can-bo/vu-viec/{self.case_code}")
        visitor.reads(*words)

    def public_reads(self, *words: str) -> None:
        """The public page of the case says these, and never the reporter's words."""
        self.reader.open(f"/vu-viec/{self.case_code}")
        # A page read just before comes from the browser's own store.
        self.reader.page.reload()
        self.reader.reads(*words)
        self.reader.does_not_read(WORDS, self.report_code, self.tracking_code)

    def _wait_for_renditions(self, officer: Visitor) -> None:
        def rendered() -> bool:
            officer.page.reload()
            return officer.page.locator("main .mx-photos img").count() == len(self._photos)

        wait_for(rendered)
        assert officer.photos("main .mx-photos img") == len(self._photos)


def in_days(days: int) -> str:
    """A day from today in Việt Nam, as a date picker writes it."""
    return (clock.today_local() + timedelta(days=days)).isoformat()
