"""Who is affected too: near public cases, following one, being told, leaving again."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from geo.points import Point
from tests.factories import outcomes
from tests.factories.accounts import make_person, sign_in
from tests.factories.cases import AT_NA_TAU, make_case, make_line, move_case
from tests.factories.clock import MONDAY, FrozenClock
from tests.factories.directory import a_unit
from tests.factories.reporting import new_key
from webapp.audit.models import AuditEntry
from webapp.cases.events import CaseMoved
from webapp.cases.models import Case, CaseVote
from webapp.cases.near import near_public_cases
from webapp.community.models import CaseFollower
from webapp.community.operations import follow_case, follower_email, leave_case
from webapp.community.queries import Affected, affected
from webapp.core.actor import GUEST
from webapp.core.codes import keys, tracking_code
from webapp.core.events import announce
from webapp.core.unit_of_work import session, write_unit
from webapp.notifications.models import Notice
from webapp.notifications.recipients import recipients_of

CODE = re.compile(r'id="follow-code">([0-9A-Z ]{19})<')
YESTERDAY = MONDAY - timedelta(days=1)
EMAIL = "noong@thu.invalid"


def near(client: FlaskClient, point: Point = AT_NA_TAU, category: str = "p_waste") -> list[Any]:
    query = {"lon": f"{point.lon:.3f}", "lat": f"{point.lat:.3f}", "category": category}
    answer = client.get("/api/v1/cases/near", query_string=query)
    assert answer.status_code == 200, answer.text
    found: list[Any] = answer.json["cases"] if answer.json else []
    return found


def a_case(state: str = "assessed", **changes: Any) -> Case:
    return make_case(state, **({"public_since": YESTERDAY} | changes))


def follow(client: FlaskClient, case: Case, key: str | None = None, **body: Any) -> TestResponse:
    headers = {"Idempotency-Key": key or new_key()}
    return client.post(f"/api/v1/cases/{case.code}/affected", json=body, headers=headers)


def followers() -> int:
    return session().scalar(select(func.count(CaseFollower.id))) or 0


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]* value="([^"]*)"', page)
    assert found, name
    return found[1]


def test_an_open_case_of_the_same_matter_is_near(client: FlaskClient, frozen: FrozenClock) -> None:
    with write_unit():
        case = a_case(category_code="dumping.roadside", first_reported_at=YESTERDAY)
        a_case(category_code="air.odour")
    (found,) = near(client)
    assert found["case_code"] == case.code and found["days"] == 1
    assert (
        found["distance_m"] % 50 == 0 < found["distance_m"]
        and found["precision_m"] == case.precision_m
    )
    assert (found["households"], found["guests"]) == ("dưới 5", "dưới 5")
    assert found["url"] == f"/vu-viec/{case.code}" and "Mường Phăng" in found["title"]


def by_form(client: FlaskClient, **fields: str) -> str:
    """Send a report as a browser without script does; the page that comes back."""
    page = client.get("/gui-phan-anh").text
    kept = {name: hidden(page, name) for name in ("csrf_token", "idempotency_key")}
    words = {"consent_version": hidden(page, "consent_version"), "consent": "y"}
    answer = client.post("/gui-phan-anh", data=kept | words | {"description": "Rác."} | fields)
    assert answer.status_code == 201, answer.text
    return answer.text


def test_who_sends_without_script_is_offered_near_cases_on_the_receipt(
    client: FlaskClient, frozen: FrozenClock
) -> None:
    unit = f"{a_unit().code_system}:{a_unit().code}"
    with write_unit():
        case = a_case(category_code="dumping.roadside", first_reported_at=YESTERDAY)
        here = {"lon": f"{case.public_lon}", "lat": f"{case.public_lat}", "accuracy_m": "20"}
        there = here | {"lat": f"{case.public_lat + 0.0009}"}  # 100 m north
        a_case("closed", category_code="dumping.roadside")
        a_case(category_code="dumping.roadside", secret=True)
    offered = f"/vu-viec/{case.code}/toi-cung-bi-anh-huong"
    by_point = by_form(client, category="p_waste", source="gps", **here)
    a_little_off = by_form(client, category="p_waste", source="gps", **there)
    by_unit = by_form(client, category="p_waste", unit=unit, place_note="Sau chợ")
    for page in (by_point, a_little_off, by_unit):
        assert page.count("/toi-cung-bi-anh-huong") == 1 and offered in page
        assert "1 ngày trước" in page and "dưới 5 hộ, dưới 5 khách" in page
    assert "ngay gần đây · " in by_point and "cách khoảng 100 m · " in a_little_off
    assert "gần đây · " not in by_unit and " m · " not in by_unit
    for category in ("p_water", "extraction.sand"):
        page = by_form(client, category=category, unit=unit, place_note="Sau chợ")
        assert "toi-cung-bi-anh-huong" not in page, category


def test_the_distance_is_from_the_public_point_alone(app: Flask, frozen: FrozenClock) -> None:
    with write_unit():
        case = a_case()
        before = near_public_cases(AT_NA_TAU, "dumping")[0].distance_m
        case.lon, case.lat = AT_NA_TAU.lon + 0.01, AT_NA_TAU.lat
    assert near_public_cases(AT_NA_TAU, "dumping")[0].distance_m == before


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "closed"},
        {"state": "received", "public": False, "public_since": None},
        {"category_code": "extraction.sand"},
        {"category_code": "forest.logging"},
        {"secret": True},
        {"point": Point(AT_NA_TAU.lon + 0.03, AT_NA_TAU.lat)},
        {"public_since": MONDAY - timedelta(days=90)},
    ],
)
def test_what_is_finished_hidden_secret_far_or_old_is_not_offered(
    client: FlaskClient, frozen: FrozenClock, changes: dict[str, Any]
) -> None:
    with write_unit():
        a_case(**changes)
    assert near(client) + near(client, category="p_land") == []


def test_an_old_case_with_a_new_public_line_is_near(
    client: FlaskClient, frozen: FrozenClock
) -> None:
    with write_unit():
        case = a_case(public_since=MONDAY - timedelta(days=90))
        make_line(case, "Đang dọn.", at=YESTERDAY, visible_from=YESTERDAY)
    assert [each["case_code"] for each in near(client)] == [case.code]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"lon": "21.4", "lat": "103.1", "category": "p_waste"}, "location"),
        ({"lon": "nan", "lat": "21.4", "category": "p_waste"}, "location"),
        ({"lon": "103.1", "lat": "21.4", "category": "lạ"}, "category"),
        ({"lat": "21.4", "category": "p_waste"}, "lon"),
    ],
)
def test_a_wrong_question_is_told_by_field(
    client: FlaskClient, query: dict[str, str], field: str
) -> None:
    refused = client.get("/api/v1/cases/near", query_string=query)
    assert refused.status_code == 422 and refused.json and field in refused.json["fields"]


def test_a_guest_follows_once_per_key_and_reads_with_the_code(client: FlaskClient) -> None:
    with write_unit():
        case = make_case()
    key = new_key()
    first, again = follow(client, case, key), follow(client, case, key)
    assert (first.status_code, again.status_code) == (201, 200) and followers() == 1
    assert first.json and first.json == again.json
    code = first.json["follow_code"]
    headers = {"X-Follow-Code": code.lower()}
    shown = client.get(f"/api/v1/cases/{case.code}/affected", headers=headers)
    assert shown.status_code == 200 and shown.json and shown.json["state"] == "assessed"
    assert affected([case.id]) == {case.id: Affected(households=0, guests=1)}
    stored = session().scalars(select(CaseFollower)).one()
    assert code not in (stored.code_digest, stored.key_digest, stored.uid)


def test_a_key_of_another_case_is_refused(client: FlaskClient) -> None:
    with write_unit():
        one, other = make_case(), make_case()
    key = new_key()
    follow(client, one, key)
    refused = follow(client, other, key)
    assert refused.status_code == 422 and refused.json
    assert refused.json["type"].endswith("key-reused") and followers() == 1


def test_the_code_of_a_report_under_the_same_key_is_another(app: Flask) -> None:
    key = new_key()
    with write_unit():
        code = follow_case(GUEST, make_case().code, raw_key=key, locale="vi").follow_code
    assert code != tracking_code(key, keys().current)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"state": "closed"}, 409),
        ({"secret": True}, 409),
        ({"state": "received", "public": False}, 404),
        ({"state": "dismissed"}, 409),
    ],
)
def test_what_is_finished_secret_or_not_public_cannot_be_followed(
    client: FlaskClient, changes: dict[str, Any], status: int
) -> None:
    with write_unit():
        case = make_case(**changes)
    assert follow(client, case).status_code == status and followers() == 0


@pytest.mark.parametrize("email", ["không có", "a" * 170 + "@b.vn"])
def test_a_wrong_address_is_told(client: FlaskClient, email: str) -> None:
    with write_unit():
        case = make_case()
    refused = follow(client, case, email=email)
    assert refused.status_code == 422 and refused.json and "email" in refused.json["fields"]


def test_without_a_key_nothing_is_followed(client: FlaskClient) -> None:
    with write_unit():
        case = make_case()
    assert client.post(f"/api/v1/cases/{case.code}/affected", json={}).status_code == 400


def test_a_household_counts_once_and_apart_from_guests(app: Flask) -> None:
    with write_unit():
        actor, case = make_person("front_area", unit=a_unit())[1], make_case()
        one = follow_case(actor, case.code, raw_key=new_key(), locale="vi")
        two = follow_case(actor, case.code, raw_key=new_key(), locale="vi")
        follow_case(GUEST, case.code, raw_key=new_key(), locale="vi")
    assert (one.created, two.created) == (True, False) and one.follow_code != two.follow_code
    assert affected([case.id])[case.id] == Affected(households=1, guests=1)


def test_from_five_on_people_are_counted_in_public(client: FlaskClient) -> None:
    with write_unit():
        case = make_case()
        for number in range(5):
            person = make_person("front_area", unit=a_unit(), name=f"Người {number}")[1]
            follow_case(person, case.code, raw_key=new_key(), locale="vi")
        follow_case(GUEST, case.code, raw_key=new_key(), locale="vi")
    page = client.get(f"/vu-viec/{case.code}").text
    assert "Hộ có tài khoản cùng bị ảnh hưởng: 5. Khách cùng theo dõi: dưới 5." in page


def test_who_follows_a_merged_case_follows_where_it_went(client: FlaskClient) -> None:
    with write_unit():
        old, new = make_case(), make_case("inspecting")
        code = follow_case(GUEST, old.code, raw_key=new_key(), locale="vi").follow_code
        move_case(old, "merged", merged_into_id=new.id)
    headers = {"X-Follow-Code": code}
    shown = client.get(f"/api/v1/cases/{new.code}/affected", headers=headers)
    assert shown.json and (shown.json["case_code"], shown.json["state"]) == (new.code, "inspecting")
    assert affected([new.id])[new.id].guests == 1


def test_wrong_codes_open_nothing(client: FlaskClient) -> None:
    with write_unit():
        case, other = make_case(), make_case()
        code = follow_case(GUEST, case.code, raw_key=new_key(), locale="vi").follow_code
    wrong = client.get(f"/api/v1/cases/{case.code}/affected", headers={"X-Follow-Code": "0" * 16})
    of_other = client.get(f"/api/v1/cases/{other.code}/affected", headers={"X-Follow-Code": code})
    without = client.get(f"/api/v1/cases/{case.code}/affected")
    assert {each.status_code for each in (wrong, of_other, without)} == {404}


def test_leaving_removes_the_row_and_the_address(client: FlaskClient) -> None:
    with write_unit():
        case = make_case()
        following = follow_case(GUEST, case.code, raw_key=new_key(), email=EMAIL, locale="vi")
    assert follower_email(session().scalars(select(CaseFollower)).one()) == EMAIL
    headers = {"X-Follow-Code": following.follow_code}
    assert client.delete(f"/api/v1/cases/{case.code}/affected", headers=headers).status_code == 204
    assert followers() == 0
    actions = session().scalars(select(AuditEntry.action)).all()
    assert {"community.follow", "community.leave"} <= set(actions)


def test_who_comes_after_one_who_left_gets_none_of_their_notices(app: Flask) -> None:
    with write_unit():
        case = make_case()
        gone = follow_case(GUEST, case.code, raw_key=new_key(), email=EMAIL, locale="vi").follower
    gone_id = gone.id
    with write_unit():
        announce(CaseMoved(case.id, "x", "assessed", "local_action", None, None))
        leave_case(session().merge(gone))
        new = follow_case(GUEST, case.code, raw_key=new_key(), email=EMAIL, locale="vi").follower
    assert new.id != gone_id
    notice = session().scalars(select(Notice).where(Notice.message == "case.followed")).one()
    assert recipients_of(notice) == []


def test_followers_with_an_address_are_told_once_when_the_state_changes(app: Flask) -> None:
    with write_unit():
        case, person = make_case(), make_person("front_area", unit=a_unit())[1]
        follow_case(person, case.code, raw_key=new_key(), locale="vi")
        follow_case(GUEST, case.code, raw_key=new_key(), email=EMAIL, locale="en")
        follow_case(GUEST, case.code, raw_key=new_key(), locale="vi")  # left no address
    with write_unit():
        for to_state in ("local_action", "local_action", "awaiting_confirmation"):
            announce(CaseMoved(case.id, "x", "assessed", to_state, None, None))
        announce(CaseMoved(case.id, "urge", "assessed", "assessed", None, None))
    notices = session().scalars(select(Notice).where(Notice.message == "case.followed")).all()
    assert sorted(str(each.person_id) for each in notices) == sorted(
        ["None", str(person.person_id)]
    )
    (guest,) = [each for each in notices if each.person_id is None]
    (recipient,) = recipients_of(guest)
    assert recipient.to == EMAIL and EMAIL not in recipient.shown
    assert recipient.reader.language == "en"


def test_a_follower_says_whether_it_is_fixed(client: FlaskClient) -> None:
    with write_unit():
        case = outcomes.a_case()
        code = follow_case(GUEST, case.code, raw_key=new_key(), locale="vi").follow_code
    headers, url = {"X-Follow-Code": code}, f"/api/v1/cases/{case.code}/confirmation"
    assert client.post(url, json={"fixed": False}, headers=headers).status_code == 422
    said = client.post(url, json={"fixed": False, "words": "Còn rác."}, headers=headers)
    assert said.status_code == 200 and said.json and said.json["may_confirm"] is False
    vote = session().scalars(select(CaseVote)).one()
    assert (vote.role, vote.fixed, vote.words) == ("follower", False, "Còn rác.")


def test_without_script_from_the_public_page_to_leaving(client: FlaskClient) -> None:
    with write_unit():
        case = outcomes.a_case()
    public = client.get(f"/vu-viec/{case.code}")
    link = f"/vu-viec/{case.code}/toi-cung-bi-anh-huong"
    assert link in public.text and "Set-Cookie" not in public.headers
    page = client.get(link).text
    fields = {name: hidden(page, name) for name in ("csrf_token", "idempotency_key")}
    receipt = client.post(link, data=fields)
    found = CODE.search(receipt.text)
    assert receipt.status_code == 201 and found and 'class="mx-qr"' in receipt.text
    assert client.post(link, data=fields).status_code == 200 and followers() == 1
    token = {"csrf_token": hidden(client.get("/theo-doi").text, "csrf_token"), "code": found[1]}
    shown = client.post("/theo-doi", data=token)
    assert shown.status_code == 200 and "Việc này đã xong chưa?" in shown.text
    refused = client.post("/theo-doi/xac-nhan", data=token | {"words": "Chưa rõ."})
    assert refused.status_code == 422 and "Chưa rõ." in refused.text
    told = client.post("/theo-doi/xac-nhan", data=token | {"fixed": "yes"})
    assert "Đã ghi ý kiến của ông/bà." in told.text and "Việc này đã xong chưa?" not in told.text
    assert client.post("/theo-doi/thoi", data=token).status_code == 303 and followers() == 0
    assert client.post("/theo-doi", data=token).status_code == 404


def test_a_form_without_token_follows_nothing(client: FlaskClient) -> None:
    with write_unit():
        case = make_case()
    link = f"/vu-viec/{case.code}/toi-cung-bi-anh-huong"
    fields = {"csrf_token": "sai", "idempotency_key": new_key()}  # no password
    assert client.post(link, data=fields).status_code == 422 and followers() == 0


def test_a_wrong_address_stays_in_the_form(client: FlaskClient) -> None:
    with write_unit():
        case = make_case()
    link = f"/vu-viec/{case.code}/toi-cung-bi-anh-huong"
    page = client.get(link).text
    fields = {name: hidden(page, name) for name in ("csrf_token", "idempotency_key")}
    refused = client.post(link, data=fields | {"email": "không có"})
    assert refused.status_code == 422 and "không có" in refused.text


def test_a_finished_case_says_so_and_a_secret_one_offers_nothing(client: FlaskClient) -> None:
    with write_unit():
        closed, secret = make_case("closed"), make_case(secret=True)
    link = "/vu-viec/{}/toi-cung-bi-anh-huong"
    assert "không mở để theo dõi" in client.get(link.format(closed.code)).text
    assert "toi-cung-bi" not in client.get(f"/vu-viec/{secret.code}").text
    assert client.get(link.format("VV0")).status_code == 404


def test_a_signed_in_person_sees_what_they_follow(client: FlaskClient) -> None:
    with write_unit():
        account, actor = make_person("front_area", unit=a_unit())
        case = make_case()
        follow_case(actor, case.code, raw_key=new_key(), locale="vi")
    sign_in(client, account.email)
    assert f"/vu-viec/{case.code}" in client.get("/theo-doi").text
    assert client.get(f"/api/v1/cases/{case.code}/affected").status_code == 200


def test_the_front_reads_exact_numbers(client: FlaskClient) -> None:
    with write_unit():
        officer, case = make_person("front_commune", unit=a_unit())[0], make_case()
        follow_case(GUEST, case.code, raw_key=new_key(), locale="vi")
    sign_in(client, officer.email)
    assert "0 hộ có tài khoản, 1 khách" in client.get(f"/can-bo/vu-viec/{case.code}").text
