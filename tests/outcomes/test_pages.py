"""Pages of outcomes: the desk's forms end to end, the public page and everything it never shows."""

import re
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.factories.accounts import make_person, sign_in
from tests.factories.directory import NA_TAU, a_unit, an_organisation
from tests.factories.outcomes import (
    EXACT,
    a_case,
    a_group,
    a_photo,
    a_recommendation,
    an_inspection,
    an_outcome,
)
from tests.factories.reporting import make_report
from webapp.cases.models import Case
from webapp.cases.votes import vote_fixed
from webapp.core.actor import GUEST
from webapp.core.unit_of_work import session, write_unit
from webapp.directory.queries import predecessors
from webapp.directory.served_units import NEW_SYSTEM
from webapp.media.models import Photo
from webapp.outcomes.operations import publish_outcome, retract_outcome
from webapp.outcomes.queries import outcome_of

SAID = "Đêm mùng ba tôi thấy xe ben xanh lùi vào sau nhà văn hóa đổ đất lẫn ni lông"
VOTED = "Vẫn còn sót một góc ngay chỗ bụi tre đầu bản nhé cán bộ"


def the_front(client: FlaskClient, role: str = "front_commune") -> None:
    with write_unit():
        account, _actor = make_person(role, unit=a_unit())
    sign_in(client, account.email)


def get(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.text
    return answer.text


def post(
    client: FlaskClient, address: str, status: int = 303, *, form: str = "", **fields: Any
) -> str:
    """Send a page's form back; ``form`` is another page to take token and version from."""
    page = client.get(form or address).text
    hidden = {
        name: re.search(rf'name="{name}"[^>]* value="([^"]*)"', page).group(1)  # type: ignore[union-attr]
        for name in ("csrf_token", "version")
    }
    answer = client.post(address, data=hidden | fields)
    assert answer.status_code == status, answer.text
    return answer.text


def full_case() -> tuple[Case, Photo, Photo]:
    """A case with everything that must not leak planted in it, and two photos, one chosen."""
    case = a_case(place_note="Sau nhà bà Kín, ngõ 7", report_count=3)
    report = make_report(description=SAID)
    report.state, report.case_id = "attached", case.id
    vote_fixed(GUEST, case, role="reporter", voter="1", fixed=False, words=VOTED)
    make_person("group_member", unit=a_unit(), organisation=a_group(), name="Tòng Thị Phượng Kín")
    a_recommendation(case, request="Yêu cầu nội bộ của Mặt trận")
    an_inspection(case, findings="Biên bản nội bộ chưa công khai", team="Đoàn Lê Văn Kín")
    chosen, other = a_photo(case, purpose="after", voice="office"), a_photo(case)
    an_outcome(
        case, state="approved", photo_ids=[chosen.id], approved_by_id=make_publisher().person_id
    )
    return case, chosen, other


def make_publisher() -> Any:
    return make_person("publisher", unit=a_unit())[1]


def published() -> tuple[Case, Photo, Photo]:
    case, chosen, other = full_case()
    publish_outcome(make_publisher(), outcome_of(case.id))  # type: ignore[arg-type]
    return case, chosen, other


def test_nothing_public_before_publication(client: FlaskClient) -> None:
    with write_unit():
        case, chosen, _other = full_case()
    get(client, f"/ket-qua/{case.code}", 404)
    assert case.code not in get(client, "/ket-qua")
    get(client, f"/anh/{chosen.uid}/card.jpg", 404)


def test_the_three_voices_and_the_limits(client: FlaskClient) -> None:
    with write_unit():
        case, chosen, _other = published()
    page = get(client, f"/ket-qua/{case.code}")
    for words in (
        "Bà con",
        "Mặt trận xã đã kiến nghị và theo dõi",
        "buộc thu dọn toàn bộ rác",
        "05/02/2026",
        "03/03/2026",
        "Đúng hạn",
        "Mặt trận đồng tình",
        "Có vi phạm",
        "15/KL-UBND 12/02/2026",
        "dưới 5 người nói chưa xong",
        f"/anh/{chosen.uid}/card.jpg",
    ):
        assert words in page, words
    assert "style=" not in page and "<script>" not in page
    assert case.code not in re.search(r"<title>(.*)</title>", page).group(1)  # type: ignore[union-attr]


def test_no_public_answer_holds_what_was_planted(client: FlaskClient) -> None:
    with write_unit():
        case, chosen, other = published()
    addresses = (
        f"/ket-qua/{case.code}",
        "/ket-qua",
        f"/vu-viec/{case.code}",
        f"/en/ket-qua/{case.code}",
    )
    planted = (SAID, SAID[:30], VOTED[:25], "Kín", "nội bộ", other.uid)
    exact = (f"{EXACT.lon:.4f}", f"{EXACT.lat:.4f}")
    for address in addresses:
        page = get(client, address)
        found = [words for words in (*planted, *exact) if words in page]
        assert found == [], address
    # The probe can see: what is meant to be there is found by the same look.
    assert chosen.uid in get(client, addresses[0])
    get(client, f"/anh/{other.uid}/card.jpg", 404)
    get(client, f"/anh/{chosen.uid}/card.jpg")


def test_everyone_gets_the_same_bytes_without_a_cookie(client: FlaskClient) -> None:
    with write_unit():
        case, _chosen, _other = published()
    guest = client.get(f"/ket-qua/{case.code}")
    the_front(client)
    officer = client.get(f"/ket-qua/{case.code}")
    assert guest.data == officer.data
    assert "Set-Cookie" not in guest.headers and "Set-Cookie" not in officer.headers
    assert guest.headers["Cache-Control"] == "public, max-age=0, must-revalidate"


def test_a_retracted_page_is_gone_at_once_with_its_photos(client: FlaskClient) -> None:
    with write_unit():
        case, chosen, _other = published()
    get(client, f"/anh/{chosen.uid}/card.jpg")
    with write_unit():
        outcome = outcome_of(case.id)
        assert outcome is not None
        retract_outcome(make_publisher(), outcome, why="private", words="Thấy nhà bà hàng xóm.")
    page = get(client, f"/ket-qua/{case.code}", 410)
    assert "đã được gỡ" in page and "để lộ người" in page
    assert "Mặt trận xã đã kiến nghị" not in page and "hàng xóm" not in page
    assert case.code not in get(client, "/ket-qua")
    assert "Đọc trang kết quả" not in get(client, f"/vu-viec/{case.code}")
    get(client, f"/anh/{chosen.uid}/card.jpg", 404)


def test_a_case_handed_over_is_one_line(client: FlaskClient) -> None:
    with write_unit():
        case, _chosen, _other = published()
        case.state = "handed_over"
    page = get(client, f"/ket-qua/{case.code}", 410)
    assert "chuyển cơ quan có thẩm quyền" in page and "Mặt trận xã đã kiến nghị" not in page


def test_a_category_kept_off_pages_has_no_page(client: FlaskClient) -> None:
    with write_unit():
        case, _chosen, _other = published()
        case.category = "burial"
    get(client, f"/ket-qua/{case.code}", 404)


@pytest.mark.parametrize(
    ("changes", "shows"),
    [
        ({"delivered_on": None}, False),
        ({}, True),
    ],
)
def test_the_line_on_a_missing_answer_needs_proof_of_delivery(
    client: FlaskClient, changes: dict[str, Any], shows: bool
) -> None:
    with write_unit():
        case = a_case(state="escalated", last_result=None)
        letter = {"state": "delivered", "answered_on": None, "due_on": a_day(23)}
        a_recommendation(case, **letter | changes)
    page = get(client, f"/vu-viec/{case.code}")
    # Six working days before Tết, two after it.
    line = "Chưa có trả lời sau 8 ngày làm việc (hạn theo quy chế phối hợp của tỉnh)"
    assert (line in page) is shows


def a_day(number: int) -> Any:
    return date(2026, 2, number)


def test_what_was_recorded_from_paper_says_so(client: FlaskClient) -> None:
    with write_unit():
        case = a_case()
        an_inspection(case, recorded_by_front=True, source_document="89/SNNMT, 12/02/2026")
        an_outcome(case, state="published")
    page = get(client, f"/ket-qua/{case.code}")
    assert "Mặt trận ghi theo văn bản số" in page and "89/SNNMT, 12/02/2026" in page


def test_the_list_is_filtered_and_paged(client: FlaskClient) -> None:
    with write_unit():
        cases = [
            a_case(conclusion="none" if n % 2 else "violation", search_text="bai rac tu phat")
            for n in range(23)
        ]
        for case in cases:
            an_outcome(case, state="published")
        words = {"conclusion": "not_enough_grounds", "search_text": "dot rac xa na tau"}
        far = a_case(unit=a_unit(NA_TAU), category="burning", **words)
        an_outcome(far, state="corrected")
    first = get(client, "/ket-qua")
    assert first.count("mx-row-title") == 20
    after = re.search(r"after=(\w+)", first)
    assert after is not None
    assert get(client, f"/ket-qua?after={after.group(1)}").count("mx-row-title") == 4
    assert get(client, "/ket-qua?conclusion=none").count("mx-row-title") == 11
    only = get(client, f"/ket-qua?category=p_smoke&unit={NEW_SYSTEM}:{NA_TAU}")
    assert far.code in only and only.count("mx-row-title") == 1
    (old, *_more) = predecessors(a_unit(NA_TAU))
    by_old_name = get(client, f"/ket-qua?unit={old.code_system}:{old.code}")
    assert far.code in by_old_name and f"{old.name} nay thuộc Xã Nà Tấu." in by_old_name
    assert "Không có kết quả nào như vậy" in get(client, "/ket-qua?category=noise")
    for asked in ("xã nà tấu", "XA NA TAU", "đốt rác nà"):
        found = get(client, f"/ket-qua?q={asked}")
        assert far.code in found and found.count("mx-row-title") == 1, asked
    more = re.search(r'href="([^"]*after[^"]*)"', get(client, "/ket-qua?q=bai"))
    assert more is not None and "q=bai" in more.group(1)
    get(client, "/ket-qua?unit=x:00000", 422)
    get(client, "/ket-qua?category=kh%C3%B4ng", 422)
    get(client, "/ket-qua?conclusion=x", 422)
    assert "Danh sách đã hết hoặc đã đổi" in get(client, "/ket-qua?after=VVKHONGCO")


def test_the_empty_list_tells_how_it_fills(client: FlaskClient) -> None:
    assert "Chưa có kết quả nào" in get(client, "/ket-qua")


def test_from_draft_to_correction_on_the_desk(client: FlaskClient) -> None:
    with write_unit():
        case = a_case()
        an_inspection(case)
        photo = a_photo(case, purpose="after")
    base = f"/can-bo/ket-qua/{case.code}"
    the_front(client)
    assert case.code in get(client, "/can-bo/ket-qua")
    refused = post(client, f"{base}/soan", 422, front_words="Gọi 0912345678.", office_words="")
    assert "số điện thoại" in refused and "Gọi 0912345678." in refused
    words = {"front_words": "Đã dọn sạch bãi rác.", "office_words": "[…]"}
    post(client, f"{base}/soan", photos=str(photo.id), **words)
    get(client, f"{base}/duyet", 403)
    post(client, f"{base}/duyet", 403, form=f"{base}/soan")
    the_front(client, "publisher")
    unanswered = post(client, f"{base}/duyet", 422)
    assert "nơi đứng chụp" in unanswered
    post(client, f"{base}/duyet", standpoint="hidden")
    post(client, f"{base}/cong-khai")
    assert "Đã dọn sạch bãi rác." in get(client, f"/ket-qua/{case.code}")
    the_front(client)
    corrected = words | {"front_words": "Đã dọn sạch bãi rác ngày 20/02."}
    post(client, f"{base}/soan", reason="Thêm ngày.", **corrected)
    assert "20/02." not in get(client, f"/ket-qua/{case.code}")
    the_front(client, "publisher")
    post(client, f"{base}/duyet")
    post(client, f"{base}/cong-khai")
    page = get(client, f"/ket-qua/{case.code}")
    assert "Lý do đính chính: Thêm ngày." in page
    assert "thêm: </span>rác ngày 20/02.</ins>" in page and "bỏ: </span>rác.</del>" in page
    session().refresh(photo)
    assert photo.state == "hidden"


def test_the_desk_tells_what_waits_for_whom(client: FlaskClient) -> None:
    with write_unit():
        to_draft, waiting, public = (a_case() for _number in range(3))
        an_outcome(waiting, state="approved")
        an_outcome(public, state="published")
        settled = a_case(not_published_reason="Loại việc không đưa lên: theo quy định.")
        hidden, early = a_case(category="burial"), a_case(state="inspecting")
        elsewhere = a_case(unit=a_unit(NA_TAU))
        fast = a_case(fast=True, last_result="report_local_result")
    the_front(client)
    page = get(client, "/can-bo/ket-qua")
    places = [page.index(case.code) for case in (waiting, to_draft, public)]
    assert places == sorted(places)
    assert not any(case.code in page for case in (settled, hidden, early, elsewhere, fast))


def test_two_writers_at_once_keep_the_typed_words(client: FlaskClient) -> None:
    with write_unit():
        case = a_case()
        outcome = an_outcome(case)
    the_front(client)
    address = f"/can-bo/ket-qua/{case.code}/soan"
    stale = client.get(address).text
    post(client, address, front_words="Bản của người thứ nhất.")
    token = re.search(r'name="csrf_token" value="([^"]+)"', stale)
    assert token is not None
    typed = {"front_words": "Bản của người thứ hai.", "version": "1"}
    answer = client.post(address, data={"csrf_token": token.group(1), **typed})
    assert answer.status_code == 409
    assert "Bản của người thứ hai." in answer.text and "vừa làm bước" in answer.text
    session().refresh(outcome.versions[0])
    assert outcome.versions[0].front_words == "Bản của người thứ nhất."


@pytest.mark.parametrize("state", ["published", "corrected", "retracted"])
def test_an_office_writes_a_draft_and_no_correction(client: FlaskClient, state: str) -> None:
    with write_unit():
        draft, public = a_case(), a_case()
        an_outcome(draft)
        an_outcome(public, state=state)
        account, _actor = make_person(
            "env_commune", unit=a_unit(), organisation=an_organisation("env_office")
        )
    sign_in(client, account.email)
    assert "Lời của Mặt trận" in get(client, f"/can-bo/ket-qua/{draft.code}/soan")
    get(client, f"/can-bo/ket-qua/{public.code}/soan", 403)
    assert "/soan" not in get(client, f"/can-bo/ket-qua/{public.code}")


@pytest.mark.parametrize("role", ["auditor", "admin", "group_member", "front_signer", "duty"])
def test_who_has_no_work_on_pages_sees_none(client: FlaskClient, role: str) -> None:
    with write_unit():
        case = a_case()
        an_outcome(case)
    the_front(client, role)
    get(client, f"/can-bo/ket-qua/{case.code}", 403)


def test_another_commune_sees_no_draft(client: FlaskClient) -> None:
    with write_unit():
        case = a_case()
        an_outcome(case)
        account, _actor = make_person("publisher", unit=a_unit(NA_TAU))
    sign_in(client, account.email)
    get(client, f"/can-bo/ket-qua/{case.code}", 404)
    get(client, f"/can-bo/ket-qua/{case.code}/duyet", 404)


def test_a_publisher_sees_only_proposed_photos(client: FlaskClient) -> None:
    with write_unit():
        _case, chosen, other = full_case()
    the_front(client, "publisher")
    get(client, f"/can-bo/anh/{chosen.uid}/card")
    get(client, f"/can-bo/anh/{other.uid}/card", 404)


@pytest.mark.parametrize("address", ["/can-bo/ket-qua/{}", "/can-bo/vu-viec/{}"])
def test_a_publisher_sees_nothing_of_reporters_nor_the_exact_place(
    client: FlaskClient, address: str
) -> None:
    with write_unit():
        case, _chosen, other = full_case()
    the_front(client, "publisher")
    page = get(client, address.format(case.code))
    hidden = (SAID[:30], VOTED[:25], "Phượng Kín", "bà Kín", other.uid, f"{EXACT.lon:.4f}")
    assert [words for words in hidden if words in page] == []


def test_the_front_answers_a_vote_and_closes(client: FlaskClient) -> None:
    with write_unit():
        case = a_case()
        vote = vote_fixed(GUEST, case, role="reporter", voter="1", fixed=False, words=VOTED)
        vote_fixed(GUEST, case, role="reporter", voter="2", fixed=True, words=None)
        an_outcome(case, state="published")
    the_front(client)
    page = get(client, f"/can-bo/vu-viec/{case.code}")
    assert VOTED in page and "chưa được trả lời" in page
    close = f"/can-bo/vu-viec/{case.code}/buoc/close"
    assert "chưa được trả lời" in post(client, close, 422, unpublished="")
    post(client, f"/can-bo/vu-viec/{case.code}/loi-xac-nhan/{vote.id}", words="Xã đã cho dọn nốt.")
    post(client, close, words="Bãi rác đã sạch.", unpublished="")
    session().refresh(case)
    assert case.state == "closed"
    assert "Bãi rác đã sạch." in get(client, f"/vu-viec/{case.code}")


def test_offices_do_not_read_the_words_of_voters(client: FlaskClient) -> None:
    with write_unit():
        case = a_case()
        vote = vote_fixed(GUEST, case, role="reporter", voter="1", fixed=False, words=VOTED)
        account, _actor = make_person("env_commune", unit=a_unit(), organisation=case.office)
    sign_in(client, account.email)
    assert VOTED not in get(client, f"/can-bo/vu-viec/{case.code}")
    get(client, f"/can-bo/vu-viec/{case.code}/loi-xac-nhan/{vote.id}", 403)
