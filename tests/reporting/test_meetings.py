"""A whole meeting as one list: all or none, one report and one slip for each person."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.factories.accounts import make_person, sign_in
from tests.factories.directory import a_unit
from tests.factories.reporting import new_key
from webapp.core.actor import GUEST
from webapp.core.clock import today_local
from webapp.core.errors import Forbidden, Invalid
from webapp.core.unit_of_work import session, write_unit
from webapp.reporting.meetings import MeetingSent, meeting_of, record_meeting
from webapp.reporting.models import Meeting, Report
from webapp.reporting.submission import Contact, Submission, UnitKey
from webapp.reporting.tracking import report_by_tracking_code

CODE = re.compile(r'<p class="mx-code mb-1">([0-9A-Z ]{19})</p>')
WORDS = "Bãi rác đầu bản bốc mùi từ tháng trước."
SPRING = "Mó nước ăn đổi màu sau mưa."


def a_meeting(**changes: Any) -> MeetingSent:
    held = {
        "held_on": today_local() - timedelta(days=1),
        "channel": "meeting",
        "unit": UnitKey("gso-2025", "03325"),
        "place": "Bản Nà Nhạn, nhà văn hóa",
        "read_by": "Lò Thị Ẳng",
    }
    return MeetingSent(**(held | changes))


def a_row(**changes: Any) -> Submission:
    said = {
        "category": "p_waste",
        "consent": True,
        "description": WORDS,
        "place_note": "Đầu bản",
    }
    return Submission(**(said | changes))


def count() -> int:
    return session().scalar(select(func.count(Report.id))) or 0


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]* value="([^"]*)"', page)
    assert found, name
    return found[1]


def at_the_list(client: FlaskClient, role: str = "front_area") -> dict[str, Any]:
    with write_unit():
        account = make_person(role, unit=a_unit())[0]
    sign_in(client, account.email)
    page = client.get("/can-bo/buoi-hop").text
    fields = {name: hidden(page, name) for name in ("csrf_token", "idempotency_key", "held_on")}
    head = {
        "channel": "meeting",
        "unit": "gso-2025:03325",
        "place": "Bản Nà Nhạn",
        "read_by": "Lò Thị Ẳng",
    }
    return fields | head | row(0)


def row(number: int, **changes: str) -> dict[str, str]:
    said = {
        "name": "Cà Văn Noọng",
        "category": "p_waste",
        "description": WORDS,
        "place_note": "Đầu bản",
        "keep_secret": "y",
        "consent": "y",
    } | changes
    return {f"rows-{number}-{name}": value for name, value in said.items()}


def test_each_person_gets_a_report_and_the_meeting_is_kept(client: FlaskClient) -> None:
    with write_unit():
        actor = make_person("religious_org", unit=a_unit())[1]
        rows = {0: a_row(contact=Contact("Cà Văn Noọng")), 3: a_row(description=SPRING)}
        receipts = record_meeting(actor, a_meeting(channel="religious"), rows, raw_key=new_key())
    reports = [receipt.report for receipt in receipts.values()]
    assert list(receipts) == [0, 3] and len({report.code for report in reports}) == 2
    assert {(report.channel, report.on_behalf) for report in reports} == {("religious", True)}
    assert [report.entered_by_id for report in reports] == [actor.person_id] * 2
    meeting = meeting_of(reports[1].id)
    assert meeting is not None and meeting.read_by == "Lò Thị Ẳng"
    assert meeting.held_on == today_local() - timedelta(days=1)
    assert meeting.unit.name == "Xã Mường Phăng" and meeting.consent_version


def test_the_same_list_again_gives_the_same_codes(client: FlaskClient) -> None:
    key, rows = new_key(), {0: a_row(), 1: a_row(description=SPRING)}
    with write_unit():
        actor = make_person("front_area", unit=a_unit())[1]
        first = record_meeting(actor, a_meeting(), rows, raw_key=key)
        codes = [receipt.tracking_code for receipt in first.values()]
    with write_unit():
        again = record_meeting(actor, a_meeting(), rows, raw_key=key)
        assert [receipt.tracking_code for receipt in again.values()] == codes
    assert (count(), session().scalar(select(func.count(Meeting.id)))) == (2, 1)


def test_who_may_not_send_for_others_may_not_record_a_meeting(client: FlaskClient) -> None:
    with write_unit(), pytest.raises(Forbidden):
        record_meeting(GUEST, a_meeting(), {0: a_row()}, raw_key=new_key())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"held_on": None}, "held_on"),
        ({"held_on": today_local() + timedelta(days=2)}, "held_on"),
        ({"place": " "}, "place"),
        ({"place": "a" * 161}, "place"),
        ({"read_by": None}, "read_by"),
        ({"channel": "web"}, "channel"),
        ({"unit": None}, "rows-0-location"),
    ],
)
def test_a_wrong_meeting_is_told_by_field(
    client: FlaskClient, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused, write_unit():
        actor = make_person("front_area", unit=a_unit())[1]
        record_meeting(actor, a_meeting(**changes), {0: a_row()}, raw_key=new_key())
    assert field in refused.value.fields and count() == 0


def test_an_empty_list_is_refused(client: FlaskClient) -> None:
    with pytest.raises(Invalid) as refused, write_unit():
        actor = make_person("front_area", unit=a_unit())[1]
        record_meeting(actor, a_meeting(), {}, raw_key=new_key())
    assert "rows" in refused.value.fields


def test_one_person_who_did_not_agree_stops_the_whole_list(client: FlaskClient) -> None:
    fields = at_the_list(client)
    refused = client.post("/can-bo/buoi-hop", data=fields | row(1, consent=""))
    assert refused.status_code == 422 and count() == 0
    assert "Cần ông/bà đồng ý" in refused.text and "Cà Văn Noọng" in refused.text
    mended = client.post("/can-bo/buoi-hop", data=fields | row(1))
    assert mended.status_code == 201 and count() == 2


def test_slips_open_each_its_own_report(client: FlaskClient) -> None:
    fields = at_the_list(client) | row(2, name="", description=SPRING, category="water")
    answer = client.post("/can-bo/buoi-hop", data=fields)
    codes = CODE.findall(answer.text)
    assert answer.status_code == 201 and len(codes) == 2
    assert answer.text.count('class="mx-qr"') == 2 and "Cà Văn Noọng" in answer.text
    opened = [report_by_tracking_code(code).description for code in codes]
    assert opened == [WORDS, SPRING]
    again = client.post("/can-bo/buoi-hop", data=fields)
    assert again.status_code == 200 and CODE.findall(again.text) == codes


def test_more_rows_keep_what_was_typed(client: FlaskClient) -> None:
    fields = at_the_list(client)
    page = client.post("/can-bo/buoi-hop", data=fields | {"more": "y"})
    assert page.status_code == 200 and count() == 0
    assert WORDS in page.text and "Người thứ 6" in page.text
    assert hidden(page.text, "idempotency_key") == fields["idempotency_key"]


def test_a_row_outside_the_list_of_units_is_told_at_the_meeting(client: FlaskClient) -> None:
    refused = client.post("/can-bo/buoi-hop", data=at_the_list(client) | {"unit": "gso-2025:99999"})
    assert refused.status_code == 422 and "Không có xã, phường này" in refused.text


@pytest.mark.parametrize("role", ["member_org", "religious_org", "front_area"])
def test_who_speaks_for_people_finds_the_list(client: FlaskClient, role: str) -> None:
    assert at_the_list(client, role)["idempotency_key"]


def test_the_front_reads_of_the_meeting_and_of_the_language(client: FlaskClient) -> None:
    with write_unit():
        actor = make_person("front_area", unit=a_unit())[1]
        said = a_row(preferred_language="mong", interpreter_needed=True)
        receipts = record_meeting(actor, a_meeting(), {0: said}, raw_key=new_key())
        code = receipts[0].report.code
        officer = make_person("front_commune", unit=a_unit())[0]
    sign_in(client, officer.email)
    page = client.get(f"/can-bo/phan-anh/{code}").text
    assert "Lời đồng ý do Lò Thị Ẳng đọc" in page
    assert "Tiếng Mông" in page and "cần người phiên dịch" in page
