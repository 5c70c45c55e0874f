"""The pages of residents: the form, the receipt, following; what was typed is never lost."""

import io
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.factories.accounts import make_person, sign_in
from tests.factories.directory import a_unit
from tests.factories.reporting import LAT, LON, WORDS, a_body, a_jpeg, new_key
from tests.geo import photo_factory
from webapp.core.unit_of_work import session, write_unit
from webapp.media.models import Photo
from webapp.reporting.models import Report

CODE = re.compile(r'id="tracking-code"[^>]*>([0-9A-Z ]{19})<')


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]* value="([^"]*)"', page)
    assert found, name
    return found[1]


def open_form(client: FlaskClient) -> dict[str, Any]:
    page = client.get("/gui-phan-anh").text
    names = ("csrf_token", "idempotency_key", "consent_version")
    return {name: hidden(page, name) for name in names}


def filled(client: FlaskClient, **changes: Any) -> dict[str, Any]:
    fields = open_form(client) | {
        "category": "p_waste",
        "description": WORDS,
        "lon": str(LON),
        "lat": str(LAT),
        "accuracy_m": "20",
        "source": "gps",
        "keep_secret": "y",
        "consent": "y",
    }
    return fields | changes


def photo(content: bytes, name: str = "ảnh.jpg") -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def send(client: FlaskClient, fields: dict[str, Any]) -> TestResponse:
    return client.post("/gui-phan-anh", data=fields, content_type="multipart/form-data")


def follow(client: FlaskClient, code: str, language: str = "") -> TestResponse:
    page = client.get(f"{language}/tra-cuu").text
    typed = {"csrf_token": hidden(page, "csrf_token"), "code": code}
    return client.post(f"{language}/tra-cuu", data=typed)


def count() -> int:
    return session().scalar(select(func.count(Report.id))) or 0


def test_form_to_receipt_to_following(client: FlaskClient) -> None:
    answer = send(client, filled(client, photos=[photo(a_jpeg())]))
    assert answer.status_code == 201
    code = CODE.search(answer.text)
    assert code and "Mường Phăng" in answer.text and "<svg" in answer.text
    assert code[1] not in answer.request.path
    page = follow(client, code[1])
    assert page.status_code == 200
    assert "Đã gửi, chờ Mặt trận xem" in page.text and "Ảnh 1: đã nhận" in page.text
    title = re.search(r"<title>(.*)</title>", page.text)
    assert title and code[1] not in title[1]
    english = follow(client, code[1], "/en").text
    assert "Viet Nam Fatherland Front Committee, Mường Phăng" in english
    assert "Ủy ban MTTQ" in page.text and "Ủy ban MTTQ" not in english


def test_the_same_form_twice_is_one_report_with_its_photo(client: FlaskClient) -> None:
    fields = filled(client)
    first = send(client, fields | {"photos": [photo(a_jpeg())]})
    again = send(client, fields | {"photos": [photo(a_jpeg())]})
    assert (first.status_code, again.status_code) == (201, 200)
    assert CODE.search(first.text)[1] == CODE.search(again.text)[1]  # type: ignore[index]
    assert (count(), len(session().scalars(select(Photo)).all())) == (1, 1)


def test_a_refused_form_keeps_words_and_photos(client: FlaskClient) -> None:
    fields = filled(client, category="", photos=[photo(a_jpeg())], contact_name="Lò Thị Ẳng")
    refused = send(client, fields)
    assert refused.status_code == 422 and count() == 0
    assert "Xin chọn một hình." in refused.text
    assert WORDS in refused.text and "Lò Thị Ẳng" in refused.text and str(LON) in refused.text
    kept = hidden(refused.text, "kept_photo")
    mended = filled(client, kept_photo=kept, idempotency_key=fields["idempotency_key"])
    assert send(client, mended).status_code == 201
    assert send(client, mended).status_code == 200
    stored = session().scalars(select(Photo)).one()
    assert stored.state == "stored" and stored.original_key


def test_a_kept_photo_of_another_form_is_not_taken(client: FlaskClient) -> None:
    refused = send(client, filled(client, category="", photos=[photo(a_jpeg())]))
    other = filled(client, kept_photo=hidden(refused.text, "kept_photo"))
    assert send(client, other).status_code == 201
    assert session().scalars(select(Photo)).all() == []


def test_a_bad_photo_is_told_and_the_good_one_kept(client: FlaskClient) -> None:
    photos = [photo(a_jpeg()), photo(b"GIF89a....", "x.gif")]
    refused = send(client, filled(client, photos=photos))
    assert refused.status_code == 422
    assert "Ảnh 2: Tệp này không phải ảnh" in refused.text
    assert hidden(refused.text, "kept_photo")


def test_without_token_nothing_is_stored_and_the_words_stay(client: FlaskClient) -> None:
    refused = send(client, filled(client, csrf_token="sai"))  # no password
    assert refused.status_code == 422 and WORDS in refused.text and count() == 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"lon": str(LAT), "lat": str(LON)}, "đổi chỗ"),
        ({"lon": "11.88", "lat": "43.46"}, "ngoài địa bàn"),
        ({"lon": "", "lat": ""}, "Xin cho biết ở đâu"),
        ({"consent": ""}, "Cần ông/bà đồng ý"),
        ({"households_affected": "nhiều"}, "Xin ghi một số"),
        ({"observed_at": "hôm qua"}, "Xin chọn lại ngày và giờ"),
        ({"contact_phone": "12"}, "8 đến 15 chữ số"),
        ({"idempotency_key": "x"}, "khóa chống gửi trùng"),
        ({"unit": "gso-2025:99999", "lon": "", "lat": ""}, "Không có xã, phường này"),
        ({"unit": "gso-2025:03325", "lon": "", "lat": ""}, "Xin ghi rõ nơi"),
        ({"description": "a" * 4001}, "Dài quá 4000 ký tự"),
        ({"description": ""}, "Không có ảnh thì xin viết vài chữ"),
    ],
)
def test_a_wrong_field_is_told_beside_it(
    client: FlaskClient, changes: dict[str, str], words: str
) -> None:
    refused = send(client, filled(client, **changes))
    assert refused.status_code == 422 and count() == 0
    assert words in refused.text


def test_a_guest_cannot_tick_sending_for_others(client: FlaskClient) -> None:
    assert "Tôi gửi giúp người khác" not in client.get("/gui-phan-anh").text
    assert send(client, filled(client, on_behalf="y")).status_code == 403


def test_a_dangerous_category_shows_safety_and_numbers(client: FlaskClient) -> None:
    answer = send(client, filled(client, category="hazardous.chemical"))
    assert "Tránh xa" in answer.text and 'href="tel:114"' in answer.text


def test_wrong_codes_get_one_answer(client: FlaskClient) -> None:
    pages = [follow(client, code) for code in ("0" * 16, "abc", "' OR 1=1 --")]
    assert {page.status_code for page in pages} == {404}
    assert all("Không có phản ánh nào khớp" in page.text for page in pages)


def test_acts_of_the_sender_on_the_follow_page(client: FlaskClient) -> None:
    code = CODE.search(send(client, filled(client, contact_name="Lò Thị Ẳng")).text)[1]  # type: ignore[index]
    page = follow(client, code).text
    fields = {
        f"reprisal-{name}": hidden(page, f"reprisal-{name}")
        for name in ("csrf_token", "idempotency_key", "code")
    }
    refused = client.post("/tra-cuu/bi-gay-kho-de", data=fields)
    assert refused.status_code == 422 and "Xin điền mục này" in refused.text
    told = client.post(
        "/tra-cuu/bi-gay-kho-de", data=fields | {"reprisal-words": "Có người đến dọa."}
    )
    assert "Chỉ Mặt trận tỉnh" in told.text
    assert session().scalars(select(Report.reprisal_at)).one() is not None
    withdrawn = {
        f"withdrawal-{name}": hidden(page, f"withdrawal-{name}")
        for name in ("csrf_token", "idempotency_key", "code")
    }
    unsure = client.post("/tra-cuu/rut", data=withdrawn)
    assert unsure.status_code == 422 and "Xin đánh dấu ô này" in unsure.text
    assert session().scalars(select(Report.state)).one() == "submitted"
    sure = withdrawn | {"withdrawal-sure": "y"}
    assert "Đã rút phản ánh." in client.post("/tra-cuu/rut", data=sure).text
    assert session().scalars(select(Report.state)).one() == "withdrawn"


def located(lon: float, lat: float) -> bytes:
    gps = [
        photo_factory.ascii_entry(1, "N"),
        photo_factory.angle(2, lat),
        photo_factory.ascii_entry(3, "E"),
        photo_factory.angle(4, lon),
    ]
    return photo_factory.photo(photo_factory.exif_block(gps=gps))


def test_without_script_the_place_of_the_photo_is_used(client: FlaskClient) -> None:
    fields = filled(client, lon="", lat="", photos=[photo(located(LON, LAT))])
    assert send(client, fields).status_code == 201
    report = session().scalars(select(Report)).one()
    assert report.place_source == "photo" and report.handling_unit.name == "Xã Mường Phăng"


def test_a_photo_from_elsewhere_is_said_to_be_so(client: FlaskClient) -> None:
    fields = filled(client, lon="", lat="", photos=[photo(located(11.8814, 43.4674))])
    refused = send(client, fields)
    assert refused.status_code == 422 and "Ảnh chụp ở nơi ngoài địa bàn" in refused.text
    again = filled(client, photos=[photo(located(11.8814, 43.4674))])
    assert send(client, again).status_code == 201
    assert session().scalars(select(Report.lon)).one() == LON


def test_an_officer_sends_for_others_by_form_and_by_json_with_a_token(client: FlaskClient) -> None:
    with write_unit():
        account = make_person("front_commune", unit=a_unit())[0]
    sign_in(client, account.email)
    fields = filled(client, on_behalf="y", channel="meeting", contact_name="Cà Văn Noọng")
    assert send(client, fields).status_code == 201
    headers = {"Idempotency-Key": new_key(), "X-CSRFToken": fields["csrf_token"]}
    body = a_body(on_behalf_of="Quàng Thị Sín", channel="phone")
    assert client.post("/api/v1/reports", json=body, headers=headers).status_code == 201
    channels = session().scalars(select(Report.channel).where(Report.on_behalf)).all()
    assert sorted(channels) == ["meeting", "phone"]


def test_without_script_private_words_are_told_once_and_then_sent(client: FlaskClient) -> None:
    fields = filled(client, description="Ruồi bay vào nhà bà Tư, gọi 0912 345 678.")
    told = send(client, fields | {"photos": [photo(a_jpeg())]})
    assert told.status_code == 422 and count() == 0
    assert "số điện thoại, tên người: 0912 345 678; bà Tư" in told.text
    assert "Đã giữ 1 ảnh" in told.text and "lần nữa" in told.text
    kept = {name: hidden(told.text, name) for name in ("kept_photo", "words_checked")}
    assert send(client, fields | kept).status_code == 201
    assert session().scalars(select(Photo)).one().state == "stored"


def test_words_without_persons_are_sent_at_once(client: FlaskClient) -> None:
    assert "data-private data-rules" in client.get("/gui-phan-anh").text
    assert send(client, filled(client)).status_code == 201


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("khieu-nai", "90 ngày kể từ ngày biết quyết định"),
        ("to-cao", "đơn có ký tên"),
        ("toi-pham", "gọi ngay 113"),
    ],
)
def test_each_other_door_says_where_to_go_and_takes_nothing(
    client: FlaskClient, slug: str, words: str
) -> None:
    assert f'href="/gui-phan-anh/{slug}"' in client.get("/gui-phan-anh").text
    page = client.get(f"/gui-phan-anh/{slug}").text
    assert words in page and "không nhận, không lưu và không công khai" in page
    assert "<form" not in page.partition("<main")[2]
    assert client.post(f"/gui-phan-anh/{slug}").status_code == 405


def test_there_is_no_other_door(client: FlaskClient) -> None:
    assert client.get("/gui-phan-anh/khong-co").status_code == 404


def test_the_form_names_what_never_goes_on_a_public_page(client: FlaskClient) -> None:
    page = client.get("/gui-phan-anh").text
    never = re.search(r'data-never="([^"]*)"', page)
    assert never and {"dispute", "burial", "idea", "unsorted"} <= set(never[1].split())
    assert "p_waste" not in never[1].split()


def test_communes_are_found_by_their_old_names(client: FlaskClient) -> None:
    option = re.search(
        r'<option value="gso-2025:03325"[^>]*data-former="([^"]*)"',
        client.get("/gui-phan-anh").text,
    )
    assert option and "Xã Nà Nhạn" in option[1] and "Xã Pá Khoang" in option[1]


def test_a_place_names_the_unit_of_today_and_before_the_merger(client: FlaskClient) -> None:
    answer = client.post("/api/v1/place", json={"lon": LON, "lat": LAT}).json
    assert answer and answer["unit"]["name"] == "Xã Mường Phăng"
    assert answer["former"]["name"] == "Xã Mường Phăng"
    assert answer["former"]["code_system"] != "gso-2025" and answer["former_doubtful"] is True


def test_a_guest_cannot_say_that_a_report_came_by_a_meeting(client: FlaskClient) -> None:
    headers = {"Idempotency-Key": new_key()}
    refused = client.post("/api/v1/reports", json=a_body(channel="meeting"), headers=headers)
    assert refused.status_code == 403 and count() == 0
    own = client.post("/api/v1/reports", json=a_body(channel="web"), headers=headers)
    assert own.status_code == 201
