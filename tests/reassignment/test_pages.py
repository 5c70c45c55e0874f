"""The administrator's pages: preview, batch, progress, the way back."""

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories.accounts import make_person, sign_in
from tests.factories.cases import make_case
from tests.factories.casework import make_desks, make_letter
from tests.factories.clock import FrozenClock
from tests.factories.directory import DIEN_BIEN, NA_TAU, a_unit
from webapp.cases.models import Case
from webapp.core.unit_of_work import session, write_unit
from webapp.directory.queries import served_communes
from webapp.jobs.operations import drain

ADDRESS = "/can-bo/sap-xep-don-vi"


@pytest.fixture
def admin(app: Flask, client: FlaskClient, frozen: FrozenClock) -> FlaskClient:
    with write_unit():
        account, _actor = make_person("admin", unit=a_unit(DIEN_BIEN))
        make_person("front_commune", unit=a_unit(), name="Giàng Thị Dở")
        make_case("assessed")
        email = account.email
    sign_in(client, email)
    return client


def fields() -> dict[str, str]:
    return {
        "predecessors": str(a_unit().id),
        "successor": str(a_unit(NA_TAU).id),
        "effective": "2026-03-02",
    }


def token(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def settle() -> None:
    while drain():
        pass


def test_from_the_form_to_the_batch_and_back(admin: FlaskClient) -> None:
    assert "Chưa" not in admin.get(ADDRESS).text.split("<h2>Đợt mới")[0]
    seen = admin.get(f"{ADDRESS}/xem-truoc", query_string=fields()).text
    assert "Giàng Thị Dở" in seen and "<strong>1</strong>vụ việc" in seen
    answer = admin.post(ADDRESS, data=fields() | {"csrf_token": token(seen)})
    assert answer.status_code == 303
    waiting = admin.get(answer.location).text
    assert 'http-equiv="refresh"' in waiting and "Chờ chuyển" in waiting
    assert "Chờ đến ngày" not in waiting + admin.get(ADDRESS).text
    settle()
    page = admin.get(answer.location).text
    assert "Đã chuyển xong" in page and "mọi thứ sẽ về đúng như trước" in page
    assert "Xã Nà Tấu" in admin.get(ADDRESS).text
    back = admin.post(f"{answer.location}/hoan-tac", data={"csrf_token": token(page)})
    assert back.status_code == 303
    settle()
    assert "Đã hoàn tác" in admin.get(answer.location).text
    with write_unit():
        assert session().query(Case).one().handling_unit_id == a_unit().id
    again = admin.post(f"{answer.location}/hoan-tac", data={"csrf_token": token(page)})
    assert again.status_code == 409


def test_a_batch_on_which_a_later_one_stands_says_which(admin: FlaskClient) -> None:
    seen = admin.get(f"{ADDRESS}/xem-truoc", query_string=fields()).text
    first = admin.post(ADDRESS, data=fields() | {"csrf_token": token(seen)}).location
    settle()
    other = next(
        unit for unit in served_communes(date(2026, 3, 2))
        if unit.parent_id == a_unit().parent_id and unit.id not in {a_unit().id, a_unit(NA_TAU).id}
    )  # fmt: skip
    chosen = fields() | {"predecessors": str(a_unit(NA_TAU).id), "successor": str(other.id)}
    second = admin.post(ADDRESS, data=chosen | {"csrf_token": token(seen)}).location
    settle()
    page = admin.get(first).text
    assert "Đưa về như trước" not in page
    assert f'href="{second}">Nhập vào ' in page
    refused = admin.post(f"{first}/hoan-tac", data={"csrf_token": token(seen)})
    assert refused.status_code == 409 and other.name in refused.text
    assert "Đưa về như trước" in admin.get(second).text


def test_a_refused_plan_keeps_what_was_chosen(admin: FlaskClient) -> None:
    wrong = fields() | {"effective": "ngày mai"}
    answer = admin.get(f"{ADDRESS}/xem-truoc", query_string=wrong)
    assert answer.status_code == 422
    assert "Xin ghi ngày theo dạng" in answer.text
    assert re.search(
        rf'value="{a_unit().id}"[^>]*checked|checked[^>]*value="{a_unit().id}"', answer.text
    )
    assert admin.get(f"{ADDRESS}/xem-truoc").status_code == 422
    assert admin.post(ADDRESS, data=wrong).status_code in {400, 422}
    assert admin.get(f"{ADDRESS}/khong-co").status_code == 404
    assert session().query(Case).one().version == 1


def test_a_planned_batch_says_its_day_and_can_be_given_up(admin: FlaskClient) -> None:
    later = fields() | {"effective": "2026-03-09"}
    seen = admin.get(f"{ADDRESS}/xem-truoc", query_string=later).text
    assert "chuyển vào ngày 09/03/2026" in seen
    answer = admin.post(ADDRESS, data=later | {"csrf_token": token(seen)})
    page = admin.get(answer.location).text
    assert "Chờ đến ngày" in page and 'http-equiv="refresh"' not in page
    admin.post(f"{answer.location}/thoi", data={"csrf_token": token(page)})
    assert "Đã thôi" in admin.get(answer.location).text


def test_the_preview_says_which_signed_letters_must_be_signed_again(admin: FlaskClient) -> None:
    assert "chưa có số" not in admin.get(f"{ADDRESS}/xem-truoc", query_string=fields()).text
    with write_unit():
        subject = make_letter(make_desks(), "signed").document.subject
    seen = admin.get(f"{ADDRESS}/xem-truoc", query_string=fields()).text
    assert "Văn bản đã ký, chưa có số (1)" in " ".join(re.sub("<[^>]*>", "", seen).split())
    assert subject in seen and "trở lại bản thảo" in seen
