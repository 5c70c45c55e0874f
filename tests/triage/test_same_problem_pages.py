"""Suggestions on the pages of reports and cases: joined or refused from there; both databases."""

import html
import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.factories.accounts import make_person, sign_in
from tests.factories.cases import make_case
from tests.factories.directory import NA_TAU, a_unit
from tests.factories.reporting import make_report
from tests.factories.triage import an_officer, opened_case
from tests.triage.test_desk_pages import token
from tests.triage.test_merging import at_once, emails, signed_post
from webapp.cases.models import Case
from webapp.core.actor import Actor
from webapp.core.unit_of_work import session, write_unit
from webapp.reporting.models import Report
from webapp.triage.models import NotSame

__all__ = ["emails"]


@pytest.fixture
def officer(client: FlaskClient) -> Actor:
    with write_unit():
        account, actor = make_person("front_commune", unit=a_unit(), name="Cà Văn Noọng")
    sign_in(client, account.email)
    return actor


def press(client: FlaskClient, page: str, label: str) -> str:
    """Send the form whose button says this, as a browser would; where it leads."""
    for form in re.findall(r"<form.*?</form>", client.get(page).text, re.DOTALL):
        if f">{label}</button>" in form:
            action = html.unescape(re.findall(r'action="([^"]*)"', form)[0])
            fields = re.findall(r'name="([^"]*)" value="([^"]*)"', form)
            answer = client.post(action, data=dict(fields))
            assert answer.status_code == 303, answer.text
            return answer.location
    raise AssertionError(f"no button {label!r} on {page}")


def test_a_report_is_put_into_the_case_that_is_suggested(
    client: FlaskClient, officer: Actor
) -> None:
    with write_unit():
        case, report = opened_case(officer), make_report()
        page, code = f"/can-bo/phan-anh/{report.code}", case.code
    assert "ngay tại đây" in client.get(page).text
    assert press(client, page, f"Đưa vào {code}") == page
    session().expire_all()
    assert session().get_one(Report, report.id).case_id == case.id


def test_two_cases_are_merged_from_the_page_of_the_one_that_stays(
    client: FlaskClient, officer: Actor
) -> None:
    with write_unit():
        older, younger = opened_case(officer), opened_case(officer)
        page, code = f"/can-bo/vu-viec/{older.code}", older.code
    assert press(client, page, f"Gộp vào {code}") == page
    session().expire_all()
    assert session().get_one(Case, younger.id).merged_into_id == older.id
    assert "Có thể là cùng một việc" not in client.get(page).text


def test_what_is_refused_goes_until_it_is_reconsidered(client: FlaskClient, officer: Actor) -> None:
    with write_unit():
        case, report = opened_case(officer), make_report()
        page, beside = f"/can-bo/phan-anh/{report.code}", f"/{report.code}/{case.code}"
    beside = f"/can-bo/so-sanh{beside}"
    assert f'href="{beside}"' in client.get(page).text
    assert press(client, page, "Không phải") == page
    assert f'href="{beside}"' not in client.get(page).text
    assert "Đã ghi: không phải cùng một việc" in client.get(beside).text
    assert press(client, beside, "Xét lại") == beside
    assert "Không phải</button>" in client.get(beside).text
    assert f'href="{beside}"' in client.get(page).text


def test_side_by_side_on_one_page(client: FlaskClient, officer: Actor) -> None:
    with write_unit():
        case, report = opened_case(officer), make_report(households_affected=4)
        codes = report.code, case.code
    page = client.get("/can-bo/so-sanh/{}/{}?trai=9&phai=x".format(*codes)).text
    assert all(code in page for code in codes)
    assert "lời giống" in page and "Chưa đủ ảnh ở hai bên" in page and "Mở vụ việc" in page
    # Both places, longitude by name, and how far in words; without a place there is no map.
    drawn = json.loads(re.findall(r"data-pair='([^']*)'", page)[0])
    assert [(each["lon"], each["lat"]) for each in drawn] == [(103.151, 21.471)] * 2
    assert codes[0] == drawn[0]["name"] and "Hai chỗ ngay tại đây." in page
    assert "21.47100, 103.15100" in page
    with write_unit():
        session().get_one(Report, report.id).lon = None
        session().get_one(Report, report.id).lat = None
        session().get_one(Report, report.id).place_note = "Đầu bản, cạnh cầu treo"
    page = client.get("/can-bo/so-sanh/{}/{}".format(*codes)).text
    # Told as a table however a phone lays it out: two named columns, each row with its name.
    table = re.search(r'<table[^>]* role="table">(.*?)</table>', page, re.S)
    assert table is not None
    assert table[1].count('role="columnheader"') == 2
    rows = table[1].split('<tr role="row"')[2:]
    assert len(rows) == 8
    assert all((row.count('role="rowheader"'), row.count('role="cell"')) == (1, 2) for row in rows)
    assert "data-pair" not in page and "chưa đo được khoảng cách" in page
    for pair in ("{0}/{0}", "{0}/PA0000000", "VV0000000/{1}"):
        assert client.get(f"/can-bo/so-sanh/{pair.format(*codes)}").status_code == 404


def test_a_stale_suggestion_gets_the_conflict(client: FlaskClient, officer: Actor) -> None:
    with write_unit():
        older, younger = opened_case(officer), opened_case(officer)
        address = f"/can-bo/vu-viec/{older.code}/buoc/merge_into"
        fields = {"survivor": younger.code, "compared": "1"}
    stale = token(client, address) | fields | {"version": "0"}
    assert client.post(address, data=stale).status_code == 409


def test_a_typed_code_shows_the_other_case_before_anything_is_merged(
    client: FlaskClient, officer: Actor
) -> None:
    with write_unit():
        older, younger = opened_case(officer), opened_case(officer)
        foreign = make_case("received", unit=a_unit(NA_TAU))
        codes, elsewhere = (older.code, younger.code), foreign.code
    address = f"/can-bo/vu-viec/{codes[1]}/buoc/merge_into"
    typed = token(client, address) | {"version": "1", "survivor": f" {codes[0].lower()} "}
    answer = client.post(address, data=typed)
    assert (answer.status_code, answer.location) == (303, f"/can-bo/so-sanh/{codes[1]}/{codes[0]}")
    session().expire_all()
    assert session().scalars(select(Case.state).order_by(Case.id)).all() == ["received"] * 3
    # Both are in sight there, and the button makes one of them.
    press(client, answer.location, f"Gộp vào {codes[0]}")
    session().expire_all()
    assert session().scalars(select(Case.state).order_by(Case.id)).all() == [
        "received",
        "merged",
        "received",
    ]
    # What cannot be merged says so by the field, and tells nothing of a case of others.
    address = f"/can-bo/vu-viec/{codes[0]}/buoc/merge_into"
    words = {
        elsewhere: "Không thấy vụ việc có mã này trong địa bàn.",
        "VV0000000": "Không thấy vụ việc có mã này trong địa bàn.",
        "PA/../x": "Không thấy vụ việc có mã này trong địa bàn.",
        codes[0]: "Xin ghi mã của vụ việc khác.",
    }
    for code, said in words.items():
        for compared in ({}, {"compared": "1"}):
            page = client.get(address).text
            version = re.findall(r'name="version"[^>]* value="(\d+)"', page)[0]
            typed = token(client, address) | compared | {"version": version, "survivor": code}
            answer = client.post(address, data=typed)
            assert (answer.status_code, said in answer.text) == (422, True), code


def test_two_officers_refuse_at_once_and_it_is_kept_once(app: Flask, emails: list[str]) -> None:
    with write_unit():
        officer = an_officer()
        case, report = opened_case(officer), make_report()
        beside = f"/can-bo/so-sanh/{report.code}/{case.code}"
    acts = [signed_post(app, email, f"{beside}/khong-phai", opened=beside) for email in emails]
    assert at_once(app, *acts) == [303, 303]
    session().expire_all()
    assert session().scalar(select(func.count(NotSame.id))) == 1


@pytest.mark.parametrize(
    ("chosen", "own", "asked"),
    [("p_smoke", "Khói, bụi, mùi", True), ("dumping.roadside", "Rác", False)],
)
def test_what_the_sender_left_open_is_asked_for_first(
    client: FlaskClient, officer: Actor, chosen: str, own: str, asked: bool
) -> None:
    with write_unit():
        code = make_report(category=chosen).code
    page = client.get(f"/can-bo/phan-anh/{code}/buoc/attach").text
    select = re.findall(r'<select[^>]*name="category".*?</select>', page, re.DOTALL)[0]
    groups = [each for each in re.findall(r'<optgroup label="([^"]*)"', select) if each]
    assert html.unescape(groups[0]) == own
    assert (" required" in select.partition(">")[0]) == asked
