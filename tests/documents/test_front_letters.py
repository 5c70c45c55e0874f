"""What the Front's letters say, and how."""

import re
from dataclasses import replace
from datetime import date

import pytest

from tests.documents import samples
from webapp.documents.facts import AnswerTerm, counted, in_sentence, reports_counted
from webapp.documents.front_letters import recommendation_letter
from webapp.documents.legal_bases import cited_on
from webapp.documents.letters import Letter, Paragraph


def body(letter: Letter) -> str:
    """The paragraphs of a letter, one a line."""
    return "\n".join(block.text for block in letter.blocks if isinstance(block, Paragraph))


def test_recommendation_says_what_where_how_many_and_by_when() -> None:
    text = body(samples.recommendation())
    assert (
        "Từ ngày 03/09/2026, Ban Thường trực Ủy ban MTTQ Việt Nam xã Nà Tấu đã nhận được 12 lượt "
        "phản ánh của Nhân dân về nước thải chế biến dong riềng tại suối Nậm Rốm, đoạn qua bản Nà "
        "Luống, xã Nà Tấu (mã vụ việc MX-11-26-000123)." in text
    )
    assert "Ngày 04/09/2026, Mặt trận đã xác minh tại chỗ" in text
    assert "chậm nhất vào ngày 25/09/2026 (theo quy chế phối hợp của tỉnh)" in text


def test_requests_of_the_officer_stand_between_the_standing_ones_and_are_numbered() -> None:
    points = re.findall(r"^(\d)\. (\S+)", body(samples.recommendation()), re.MULTILINE)
    assert points == [("1", "Xem"), ("2", "Nhắc"), ("3", "Thông")]


def test_handling_unit_is_named_apart_from_the_addressee() -> None:
    assert "giao Phòng Kinh tế xã kiểm tra" in body(samples.recommendation())
    without = replace(samples.DESPATCH, handling_unit=None)
    assert "tổ chức kiểm tra" in body(samples.recommendation(despatch=without))


@pytest.mark.parametrize("letter", [samples.recommendation(), samples.urging()])
def test_the_front_asks_and_never_commands(letter: Letter) -> None:
    text = body(letter).lower()
    assert "trân trọng" in text
    assert not re.search(r"yêu cầu|phải|nghiêm khắc|chỉ đạo|!", text)


def test_no_annex_without_originals_and_no_claim_of_a_visit_that_was_not() -> None:
    letter = recommendation_letter(
        samples.ISSUER, samples.CASE, samples.DESPATCH, samples.DRAFT, term=samples.TERM
    )
    assert letter.annex is None
    assert "ảnh gốc" not in body(letter)
    assert "xác minh tại chỗ" not in body(letter)


def test_due_date_without_an_agreement_cites_none() -> None:
    assert str(AnswerTerm(due_on=date(2026, 9, 1))) == "ngày 01/09/2026"


def test_laws_are_those_in_force_on_the_day() -> None:
    old = cited_on(date(2025, 6, 30), "front_law", "environment_law")
    new = cited_on(date(2025, 7, 1), "front_law", "environment_law")
    assert old[0] == "Luật Mặt trận Tổ quốc Việt Nam số 75/2015/QH13"
    assert new[0].endswith("Luật số 97/2025/QH15")
    assert old[1] == new[1] == "Luật Bảo vệ môi trường số 72/2020/QH14"
    assert cited_on(date(2021, 12, 31), "environment_law") == ()


def test_programme_of_the_province_is_cited_last_and_only_if_there_is_one() -> None:
    assert samples.recommendation().bases[-1] == (
        "Căn cứ Chương trình phối hợp giai đoạn 2026 - 2030 của tỉnh"
    )
    letter = recommendation_letter(
        replace(samples.ISSUER, programme=None),
        samples.CASE,
        samples.DESPATCH,
        samples.DRAFT,
        term=samples.TERM,
    )
    assert len(letter.bases) == 2


def test_urging_recalls_the_letter_its_delivery_and_the_missed_term() -> None:
    text = body(samples.urging())
    assert "Công văn số 05/KN-MTTQ-BTT" in text
    assert "giao nhận ngày 07/09/2026" in text
    assert "Đến nay đã quá thời hạn nêu trên" in text
    assert "chậm nhất vào ngày 12/10/2026" in text


def test_urging_before_the_term_does_not_speak_of_lateness() -> None:
    assert "quá thời hạn" not in body(samples.urging(issued_on=date(2026, 9, 25)))


def test_few_reporters_are_not_told_apart() -> None:
    assert reports_counted(1) == reports_counted(4) == "phản ánh (dưới 05 lượt)"
    assert reports_counted(5) == "05 lượt phản ánh"


def test_numbers_and_labels_in_official_prose() -> None:
    assert [counted(3), counted(40), counted(1250)] == ["03", "40", "1.250"]
    assert in_sentence("Đốt rơm rạ") == "đốt rơm rạ"
    assert in_sentence("BVTV vứt ven ruộng") == "BVTV vứt ven ruộng"
