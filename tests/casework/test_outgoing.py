"""The register of outgoing letters in pages and whole, and what letters are called."""

import re

import pytest
from flask import Flask

from tests.casework.test_case_letters import browser
from tests.casework.test_committee_letters import drafted
from tests.casework.test_registers import text_of
from tests.factories.casework import Desks, make_letter
from tests.factories.directory import an_organisation
from webapp.casework import outgoing as registers
from webapp.casework.case_letters import copies_of
from webapp.casework.operations import case_letters as letters
from webapp.casework.operations.issuing import void_recommendation
from webapp.casework.outgoing import outgoing, outgoing_of, outgoing_workbook
from webapp.core import clock
from webapp.core.errors import Forbidden, NotFound
from webapp.core.unit_of_work import session, write_unit
from webapp.directory.models import Organisation
from webapp.documents.letters import Recipient
from webapp.documents.operations import create_document, issue_document
from webapp.documents.queries import letter_of
from webapp.web.paging import encode_cursor

NUMBERS = ("2", "9", "09a", "9b", "10", "112")
NEWEST_FIRST = ["112", "10", "09b", "09a", "09", "02"]


def fill(desks: Desks) -> Organisation:
    """A register with numbers that order otherwise as text; one letter each of two types."""
    pattern = letter_of(make_letter(desks).document)
    body = an_organisation()
    for number in NUMBERS:
        document = create_document(desks.front, body, pattern)
        issue_document(desks.front, document, number=number, issued_on=clock.today_local())
    letter = drafted(desks)
    letters.submit_letter(desks.front, letter)
    letters.sign_letter(desks.signer, letter, position="chair", name="Cà Văn Noọng")
    letters.issue_letter(desks.front, letter, number="1", issued_on=clock.today_local())
    session().expire_all()
    return body


def test_pages_follow_each_other_without_gap_or_double(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    body, seen, cursor = fill(desks), [], None
    monkeypatch.setattr(registers, "PAGE_SIZE", 2)
    for _ in range(4):
        page = outgoing_of(desks.front, body.id, 2026, cursor).page
        seen += [row.document.number for row in page.rows]
        cursor = page.next_cursor
    assert (seen, cursor) == (["01", *NEWEST_FIRST], None)
    (first,) = outgoing(desks.front, 2026)
    assert [row.document.type_code for row in first.rows] == ["GM", "KN"]
    whole = outgoing_of(desks.front, body.id, 2026, None, whole=True)
    printed = [row.document.number for row in whole.rows]
    assert (printed, whole.page.next_cursor) == (["01", *reversed(NEWEST_FIRST)], None)


def test_a_made_up_page_and_a_stranger_are_refused(desks: Desks) -> None:
    body = an_organisation()
    with pytest.raises(NotFound):
        outgoing_of(desks.front, body.id, 2026, encode_cursor(["KN", 2**40, "5"]))
    for stranger in (desks.office, desks.province):
        with pytest.raises(Forbidden):
            outgoing_of(stranger, body.id, 2026, None)
        with pytest.raises(Forbidden):
            outgoing_workbook(stranger, body.id, 2026)


def test_the_printed_register_is_whole_with_signer_recipients_and_void_numbers(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = fill(desks)
    void_recommendation(desks.signer, make_letter(desks, "issued", number="7"), reason="Nhầm.")
    monkeypatch.setattr(registers, "PAGE_SIZE", 2)
    text = text_of(outgoing_workbook(desks.front, body.id, 2026))
    for words in (
        "SỔ VĂN BẢN ĐI NĂM 2026",
        "112/KN-MTTQ-BTT",
        "01/GM-MTTQ-BTT",
        "Cà Văn Noọng, Chủ tịch",
        "Phòng Kinh tế xã (bản điện tử)",
        "Đã hủy, số không dùng lại",
    ):
        assert words in text


def test_the_printed_register_says_who_gets_what_did_not_arrive_yet(desks: Desks) -> None:
    content = {"recipients": (Recipient("Trưởng bản Che Căn", "paper"),)}
    letter = make_letter(desks, "issued", **content)
    listed = (
        "Ủy ban nhân dân xã Mường Phăng\nPhòng Kinh tế xã Mường Phăng (bản điện tử)\n"
        "Trưởng bản Che Căn (bản giấy)"
    )
    for _ in ("issued", "void"):
        text = text_of(outgoing_workbook(desks.front, an_organisation().id, 2026))
        assert listed in text and "Như trên" not in text
        if letter.state == "issued":
            void_recommendation(desks.signer, letter, reason="Nhầm nơi nhận.")


def test_the_register_pages_lead_to_the_letters_records(
    app: Flask, committed: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    with write_unit():
        body_id = fill(committed).id
    monkeypatch.setattr(registers, "PAGE_SIZE", 2)
    front = browser(app, committed, "front")
    first = front.get("/can-bo/so").text
    assert re.search(r'href="/can-bo/van-ban/\w+/ho-so">01/GM-MTTQ-BTT', first)
    assert "0 trên 3 nơi" in first
    following = re.search(r'href="([^"]+cursor=[^"]+)"', first)[1]  # type: ignore[index]
    second = front.get(following.replace("&amp;", "&")).text
    assert re.search(r'href="/can-bo/kien-nghi/\w+">10/KN-MTTQ-BTT', second)
    assert "01/GM-MTTQ-BTT" not in second
    whole = front.get(f"/can-bo/so/{body_id}/van-ban-di?nam=2026&ca_nam=1").text
    assert whole.count("-MTTQ-BTT</a>") == 7
    book = front.get(f"/can-bo/so/{body_id}/van-ban-di.xlsx?nam=2026")
    assert "so-van-ban-di-2026.xlsx" in book.headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("9", ["09b", "09a", "09"]),
        ("09/kn", ["09"]),
        ("09A", ["09a"]),
        ("nghe kết quả", ["01"]),
        ("NGHE KET QUA 1/GM", ["01"]),
        ("112/GM", []),
        ("100%", []),
    ],
)
def test_a_letter_is_found_by_its_number_or_words(
    desks: Desks, words: str, found: list[str]
) -> None:
    body = fill(desks)
    page = outgoing_of(desks.front, body.id, 2026, None, words=words).page
    assert [row.document.number for row in page.rows] == found


def test_the_register_is_searched_and_says_how_to_widen(
    app: Flask, committed: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    with write_unit():
        body_id = fill(committed).id
    monkeypatch.setattr(registers, "PAGE_SIZE", 2)
    front = browser(app, committed, "front")
    place = f"/can-bo/so/{body_id}/van-ban-di"
    assert f'action="{place}" role="search"' in front.get("/can-bo/so").text
    first = front.get(f"{place}?nam=2026&tim=9").text
    assert "09b/KN-MTTQ-BTT" in first and 'value="9"' in first and "112/KN" not in first
    following = re.search(r'href="([^"]+cursor=[^"]+)"', first)[1]  # type: ignore[index]
    second = front.get(following.replace("&amp;", "&")).text
    assert "09/KN-MTTQ-BTT" in second and "02/KN" not in second
    none = front.get(f"{place}?nam=2026&tim=khong+co").text
    assert "Không tìm thấy văn bản nào" in none and f'href="{place}?nam=2026"' in none


def test_what_other_letters_wait_for_is_said_with_their_number(
    app: Flask, committed: Desks
) -> None:
    with write_unit():
        fill(committed)
    page = browser(app, committed, "front").get("/can-bo/trinh-ky").text
    assert re.search(r">Giấy mời số 01/GM-MTTQ-BTT</a>", page)
    assert "Chờ ghi đã gửi đến" in page


def test_a_signed_letter_is_no_draft_any_more(app: Flask, committed: Desks) -> None:
    with write_unit():
        uid = make_letter(committed, "signed").document.uid
        invitation = drafted(committed)
        letters.submit_letter(committed.front, invitation)
        letters.sign_letter(committed.signer, invitation, position="chair", name="Cà Văn Noọng")
        other = invitation.document.uid
    front = browser(app, committed, "front")
    pages = [
        (f"/can-bo/kien-nghi/{uid}", "Công văn kiến nghị đã ký, chưa có số"),
        (f"/can-bo/van-ban/{other}/ho-so", "Giấy mời đã ký, chưa có số"),
        (f"/can-bo/kien-nghi/{uid}/buoc/issue", "Về công văn đã ký"),
        (f"/can-bo/van-ban/{other}/buoc/issue", "Về giấy mời đã ký"),
    ]
    for address, name in pages:
        page = front.get(address).text
        assert name in page
        assert "ự thảo" not in page
    file = front.get(f"/can-bo/van-ban/{uid}.docx")
    assert "van-ban-da-ky-chua-co-so.docx" in file.headers["Content-Disposition"]


def test_a_body_listed_in_full_gets_one_copy(desks: Desks) -> None:
    committee = an_organisation("peoples_committee")
    invited = f"Ủy ban nhân dân {committee.unit.name.lower()}"
    letter = letters.draft_own_letter(
        desks.front,
        an_organisation(),
        "invitation",
        dict(drafted(desks).given, invited=invited.replace("xã mường phăng", "xã Mường Phăng")),
        partner=committee,
    )
    bodies = [copy.recipient for copy in copies_of(letter) if "Mường Phăng" in copy.name]
    assert bodies == [committee]
