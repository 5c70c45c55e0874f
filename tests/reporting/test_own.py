"""A signed-in resident's own reports: their list, following without a code, nobody else's."""

import re
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from tests.factories.accounts import make_person, sign_in
from tests.factories.directory import a_unit
from tests.factories.reporting import new_key, send
from webapp.core.unit_of_work import session, write_unit
from webapp.reporting.models import Report
from webapp.reporting.operations import withdraw_identity
from webapp.triage.operations.reports import request_info


def resident(client: FlaskClient | None = None) -> Any:
    """A resident with an account; signed in where a browser is given."""
    with write_unit():
        account, actor = make_person("member_org", unit=a_unit())
    if client is not None:
        sign_in(client, account.email)
    return actor


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]* value="([^"]*)"', page)
    assert found, name
    return found[1]


def test_the_list_holds_the_own_reports_only(client: FlaskClient) -> None:
    other, me = resident(), resident(client)
    mine, theirs, guests = send(me).report, send(other).report, send().report
    page = client.get("/phan-anh-cua-toi").text
    assert mine.code in page and theirs.code not in page and guests.code not in page
    assert client.get(f"/phan-anh-cua-toi/{mine.code}").status_code == 200
    for code in (theirs.code, guests.code, "PA0000000"):
        assert client.get(f"/phan-anh-cua-toi/{code}").status_code == 404


def test_a_guest_is_led_to_sign_in(client: FlaskClient) -> None:
    assert client.get("/phan-anh-cua-toi").status_code == 302


def test_a_question_stands_in_the_list_when_its_hold_is_over(
    client: FlaskClient, frozen: Any
) -> None:
    me = resident(client)
    report = send(me).report
    with write_unit():
        officer = make_person("front_commune", unit=a_unit())[1]
        request_info(officer, session().merge(report), question="Ở đâu?")
    assert "đang hỏi ông/bà" not in client.get("/phan-anh-cua-toi").text
    frozen.forward(seconds=31)
    assert "đang hỏi ông/bà" in client.get("/phan-anh-cua-toi").text


def test_acts_by_the_account_need_no_code_and_reach_no_other_report(client: FlaskClient) -> None:
    other, me = resident(), resident(client)
    mine, theirs = send(me).report.code, send(other).report.code
    page = client.get(f"/phan-anh-cua-toi/{mine}").text
    fields = {
        f"evidence-{name}": hidden(page, f"evidence-{name}")
        for name in ("csrf_token", "idempotency_key", "report")
    } | {"evidence-words": "Hôm nay lại đổ."}
    done = client.post("/tra-cuu/bo-sung", data=fields)
    assert done.status_code == 200 and "Đã gửi thông tin bổ sung." in done.text
    stolen = fields | {"evidence-report": theirs, "evidence-idempotency_key": new_key()}
    assert client.post("/tra-cuu/bo-sung", data=stolen).status_code == 404
    no_token = fields | {"evidence-csrf_token": "", "evidence-idempotency_key": new_key()}
    assert client.post("/tra-cuu/bo-sung", data=no_token).status_code == 422
    client.post("/dang-xuat", headers={"X-CSRFToken": fields["evidence-csrf_token"]})
    later = fields | {"evidence-idempotency_key": new_key()}
    assert client.post("/tra-cuu/bo-sung", data=later).status_code in {404, 422}


def test_a_withdrawn_name_takes_the_report_out_of_the_account(client: FlaskClient) -> None:
    me = resident(client)
    report = send(me).report
    with write_unit():
        withdraw_identity(session().merge(report), raw_key=new_key())
    assert session().scalars(select(Report.person_id)).one() is None
    assert report.code not in client.get("/phan-anh-cua-toi").text
    assert client.get(f"/phan-anh-cua-toi/{report.code}").status_code == 404


def test_withdrawing_by_the_account_ends_at_the_list_and_says_it_is_done(
    client: FlaskClient,
) -> None:
    me = resident(client)
    mine = send(me).report.code
    page = client.get(f"/phan-anh-cua-toi/{mine}").text
    fields = {
        f"identity-{name}": hidden(page, f"identity-{name}")
        for name in ("csrf_token", "idempotency_key", "report")
    } | {"identity-sure": "y"}
    done = client.post("/tra-cuu/rut-danh-tinh", data=fields)
    assert done.status_code == 303 and done.location == "/phan-anh-cua-toi"
    assert session().scalars(select(Report.person_id)).one() is None
    assert "Đã xóa tên" in client.get("/phan-anh-cua-toi").text
