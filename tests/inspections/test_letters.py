"""The papers of a file: what they say, in which form, and whom they never name."""

from pathlib import Path

from docx import Document as Docx

from tests.factories.casework import Desks, accepted_case
from tests.factories.inspections import DAY, NAME, OWNER, an_establishment, an_inspection_file
from webapp.documents.docx_writer import render_docx
from webapp.documents.letters import Letter, Paragraph, Registration, Table
from webapp.documents.pdf import render_html
from webapp.inspections.letters import body_of, compose
from webapp.inspections.operations.following import order_measure, record_sanction

REGISTRATION = Registration(drafted_on=DAY)


def texts(letter: Letter) -> str:
    """The paragraphs of a letter, one a line."""
    return "\n".join(each.text for each in letter.blocks if isinstance(each, Paragraph))


def test_the_minutes_are_signed_by_both_sides(desks: Desks) -> None:
    file = an_inspection_file(desks, "visited", establishment=an_establishment(desks))
    letter = compose(file, "minutes", REGISTRATION)
    assert letter.subject == "Kiểm tra việc chấp hành pháp luật về bảo vệ môi trường"
    assert letter.partner is not None
    assert letter.partner.signature.position == "Đại diện bên được kiểm tra"
    assert (letter.signature.position, letter.signature.name) == ("Trưởng đoàn", "Quàng Văn Sín")
    assert "Hồi 08 giờ 30 phút, ngày 01/03/2026" in texts(letter)
    assert "Quyết định số 21/QĐ-UBND ngày 02/03/2026" in texts(letter)
    (table,) = (each for each in letter.blocks if isinstance(each, Table))
    first, second = table.rows
    assert first[1:4] == ("BOD5 (20 °C) (Cống ra suối)", "240 mg/l", "≤ 100")
    assert (first[5], second[3], second[5]) == ("Gấp 2,4 lần", "5,5 - 9", "Đạt")
    assert OWNER not in render_html(letter)


def test_a_party_without_a_header_has_no_line_of_its_own(desks: Desks) -> None:
    file = an_inspection_file(desks, "visited", form="fact_finding")
    page = render_html(compose(file, "minutes", REGISTRATION))
    assert page.count('class="rule-issuer"') == 1
    assert "NGƯỜI CHỦ TRÌ" in page


def test_the_slip_goes_to_the_front_and_names_nobody(desks: Desks) -> None:
    party, case = an_establishment(desks), accepted_case(desks)
    file = an_inspection_file(desks, "concluded", case=case, establishment=party)
    order_measure(desks.office, file, text="Xây bể lắng.", due_on=DAY)
    record_sanction(
        desks.office, file, number="35/QĐ-XPHC", on=DAY, body="Chủ tịch UBND xã", words="Xả thải."
    )
    slip = compose(file, "slip", REGISTRATION)
    assert slip.addressees == (case.owner.name,)
    assert f"mã {case.code}" in texts(slip)
    assert "Khắc phục trước ngày 02/03/2026: Xây bể lắng;" in texts(slip)
    assert "Quyết định xử phạt số 35/QĐ-XPHC" in texts(slip)
    assert NAME not in render_html(slip)
    notice = compose(file, "notice", REGISTRATION)
    assert f"Cơ sở được kiểm tra: {NAME}." in texts(notice)
    assert any(isinstance(each, Table) for each in notice.blocks)


def test_the_word_file_says_the_same(desks: Desks, tmp_path: Path) -> None:
    file = an_inspection_file(desks, "visited")
    letter = compose(file, "minutes", REGISTRATION)
    path = tmp_path / "bien-ban.docx"
    path.write_bytes(render_docx(letter))
    words = "\n".join(each.text for each in Docx(str(path)).paragraphs)
    assert "Nước thải chảy thẳng ra suối" in words


def test_the_notation_of_an_office(desks: Desks) -> None:
    office = an_inspection_file(desks).office
    assert body_of(office) == "PKT"
    office.letter_name = "SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG"
    assert body_of(office) == "SNNMT"
    office.notation = "KT-MT"
    assert body_of(office) == "KT-MT"
