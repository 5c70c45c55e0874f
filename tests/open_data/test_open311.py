"""GeoReport v2: shapes as the specification has them, nothing before it is public."""

import io
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from sqlalchemy import func, inspect, select

from tests.factories.cases import make_case, make_line, move_case
from tests.factories.clock import FrozenClock
from tests.factories.open_data import a_key, an_administrator
from tests.factories.reporting import LAT, LON, a_jpeg
from tests.open_data import georeport_schema as schema
from webapp.cases.models import Case
from webapp.core import clock
from webapp.core.unit_of_work import session, write_unit
from webapp.open_data.models import ApiKey, OpenRequest
from webapp.open_data.operations.keys import revoke_key
from webapp.reporting.models import Report, ReportIdentity

ROOT = "/open311/v2"


def valid(answer: Any, shape: dict[str, Any], status: int = 200) -> Any:
    """The JSON of an answer, after it passed the schema."""
    assert answer.status_code == status, answer.text
    problems = [error.message for error in Draft202012Validator(shape).iter_errors(answer.json)]
    assert problems == []
    return answer.json


def form(key: str, **changes: Any) -> dict[str, Any]:
    """A sound report by a partner."""
    values = {
        "api_key": key,
        "service_code": "dumping.river_dump",
        "lat": str(LAT),
        "long": str(LON),
        "description": "Rác đổ ven suối Nậm Phăng.",
        "first_name": "Quàng",
        "last_name": "Thị Xôm",
        "phone": "0912 345 678",
        "email": "xom@noi-cap.vn",
        "device_id": "may-cua-chi-xom",
    }
    return values | changes


def a_public_case(**changes: Any) -> Case:
    """A case that became public yesterday."""
    with write_unit():
        at = clock.now() - timedelta(days=1)
        case = make_case("assessed", public_since=at, **changes)
        make_line(case, "Mặt trận xã đã xem xét.", at=at, visible_from=at)
    return case


def test_discovery_services_and_definition(client: FlaskClient) -> None:
    found = valid(client.get(f"{ROOT}/discovery.json"), schema.DISCOVERY)
    assert found["endpoints"][0]["url"] == "http://localhost/open311/v2"
    services = valid(client.get(f"{ROOT}/services.json"), schema.SERVICES)
    by_code = {each["service_code"]: each for each in services}
    assert by_code["dumping.river_dump"]["type"] == "batch"
    assert by_code["dispute"]["type"] == "blackbox"
    valid(client.get(f"{ROOT}/services/dumping.river_dump.json"), schema.DEFINITION)
    missing = valid(client.get(f"{ROOT}/services/khong-co.json"), schema.ERRORS, 404)
    assert missing[0]["code"] == 404


def test_services_speak_english_under_the_prefix(client: FlaskClient) -> None:
    vi = client.get(f"{ROOT}/services.json").json
    en = client.get(f"/en{ROOT}/services.json").json
    assert [each["service_code"] for each in vi] == [each["service_code"] for each in en]
    assert vi[0]["service_name"] != en[0]["service_name"]


def test_only_listed_cases_are_requests(client: FlaskClient, frozen: FrozenClock) -> None:
    shown = a_public_case()
    with write_unit():
        hidden = make_case("received")
        dismissed = make_case("dismissed", public_since=clock.now())
    rows = valid(client.get(f"{ROOT}/requests.json"), schema.REQUESTS)
    assert [row["service_request_id"] for row in rows] == [shown.code]
    (row,) = rows
    assert (row["lat"], row["long"]) == (shown.public_lat, shown.public_lon)
    assert row["status_notes"] == "Mặt trận xã đã xem xét."
    assert row["requested_datetime"] == "2026-03-01T00:00:00+07:00"
    for code in (hidden.code, dismissed.code, "VV0000000"):
        valid(client.get(f"{ROOT}/requests/{code}.json"), schema.ERRORS, 404)
        many = client.get(f"{ROOT}/requests.json?service_request_id={code},{shown.code}").json
        assert [each["service_request_id"] for each in many] == [shown.code]
    one = valid(client.get(f"{ROOT}/requests/{shown.code}.json?extensions=true"), schema.EXTENDED)
    assert one[0]["extended_attributes"]["reports_from_5"] is None


def test_what_may_be_asked(client: FlaskClient, frozen: FrozenClock) -> None:
    first, second = a_public_case(), a_public_case(category_code="burning")
    with write_unit():
        move_case(session().merge(second), "closed")

    def codes(query: str) -> set[str]:
        rows = valid(client.get(f"{ROOT}/requests.json?{query}"), schema.REQUESTS)
        return {row["service_request_id"] for row in rows}

    both = {first.code, second.code}
    lon, lat = first.public_lon, first.public_lat
    assert lon is not None and lat is not None
    assert codes("jurisdiction_id=bat-ky") == both
    assert codes("status=open") == {first.code} and codes("status=closed") == {second.code}
    assert codes("service_code=dumping") == {first.code}
    assert codes("service_code=dumping,burning") == both
    assert codes("start_date=2026-03-01T00:00:00%2B07:00") == both
    assert codes("start_date=2026-03-01T00:00:01%2B07:00") == set()
    assert codes("end_date=2026-02-28T23:00:00%2B07:00") == set()
    assert codes(f"bbox={lon - 0.01},{lat - 0.01},{lon + 0.01},{lat + 0.01}") == both
    assert codes(f"bbox={lat - 0.01},{lat - 0.01},{lat + 0.01},{lat + 0.01}") == set()
    assert codes("media=true") == set()
    assert codes("page_size=1") == {second.code} and codes("page_size=1&page=2") == {first.code}
    assert codes("page=9000") == set()


def test_the_default_window_is_ninety_days(client: FlaskClient, frozen: FrozenClock) -> None:
    with write_unit():
        old = make_case("assessed", public_since=clock.now() - timedelta(days=100))
    assert client.get(f"{ROOT}/requests.json").json == []
    found = client.get(f"{ROOT}/requests.json?start_date=2025-11-01").json
    assert [row["service_request_id"] for row in found] == [old.code]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("start_date=hom-qua", 400),
        ("start_date=2025-01-01&end_date=2026-01-01", 400),
        ("bbox=1,2,3", 400),
        ("bbox=21.4,103.0,21.6,103.2", 400),
        ("page=0", 400),
        ("page=٣", 400),
        ("page_size=nhiều", 400),
        ("status=xong", 400),
        ("service_code=khong-co", 404),
        ("service_request_id=%00", 400),
    ],
)
def test_a_wrong_question_gets_the_protocols_own_error(
    client: FlaskClient, query: str, status: int
) -> None:
    errors = valid(client.get(f"{ROOT}/requests.json?{query}"), schema.ERRORS, status)
    assert errors[0]["code"] == status


def test_an_unknown_address_answers_in_its_shape_too(client: FlaskClient) -> None:
    valid(client.get(f"{ROOT}/khac.json"), schema.ERRORS, 404)
    valid(client.delete(f"{ROOT}/requests.json"), schema.ERRORS, 404)
    answer = client.get(f"{ROOT}/khac.xml")
    assert ElementTree.fromstring(answer.data).find("error/code").text == "404"  # noqa: S314


@pytest.mark.parametrize("count", [0, 1, 2])
def test_xml_by_a_plain_parser(client: FlaskClient, frozen: FrozenClock, count: int) -> None:
    made = [a_public_case(summary=f"Rác & <khói> {n} \x0b") for n in range(count)]
    answer = client.get(f"{ROOT}/requests.xml")
    assert answer.content_type == "text/xml; charset=utf-8"
    top = ElementTree.fromstring(answer.data)  # noqa: S314
    assert top.tag == "service_requests"
    found = [each.findtext("service_request_id") for each in top.findall("request")]
    assert sorted(map(str, found)) == sorted(case.code for case in made)
    for each in top.findall("request"):
        assert "& <khói>" in str(each.findtext("description"))
        assert each.findtext("zipcode") == ""


def test_xml_of_services_definition_and_discovery(client: FlaskClient) -> None:
    services = ElementTree.fromstring(client.get(f"{ROOT}/services.xml").data)  # noqa: S314
    assert services.tag == "services" and services.findtext("service/metadata") == "true"
    definition = ElementTree.fromstring(client.get(f"{ROOT}/services/dumping.xml").data)  # noqa: S314
    assert definition.tag == "service_definition"
    assert definition.findtext("attributes/attribute/values/value/key") == "sudden"
    discovery = ElementTree.fromstring(client.get(f"{ROOT}/discovery.xml").data)  # noqa: S314
    assert discovery.findtext("endpoints/endpoint/formats/format") == "application/json"


def test_a_partner_sends_a_report(client: FlaskClient, frozen: FrozenClock) -> None:
    key, text = a_key()
    photo = (io.BytesIO(a_jpeg()), "anh.jpg")
    made = valid(
        client.post(f"{ROOT}/requests.json", data=form(text, media=photo)), schema.CREATED, 201
    )
    (report,) = session().scalars(select(Report))
    assert report.channel == "other" and report.photos[0].photo.state == "stored"
    assert (report.lon, report.lat) == (LON, LAT)
    identity = session().scalars(select(ReportIdentity)).one()
    assert identity.phone_sealed and b"0912345678" not in identity.phone_sealed
    assert session().get_one(ApiKey, key.id).last_used_on == clock.today_local()
    token = made[0]["token"]
    waiting = valid(client.get(f"{ROOT}/tokens/{token}.json"), schema.TOKEN)
    assert waiting == [{"service_request_id": None, "token": token}]
    with write_unit():
        case = make_case("assessed", public_since=clock.now())
        locked = session().get_one(Report, report.id)
        locked.state, locked.case_id = "attached", case.id
    known = client.get(f"{ROOT}/tokens/{token}")
    assert known.json[0]["service_request_id"] == case.code
    assert known.headers["Cache-Control"] == "private, no-store"
    with write_unit():
        move_case(session().get_one(Case, case.id), "received", public_since=None)
    assert client.get(f"{ROOT}/tokens/{token}.json").json[0]["service_request_id"] is None
    valid(client.get(f"{ROOT}/tokens/khong-co.json"), schema.ERRORS, 404)


def test_nothing_of_the_device_is_kept(client: FlaskClient) -> None:
    _key, text = a_key()
    answer = client.post(f"{ROOT}/requests.json", data=form(text, account_id="tai-khoan-7"))
    assert answer.status_code == 201
    for table in (Report, OpenRequest, ReportIdentity, ApiKey):
        for row in session().scalars(select(table)):  # type: ignore[var-annotated]
            columns = inspect(type(row)).column_attrs
            kept = repr({column.key: getattr(row, column.key) for column in columns})
            assert "may-cua-chi-xom" not in kept and "tai-khoan-7" not in kept and text not in kept


def test_the_same_body_within_a_day_is_the_same_request(
    client: FlaskClient, frozen: FrozenClock
) -> None:
    _key, text = a_key()
    _other, other_text = a_key("Cổng của thành phố")

    def send(key: str, **changes: Any) -> tuple[int, str]:
        answer = client.post(f"{ROOT}/requests.json", data=form(key, **changes))
        return answer.status_code, answer.json[0]["token"]

    status, token = send(text)
    assert status == 201
    assert send(text) == (200, token)
    assert send(text, device_id="may-khac") == (200, token)
    frozen.forward(hours=23, minutes=59)
    assert send(text) == (200, token)
    assert send(other_text)[1] != token
    assert send(text, description="Rác khác.")[1] != token
    frozen.forward(minutes=2)
    again = send(text)
    assert again[0] == 201 and again[1] != token
    assert session().scalar(select(func.count(Report.id))) == 4


@pytest.mark.parametrize(
    ("changes", "status", "named"),
    [
        ({"service_code": "khong-co"}, 400, "service_code"),
        ({"service_code": ""}, 400, "service_code"),
        ({"lat": LON, "long": LAT}, 400, "lat, long"),
        ({"lat": "NaN"}, 400, "lat, long"),
        ({"lat": "", "long": ""}, 400, ""),
        ({"lat": "48.85", "long": "2.35"}, 400, ""),
        ({"description": ""}, 400, "description"),
        ({"description": "x" * 4001}, 400, "description"),
        ({"email": "không"}, 400, "email"),
        ({"media_url": "javascript:alert(1)"}, 400, "media_url"),
        ({"attribute[observed_at]": "hôm qua"}, 400, "observed_at"),
        ({"attribute[households_affected]": "nhiều"}, 400, "households_affected"),
        ({"attribute[nature]": "lạ"}, 400, "nature"),
        ({"api_key": "sai"}, 403, ""),
        ({"api_key": ""}, 403, ""),
    ],
)
def test_a_wrong_report_is_refused_and_nothing_stored(
    client: FlaskClient, changes: dict[str, Any], status: int, named: str
) -> None:
    _key, text = a_key()
    answer = client.post(f"{ROOT}/requests.json", data=form(text, **changes))
    errors = valid(answer, schema.ERRORS, status)
    assert named in errors[0]["description"]
    assert session().scalar(select(func.count(Report.id))) == 0


def test_a_revoked_key_and_a_file_that_is_no_photo(client: FlaskClient) -> None:
    key, text = a_key()
    broken = (io.BytesIO(b"<svg onload=alert(1)>"), "anh.svg")
    answer = client.post(f"{ROOT}/requests.json", data=form(text, media=broken))
    valid(answer, schema.ERRORS, 415)
    with write_unit():
        revoke_key(an_administrator(), key.id)
    valid(client.post(f"{ROOT}/requests.json", data=form(text)), schema.ERRORS, 403)
    assert session().scalar(select(func.count(Report.id))) == 0


def test_a_picture_elsewhere_is_noted_and_never_fetched(client: FlaskClient) -> None:
    _key, text = a_key()
    url = "https://anh.example/1.jpg"  # every connection but loopback fails in tests
    assert client.post(f"{ROOT}/requests.xml", data=form(text, media_url=url)).status_code == 201
    assert url in (session().scalars(select(Report.description)).one() or "")


def test_wrong_keys_are_slowed_down(client: FlaskClient) -> None:
    for _number in range(30):
        assert client.post(f"{ROOT}/requests.json", data=form("sai")).status_code == 403
    answer = client.post(f"{ROOT}/requests.json", data=form("sai"))
    valid(answer, schema.ERRORS, 429)
    assert answer.headers["Retry-After"]


def test_anybody_elsewhere_may_read_and_caches_may_keep(client: FlaskClient) -> None:
    answer = client.get(f"{ROOT}/services.json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"].startswith("public")
    assert "Set-Cookie" not in answer.headers
