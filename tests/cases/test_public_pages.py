"""Public pages: what they show, what they never show, and the same bytes for everyone."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories.cases import PUBLISHED, make_case, make_line
from tests.factories.directory import NA_TAU, a_unit, an_organisation
from webapp.cases.models import Case
from webapp.core.clock import now
from webapp.core.unit_of_work import session, write_unit
from webapp.directory.queries import predecessors


def _page(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.text
    return answer.text


def _case_page(client: FlaskClient, case: Case, status: int = 200) -> str:
    return _page(client, f"/vu-viec/{case.code}", status)


def test_home_says_what_it_is_and_lists_what_the_map_shows(client: FlaskClient) -> None:
    with write_unit():
        case = make_case("inspecting", overdue=True)
        make_case("received")
    page = _page(client, "/")
    assert 'href="/gui-phan-anh"' in page
    assert page.count("mx-row-title") == 1
    assert f"/vu-viec/{case.code}" in page
    assert "Quá hạn" in page and "Đang kiểm tra" in page
    assert "<script>" not in page and "style=" not in page
    assert not re.findall(r"<[^>]* on\w+=", page)


def test_empty_home_tells_how_it_fills(client: FlaskClient) -> None:
    assert "Chưa có vụ việc công khai" in _page(client, "/")


def test_home_filters_its_list_as_the_map(client: FlaskClient) -> None:
    with write_unit():
        make_case("assessed", category_code="dumping.roadside")
        closed = make_case("closed", category_code="burning")
    page = _page(client, "/?category=p_smoke&state=&overdue=&from=2026-02-05&to=2026-02-05")
    assert closed.code in page and page.count("mx-row-title") == 1
    assert "Không có vụ việc nào như vậy" in _page(client, "/?state=inspecting")


@pytest.mark.parametrize("path", ["/", "/vu-viec", "/ket-qua"])
def test_the_other_languages_page_asks_the_same(client: FlaskClient, path: str) -> None:
    page = _page(client, f"{path}?q=r%C3%A1c+%26+kh%C3%B3i&state=&from=2026-02-05&la=x")
    assert f'href="/en{path}?q=r%C3%A1c+%26+kh%C3%B3i&amp;from=2026-02-05" hreflang="en"' in page
    assert f'href="/en{path}" hreflang="en"' in _page(client, path)


def test_the_page_of_a_case_says_who_holds_it_and_what_comes_next(client: FlaskClient) -> None:
    with write_unit():
        case = make_case("assessed", report_count=3, household_count=12)
        make_line(case, "Mặt trận xã đã xem ảnh và đến tận nơi.")
        make_line(case, "Đã hoãn", visible_from=now() + timedelta(seconds=20))
        make_line(case, None, note="Ghi chú nội bộ: bà Ẳng gọi điện")
    page = _case_page(client, case)
    assert "<h1>" in page and "– Xã Mường Phăng</h1>" in page
    assert "đã xem xét vụ việc này. Tiếp theo: giải quyết tại cơ sở" in page
    assert "Mặt trận xã đã xem ảnh" in page
    assert "Đã hoãn" not in page and "nội bộ" not in page
    assert "dưới 5" in page and "10 đến 19" in page
    assert "03/02/2026" in page
    title = re.search(r"<title>(.*?)</title>", page, re.S)
    assert title is not None and case.code not in title.group(1)


def test_times_are_told_by_day_only(client: FlaskClient) -> None:
    with write_unit():
        case = make_case()
        make_line(case, "Đã xem.")
    page = _case_page(client, case)
    assert 'datetime="2026-02-05"' in page
    assert not re.search(r"\d\d:\d\d", page.split("<main", 1)[1].split("</main>")[0])


def test_a_secret_category_tells_only_the_month(client: FlaskClient) -> None:
    with write_unit():
        case = make_case(secret=True)
    page = _case_page(client, case)
    assert "02/2026" in page and "03/02/2026" not in page


def test_the_map_link_leads_to_the_public_point(client: FlaskClient) -> None:
    with write_unit():
        case = make_case()
    assert f"/#map=16/{case.public_lat:.4f}/{case.public_lon:.4f}" in _case_page(client, case)


@pytest.mark.parametrize("state", ["received", "verifying"])
def test_a_case_before_its_first_assessment_is_not_found(client: FlaskClient, state: str) -> None:
    with write_unit():
        case = make_case(state)
    assert _case_page(client, case, 404) == _page(client, "/vu-viec/VV0000000", 404).replace(
        "VV0000000", case.code
    )
    assert case.code not in _page(client, "/vu-viec")


def test_a_category_that_is_never_public_is_not_found(client: FlaskClient) -> None:
    with write_unit():
        case = make_case(category_code="burial")
    _case_page(client, case, 404)


def test_a_merged_case_leads_to_the_one_it_went_into(client: FlaskClient) -> None:
    with write_unit():
        last = make_case()
        middle = make_case("merged", merged_into_id=last.id)
        first = make_case("merged", merged_into_id=middle.id)
        hidden = make_case("received")
        lost = make_case("merged", merged_into_id=hidden.id)
    answer = client.get(f"/vu-viec/{first.code}")
    assert (answer.status_code, answer.location) == (302, f"/vu-viec/{last.code}")
    _case_page(client, lost, 404)


def test_the_survivor_tells_what_the_merged_cases_told(client: FlaskClient) -> None:
    with write_unit():
        last = make_case()
        middle = make_case("merged", merged_into_id=last.id)
        first = make_case("merged", merged_into_id=middle.id)
        silent = make_case("merged", merged_into_id=last.id, public=False)
        other = make_case()
        make_line(last, "Mặt trận đã gửi kiến nghị.")
        make_line(first, "Mặt trận đã xem bãi rác ở bản Nà Nhạn.", at=PUBLISHED - timedelta(days=9))
        make_line(middle, f"Đã gộp vào vụ việc {last.code}.", transition="merge_into")
        make_line(silent, "Dòng của vụ việc chưa công khai")
        make_line(other, "Dòng của vụ việc khác")
    page = _case_page(client, last)
    assert 0 < page.index("đã xem bãi rác ở bản Nà Nhạn") < page.index("đã gửi kiến nghị")
    assert not [each for each in ("chưa công khai", "vụ việc khác", "Đã gộp") if each in page]


def test_a_dismissed_case_keeps_its_address_with_one_line(client: FlaskClient) -> None:
    with write_unit():
        case = make_case("dismissed", summary="Chuyện nhà bà Ẳng.")
        make_line(case, "Một dòng công khai")
    page = _case_page(client, case)
    assert "không thấy như phản ánh" in page
    assert "bà Ẳng" not in page and "Một dòng" not in page
    assert case.code not in _page(client, "/vu-viec")


def test_a_case_handed_over_is_one_neutral_line(client: FlaskClient) -> None:
    with write_unit():
        case = make_case("handed_over", public_place="Chợ Mường Phăng", summary="Chôn chất thải.")
        make_line(case, "Một dòng công khai")
    page = _case_page(client, case)
    assert "đã được chuyển cơ quan có thẩm quyền" in page
    assert not [each for each in ("Chợ", "Chôn", "Một dòng", "#map=") if each in page]


def test_the_list_is_searched_with_and_without_marks(client: FlaskClient) -> None:
    with write_unit():
        case = make_case(summary="Đổ trộm phế thải ở suối Nậm Rốm.")
        make_case(summary="Khói lò gạch.", category_code="air")
    for words in ("suối nậm rốm", "SUOI nam rom", "do trom 100%"):
        page = _page(client, f"/vu-viec?q={words}")
        assert (case.code in page) == ("%" not in words), words
        assert page.count("mx-row-title") == ("%" not in words)


def test_the_list_of_a_unit_holds_what_its_predecessors_left(client: FlaskClient) -> None:
    unit = a_unit()
    old = predecessors(unit)[0]
    with write_unit():
        inherited = make_case(unit=old, owner=an_organisation())
        make_case(unit=a_unit(NA_TAU))
    page = _page(client, f"/vu-viec?unit={unit.code_system}:{unit.code}")
    assert inherited.code in page and page.count("mx-row-title") == 1
    assert "Không có xã, phường này" in _page(client, "/vu-viec?unit=gso-2025:xx", 422)


def test_an_old_unit_finds_the_cases_of_the_unit_that_took_its_place(client: FlaskClient) -> None:
    unit = a_unit()
    old = predecessors(unit)[0]
    asked = f"{old.code_system}:{old.code}"
    with write_unit():
        left, new = make_case(unit=old, owner=an_organisation()), make_case(unit=unit)
        elsewhere = make_case(unit=a_unit(NA_TAU))
    page = _page(client, f"/vu-viec?unit={asked}")
    assert left.code in page and new.code in page and elsewhere.code not in page
    assert f"{old.name} nay thuộc {unit.name}." in page
    assert f'<option value="{asked}" selected>{old.name}</option>' in page
    table = _page(client, f"/du-lieu-mo/vu-viec.csv?unit={asked}")
    assert new.code in table and elsewhere.code not in table
    assert "nay thuộc" not in _page(client, f"/vu-viec?unit={unit.code_system}:{unit.code}")


def test_an_old_unit_without_cases_leads_on(client: FlaskClient) -> None:
    old = predecessors(a_unit())[0]
    with write_unit():
        make_case()
    page = _page(client, f"/don-vi/{old.code_system}/{old.code}")
    assert f'href="/vu-viec?unit={old.code_system}:{old.code}">Xem việc của đơn vị kế tiếp' in page


def test_pages_of_the_list_meet_without_gap_or_overlap(client: FlaskClient) -> None:
    with write_unit():
        codes = {
            make_case(public_since=PUBLISHED + timedelta(hours=number // 4)).code
            for number in range(47)
        }
    seen: list[str] = []
    address: str | None = "/vu-viec?state=open"
    while address:
        page = _page(client, address)
        seen += re.findall(r'<h2 class="mx-row-title"><a href="/vu-viec/(\w+)"', page)
        found = re.search(r'href="([^"]+)" rel="next"', page)
        address = found.group(1).replace("&amp;", "&") if found else None
    assert len(seen) == 47 and set(seen) == codes


def test_a_page_after_what_is_listed_no_more_is_empty_and_leads_back(client: FlaskClient) -> None:
    with write_unit():
        gone, _shown = make_case("dismissed"), make_case()
    for code in ("VV0000000", gone.code):
        page = _page(client, f"/vu-viec?state=open&after={code}")
        assert page.count("mx-row-title") == 0 and "Danh sách đã hết hoặc đã đổi" in page
        assert 'href="/vu-viec?state=open">Về đầu danh sách' in page


def test_a_locality_counts_its_cases_and_names_its_former_units(client: FlaskClient) -> None:
    unit = a_unit()
    with write_unit():
        make_case("assessed", overdue=True)
        make_case("closed")
        make_case("received")
    page = _page(client, f"/don-vi/{unit.code_system}/{unit.code}")
    assert re.findall(r"<strong>(\d+)</strong>", page) == ["1", "1", "1"]
    assert "Trước 01/7/2025 là:" in page
    old = predecessors(unit)[0]
    assert f"/don-vi/{old.code_system}/{old.code}" in page
    assert "Nay thuộc:" in _page(client, f"/don-vi/{old.code_system}/{old.code}")
    _page(client, "/don-vi/gso-2025/xx", 404)


def test_pages_are_in_english_under_their_prefix(client: FlaskClient) -> None:
    with write_unit():
        case = make_case()
    page = _page(client, f"/en/vu-viec/{case.code}")
    assert '<html lang="en">' in page
    assert "commune</h1>" in page


ADDRESSES = (
    "/",
    "/vu-viec",
    "/vu-viec/{code}",
    "/don-vi/gso-2025/03325",
    "/so-lieu",
    "/ban-do/dia-ban.geojson",
    "/ban-do/ten-xa.geojson",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_everyone_gets_the_same_bytes(client: FlaskClient, address: str) -> None:
    with write_unit():
        code = make_case().code
    plain = client.get(address.format(code=code))
    with client.session_transaction() as held:
        held["_user_id"] = "ai đó"
        held["_flashes"] = [("message", "Lời nhắn riêng")]
    carried = client.get(address.format(code=code))
    assert carried.data == plain.data
    for answer in (plain, carried):
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers["Vary"]
        assert answer.headers["Cache-Control"].startswith("public")
        _again(client, address.format(code=code), answer)


def _again(client: FlaskClient, address: str, answer: TestResponse) -> None:
    same = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert same.status_code == 304


def test_no_page_holds_anything_exact(client: FlaskClient) -> None:
    """P7: no coordinate finer than the public point, in any public answer."""
    with write_unit():
        case = make_case(place_note="Sau nhà bà Ẳng, 103.117283")
        make_line(case, "Đã xem.")
    addresses = [each.format(code=case.code) for each in ADDRESSES if "geojson" not in each]
    texts = [_page(client, prefix + each) for prefix in ("", "/en") for each in addresses]
    assert not [text for text in texts if _exact(text)]
    planted = session().get_one(Case, case.id)
    assert _exact(f"{planted.lon}") and _exact(planted.place_note or "")


def _exact(text: str) -> bool:
    return bool(re.search(r"\d+\.\d{5,}|103[.,]1172|21[.,]4576|bà Ẳng", text))


def test_the_map_script_is_served_under_its_content(client: FlaskClient) -> None:
    page = _page(client, "/")
    found = re.search(r'src="(/ban-do/\w+\.js)"', page)
    assert found is not None
    answer = client.get(found.group(1))
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "window.mxMap" in answer.text
    assert client.get("/ban-do/khac.js").status_code == 404


def test_days_of_the_list_are_local(client: FlaskClient) -> None:
    with write_unit():
        make_case(public_since=datetime(2026, 2, 5, 17, 30, tzinfo=UTC))
    assert "06/02/2026" in _page(client, "/vu-viec?from=2026-02-06")
    assert "mx-row-title" not in _page(client, "/vu-viec?from=2026-02-07")


@pytest.mark.parametrize("page", ["/vu-viec", "/so-lieu", "/api/v1/map"])
@pytest.mark.parametrize("days", ["from=0001-01-01", "to=0001-01-01", "to=9999-12-31"])
def test_a_year_that_cannot_be_is_refused_in_words(
    client: FlaskClient, page: str, days: str
) -> None:
    answer = client.get(f"{page}?bbox=103,21,104,22&zoom=9&{days}")
    assert answer.status_code == 422
    words = str(answer.get_json()) if "json" in answer.mimetype else answer.text
    assert "Năm phải từ 1900 đến 2200." in words
