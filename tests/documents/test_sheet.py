"""Words, padding and order of NĐ 30/2020 that do not depend on a renderer."""

from dataclasses import replace
from datetime import date

import pytest

from tests.documents import samples
from webapp.documents.letters import Column, Letter, Paragraph, Recipient, Registration, Table
from webapp.documents.numbering import DocumentNumber
from webapp.documents.sheet import Line, Sheet, lay_out, place_date


def texts(sheet_part: object) -> list[str]:
    """The text of the lines of a part."""
    assert isinstance(sheet_part, tuple)
    return [item.text for item in sheet_part if isinstance(item, Line)]


def sheet(letter: Letter) -> Sheet:
    """Short for lay_out."""
    return lay_out(letter)


@pytest.mark.parametrize(
    ("issued_on", "printed"),
    [
        (date(2026, 2, 5), "Điện Biên, ngày 05 tháng 02 năm 2026"),
        (date(2026, 1, 31), "Điện Biên, ngày 31 tháng 01 năm 2026"),
        (date(2026, 3, 9), "Điện Biên, ngày 09 tháng 3 năm 2026"),
        (date(2026, 12, 10), "Điện Biên, ngày 10 tháng 12 năm 2026"),
    ],
)
def test_days_under_ten_and_two_months_are_padded(issued_on: date, printed: str) -> None:
    registration = Registration(
        drafted_on=date(2026, 1, 1), number=DocumentNumber(1), issued_on=issued_on
    )
    assert place_date("Điện Biên", registration) == printed


def test_a_draft_leaves_number_and_day_blank() -> None:
    drafted = sheet(samples.recommendation(samples.DRAFT))
    blank = "\u00a0"
    assert drafted.number[0].text == f"Số: {blank * 6}/KN-MTTQ-BTT"
    assert drafted.place_date.text == f"Nà Tấu, ngày {blank * 5} tháng {blank * 5} năm 2026"


def test_an_issued_letter_has_a_padded_number_and_its_subject_under_it() -> None:
    number, subject, urgency = texts(sheet(samples.recommendation()).number)
    assert number == "Số: 05/KN-MTTQ-BTT"
    assert subject.startswith(
        "V/v kiến nghị xem xét, giải quyết phản ánh của Nhân dân về nước thải"
    )
    assert urgency == "KHẨN"


def test_a_titled_document_has_its_name_above_the_subject_and_no_short_subject() -> None:
    slip = sheet(samples.transfer())
    assert texts(slip.number) == ["Số: 05/PC-MTTQ-BTT"]
    assert texts(slip.body)[:2] == [
        "PHIẾU CHUYỂN",
        "Phản ánh của người dân về nước thải chế biến dong riềng",
    ]


def test_head_is_in_capitals_with_the_national_title() -> None:
    head = sheet(samples.recommendation())
    assert texts(head.head_left) == [
        "MẶT TRẬN TỔ QUỐC VIỆT NAM",
        "TỈNH ĐIỆN BIÊN",
        "ỦY BAN MTTQ VIỆT NAM",
        "XÃ NÀ TẤU",
    ]
    assert texts(head.head_right) == [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
    ]


def test_bases_end_with_semicolons_and_the_last_with_a_full_stop() -> None:
    bases = [
        item.text
        for item in sheet(samples.recommendation()).body
        if isinstance(item, Line) and item.style == "basis"
    ]
    assert len(bases) == 3
    assert [basis[-1] for basis in bases] == [";", ";", "."]
    assert all(basis.startswith("Căn cứ ") for basis in bases)


@pytest.mark.parametrize("kind", samples.ALL_KINDS)
def test_the_end_mark_closes_the_last_paragraph_and_only_that(kind: str) -> None:
    body = sheet(samples.ALL_KINDS[kind]()).body
    marked = [text for text in texts(body) if "./." in text]
    assert marked == [texts(body)[-1]]
    assert marked[0].endswith("./.")
    assert not marked[0].endswith("../.")


def test_recipients_are_parted_by_copy_and_end_with_filing() -> None:
    assert texts(sheet(samples.recommendation()).recipients) == [
        "Nơi nhận:",
        "Gửi bản điện tử:",
        "- Như trên;",
        "- Phòng Kinh tế xã (để phối hợp);",
        "Gửi bản giấy:",
        "- Đảng ủy xã (để báo cáo);",
        "- Lưu: VT, BTT.",
    ]


def test_one_kind_of_copy_needs_no_heading() -> None:
    letter = replace(samples.transfer(), recipients=(Recipient("Như trên;"),))
    assert texts(sheet(letter).recipients) == ["Nơi nhận:", "- Như trên;", "- Lưu: VT, BTT."]


def test_signature_shows_right_position_and_name_once_signed() -> None:
    assert texts(sheet(samples.recommendation()).signature) == [
        "TM. BAN THƯỜNG TRỰC",
        "CHỦ TỊCH",
        "Lò Thị Thử Nghiệm",
    ]
    assert texts(sheet(samples.transfer()).signature) == [
        "TM. BAN THƯỜNG TRỰC",
        "KT. CHỦ TỊCH",
        "PHÓ CHỦ TỊCH",
    ]


def test_several_addressees_are_listed() -> None:
    letter = replace(samples.transfer(), addressees=("Sở Nông nghiệp và Môi trường", "Công an xã"))
    assert texts(sheet(letter).body)[2:5] == [
        "Kính gửi:",
        "- Sở Nông nghiệp và Môi trường;",
        "- Công an xã.",
    ]


def test_annex_says_which_letter_it_goes_with() -> None:
    assert texts(sheet(samples.recommendation()).annex) == [
        "PHỤ LỤC",
        "DANH MỤC ẢNH HIỆN TRƯỜNG, VỤ VIỆC MX-11-26-000123",
        "(Kèm theo Công văn kiến nghị số 05/KN-MTTQ-BTT ngày 05 tháng 9 năm 2026)",
    ]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"blocks": ()}, "end mark"),
        ({"type_code": "QQ"}, "unknown document type"),
        ({"notation": None}, "no number"),
        (
            {"registration": replace(samples.ISSUED, issued_on=None)},
            "given together",
        ),
        ({"registration": replace(samples.ISSUED, number=None)}, "given together"),
    ],
)
def test_a_letter_that_breaks_the_rules_cannot_be_made(
    change: dict[str, object], reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        replace(samples.recommendation(), **change)  # type: ignore[arg-type]  # wrong on purpose


def test_text_fields_are_cleaned_when_the_letter_is_made() -> None:
    assert Paragraph("Nu\u031bo\u031b\u0301c\x00 thải\n").text == "Nước thải"
    assert replace(samples.transfer(), subject="phản\u202e ánh\x07").subject == "phản ánh"


def test_a_table_row_has_a_cell_for_each_column() -> None:
    with pytest.raises(ValueError, match="number of cells"):
        Table((Column("STT", 50), Column("Nơi chụp", 50)), (("1",),))
