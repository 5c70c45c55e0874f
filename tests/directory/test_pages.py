"""The administrator's pages: the directory to read, the calendar to edit."""

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.factories.accounts import actor_with, make_person, sign_in
from tests.factories.directory import a_unit
from webapp.audit.models import AuditEntry
from webapp.audit.operations import Subject
from webapp.core import clock
from webapp.core.errors import Forbidden
from webapp.core.unit_of_work import session, write_unit
from webapp.core.working_days import add_working_days
from webapp.deadlines.operations import recompute_clocks, start_clock
from webapp.directory.models import CalendarDay
from webapp.directory.operations import add_calendar_day, remove_calendar_day
from webapp.directory.queries import working_calendar
from webapp.jobs.models import OutboxRow

SWAPPED = date(2026, 10, 10)  # a Saturday


def token_of(client: FlaskClient) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/can-bo/lich").text)
    assert found
    return found[1]


def add(client: FlaskClient, **words: str) -> tuple[int, str]:
    typed = {"day": "2026-10-10", "works": "lam-bu", "name": "Làm bù ngày bão"} | words
    answer = client.post("/can-bo/lich?nam=2026", data=typed | {"csrf_token": token_of(client)})
    return answer.status_code, answer.text


def test_units_and_search(admin: FlaskClient) -> None:
    page = admin.get("/can-bo/danh-ba").text
    assert "Xã Mường Phăng" in page and "Tỉnh Thái Nguyên" in page
    found = admin.get("/can-bo/danh-ba?tim=pa+khoang").text
    assert "Xã Mường Phăng" in found and "Xã Nà Tấu" not in found
    assert "Không tìm thấy" in admin.get("/can-bo/danh-ba?tim=%25'%22_").text


def test_a_unit_with_its_organisations_and_inboxes(admin: FlaskClient) -> None:
    page = admin.get("/can-bo/danh-ba/gso-2025/03325").text
    assert "Xã Pá Khoang" in page
    assert "Phòng Kinh tế xã Mường Phăng" in page
    assert "du-phong.env-commune.03325@matxanh.invalid" in page
    assert admin.get("/can-bo/danh-ba/gso-2025/00000").status_code == 404
    english = admin.get("/en/can-bo/danh-ba/gso-2025/03325").text
    assert "<h1>Muong Phang commune</h1>" in english


def test_a_province_with_the_provinces_it_took_the_place_of(admin: FlaskClient) -> None:
    page = admin.get("/can-bo/danh-ba/gso-2025/19").text
    assert "Trước khi sắp xếp" in page and "Tỉnh Bắc Kạn" in page


@pytest.mark.parametrize("path", ["/can-bo/danh-ba", "/can-bo/danh-ba/gso-2025/11"])
def test_others_do_not_get_in(app: Flask, client: FlaskClient, path: str) -> None:
    assert client.get(path).headers["Location"].startswith("/dang-nhap")
    with write_unit():
        account, _actor = make_person("front_commune", unit=a_unit())
    sign_in(client, account.email)
    assert client.get(path).status_code == 403


def test_officers_read_the_calendar_and_change_nothing(app: Flask, admin: FlaskClient) -> None:
    add(admin)
    other = app.test_client()
    assert other.get("/can-bo/lich").headers["Location"].startswith("/dang-nhap")
    with write_unit():
        account, _actor = make_person("env_commune", unit=a_unit())
    sign_in(other, account.email)
    page = other.get("/can-bo/lich?nam=2026").text
    assert "thứ Bảy, 10/10/2026" in page
    assert not any(words in page for words in ("Ghi vào lịch", '/bo"', "tính lại"))
    token = {"csrf_token": token_of(other)}
    for path in ("/can-bo/lich", "/can-bo/lich/2026-10-10/bo"):
        assert other.post(path, data=token).status_code == 403
    session().rollback()
    assert session().get(CalendarDay, SWAPPED) is not None


def test_who_edits_learns_how_many_deadlines_moved(admin: FlaskClient) -> None:
    with write_unit():
        start_clock("front_view", Subject("posting", 1))
    assert "tính lại" not in admin.get("/can-bo/lich").text
    soon = add_working_days(working_calendar(), clock.today_local(), 2)
    assert add(admin, day=soon.isoformat(), works="nghi")[0] == 303
    assert "Các thời hạn đang được tính lại" in admin.get("/can-bo/lich").text
    recompute_clocks()
    told = rf"Lần tính lại gần nhất: {clock.today_local():%d/%m/%Y} [0-9:]+, 1 thời hạn dời ngày"
    assert re.search(told, admin.get("/can-bo/lich").text)


def test_a_day_is_added_and_taken_out(admin: FlaskClient) -> None:
    assert not working_calendar().is_working_day(SWAPPED)
    assert add(admin)[0] == 303
    session().rollback()
    assert working_calendar().is_working_day(SWAPPED)
    assert "thứ Bảy, 10/10/2026" in admin.get("/can-bo/lich?nam=2026").text
    path, token = "/can-bo/lich/2026-10-10/bo", token_of(admin)
    assert admin.post(path).status_code == 400
    assert admin.post(path, data={"csrf_token": token}).status_code == 303
    assert admin.post(path, data={"csrf_token": token}).status_code == 404
    assert admin.post("/can-bo/lich/hom-nay/bo", data={"csrf_token": token}).status_code == 404
    session().rollback()
    assert session().get(CalendarDay, SWAPPED) is None
    actions = list(session().scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
    assert actions == ["directory.add_calendar_day", "directory.remove_calendar_day"]
    assert list(session().scalars(select(OutboxRow.kind))) == ["deadlines.recompute"] * 2


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"day": ""}, "Xin chọn ngày."),
        ({"day": "32/13/2026"}, "Xin ghi ngày theo dạng ngày/tháng/năm."),
        ({"day": "2126-01-05"}, "Lịch chỉ có các năm từ 2000 đến 2099."),
        ({"name": ""}, "Xin điền mục này."),
        ({"name": "x" * 121}, "dài quá 120"),
        ({"day": "2026-08-20"}, "vốn là ngày làm việc"),
        ({"day": "2026-02-17", "works": "nghi"}, "đã có trong lịch"),
        ({"works": "khac"}, "Loại ngày"),
    ],
)
def test_a_wrong_day_is_told_by_the_field(
    admin: FlaskClient, words: dict[str, str], message: str
) -> None:
    status, page = add(admin, **words)
    assert status == 422
    assert message in page
    assert "Làm bù ngày bão" in page or "name" in words
    assert session().get(CalendarDay, SWAPPED) is None


def test_a_typed_date_as_written_in_viet_nam(admin: FlaskClient) -> None:
    assert add(admin, day="10/10/2026")[0] == 303


def test_only_who_may_edits_the_calendar(app: Flask) -> None:
    officer = actor_with("front_commune", a_unit())
    with pytest.raises(Forbidden), write_unit():
        add_calendar_day(officer, day=SWAPPED, works=True, name="Làm bù")
    with pytest.raises(Forbidden), write_unit():
        remove_calendar_day(officer, date(2026, 2, 17))
