"""Words that may not stand on a public page, each refused with its rule; ordinary ones pass."""

from typing import Any

import pytest
from flask import Flask

from tests.factories.accounts import make_person
from tests.factories.directory import a_unit
from tests.factories.outcomes import a_case, a_group, an_inspection
from tests.factories.reporting import make_report
from webapp.cases.votes import vote_fixed
from webapp.core.actor import GUEST
from webapp.core.errors import Invalid
from webapp.core.unit_of_work import write_unit
from webapp.outcomes.wording import check_cut, check_words

ANSWER = "Đã kiểm tra ngày 10/02/2026. Công ty Suối Trong để rác ra đường, buộc thu dọn."


def refused(words: str, **changes: Any) -> str | None:
    """The rule that the words break, for a case without any record unless told otherwise."""
    try:
        check_words(a_case(**changes), {"front_words": words})
    except Invalid as error:
        return str(error.fields["front_words"])
    return None


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("Gọi 0912 345 678 để hỏi.", "số điện thoại"),
        ("Gọi +84 912.345.678 để hỏi.", "số điện thoại"),
        ("Viết về to.giam.sat@xa.invalid nhé.", "thư điện tử"),
        ("Căn cước 011093001234 của người đổ rác.", "giấy tờ"),
        ("Tại 21.38642, 103.02014.", "tọa độ"),
        ("Tại 21°23'11\" Bắc.", "tọa độ"),
        ("Rác do Công ty Suối Trong đổ.", "Suối Trong"),
        ("Rác do hộ ông Quàng Văn Đôi đổ.", "Quàng Văn Đôi"),
        ("Bà Lường Thị Ngoan cho xe đổ đất.", "Lường Thị Ngoan"),
    ],
)
def test_what_is_refused(app: Flask, words: str, rule: str) -> None:
    with write_unit():
        found = refused(words)
    assert found is not None and rule in found


@pytest.mark.parametrize(
    "words",
    [
        "Bà con bản Che Căn đã dọn sạch, Mặt trận xã Mường Phăng cảm ơn.",
        "Công văn số 12/MTTQ-BTT ngày 04/02/2026, phạt 2.500.000 đồng, dọn 1,5 tấn rác.",
        "UBND xã Mường Phăng đã cắm biển; cơ sở bị phản ánh đã dừng đổ.",
    ],
)
def test_what_passes(app: Flask, words: str) -> None:
    with write_unit():
        assert refused(words) is None


def test_a_violation_may_be_named_as_the_conclusion_names_it(app: Flask) -> None:
    with write_unit():
        case = a_case()
        an_inspection(case, answer=ANSWER)
        check_words(case, {"front_words": "Công ty Suối Trong đã dọn xong."})
        with pytest.raises(Invalid):
            check_words(case, {"front_words": "Công ty Mây Núi đã dọn xong."})


def test_nobody_is_named_where_no_violation_was_found(app: Flask) -> None:
    with write_unit():
        case = a_case()
        an_inspection(case, answer=ANSWER, conclusion="not_enough_grounds")
        with pytest.raises(Invalid):
            check_words(case, {"office_words": ANSWER})


def test_the_reporters_words_are_not_copied(app: Flask) -> None:
    with write_unit():
        case = a_case()
        report = make_report(description="Tối nào xe ba bánh cũng chở rác ra cầu treo đổ xuống.")
        report.state, report.case_id = "attached", case.id
        with pytest.raises(Invalid, match="công khai"):
            check_words(
                case, {"front_words": "Bà con kể: xe ba bánh cũng CHỞ RÁC ra cầu treo mỗi tối."}
            )
        check_words(case, {"front_words": "Rác được chở bằng xe ba bánh đến cầu treo."})


def test_the_words_of_a_vote_are_not_copied(app: Flask) -> None:
    with write_unit():
        case = a_case()
        words = "Sau nhà trẻ vẫn còn nguyên một đống lớn."
        vote_fixed(GUEST, case, role="reporter", voter="1", fixed=False, words=words)
        with pytest.raises(Invalid):
            check_words(case, {"front_words": f"Có người nói: {words}"})


def test_members_of_groups_are_not_named(app: Flask) -> None:
    with write_unit():
        name = "Tòng Thị Phượng Kín"
        make_person("group_member", unit=a_unit(), organisation=a_group(), name=name)
        with pytest.raises(Invalid) as found:
            check_words(a_case(), {"front_words": "Chị em tổ của tòng thị phượng kín đã dọn."})
    assert "thành viên tổ" in str(found.value.fields["front_words"])


@pytest.mark.parametrize(
    "words",
    [
        ANSWER,
        "Đã kiểm tra ngày 10/02/2026. […] để rác ra đường, buộc thu dọn.",
        "[…] buộc thu dọn.",
        "Đã kiểm tra […]",
        "",
    ],
)
def test_cuts_are_marked(words: str) -> None:
    if words:
        check_cut(words, ANSWER)
    else:
        check_cut(words, "")


@pytest.mark.parametrize(
    "words",
    [
        "Đã kiểm tra ngày 10/02/2026.",
        "Không có vi phạm.",
        ANSWER.replace("buộc", "đã nhắc"),
        "[…] buộc thu dọn. […] Đã kiểm tra",
    ],
)
def test_the_offices_words_are_not_changed(words: str) -> None:
    with pytest.raises(Invalid) as refused_cut:
        check_cut(words, ANSWER)
    assert "office_words" in refused_cut.value.fields


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("Xe 27B1-123.45 chở rác.", "biển số"),
        ("Xe 29c 12345 chở rác.", "biển số"),
        ("Chứng minh số 040123456.", "giấy tờ"),
        ("Căn cước 011 093 001 234.", "giấy tờ"),
        ("Gọi 0215 3825 123 để hỏi.", "số điện thoại"),
        ("Theo lời Giàng A Phử kể lại.", "Giàng A Phử"),
        ("Theo lời Đoàn Thanh Nhàn kể lại.", "Đoàn Thanh Nhàn"),
    ],
)
def test_plates_papers_and_whole_names_are_refused(app: Flask, words: str, rule: str) -> None:
    with write_unit():
        found = refused(words)
    assert found is not None and rule in found


@pytest.mark.parametrize(
    "words",
    [
        "Trường tiểu học Võ Thị Sáu và đường Nguyễn Văn Trỗi đã sạch.",
        "Theo QCVN 40:2011/BTNMT, báo cáo 27/BC-UBND, thu gom 12.500 kg, phạt 12.500.000 đồng.",
        "Hồ Pá Khoang và Vàng Lếch, bản Lò Gạch không còn rác.",
        "Đoàn Thanh niên và bà con đã dọn sạch bãi. Đoàn Thanh tra đã đến xem.",
    ],
)
def test_places_and_numbers_of_papers_pass(app: Flask, words: str) -> None:
    with write_unit():
        assert refused(words) is None
