"""OGC API Features: what the standard asks, the counts of SQL, nothing but public points."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from geo.points import Point
from tests.factories.cases import make_case
from tests.factories.outcomes import a_case, an_outcome
from webapp.cases.models import Case
from webapp.core.unit_of_work import session, write_unit
from webapp.directory.models import Unit

FIRST = datetime(2026, 2, 1, 20, 0, tzinfo=UTC)  # the local day is 2 February


def ask(client: FlaskClient, path: str, status: int = 200) -> Any:
    answer = client.get(f"/ogc{path}")
    assert answer.status_code == status, answer.text
    return answer.json


def several(count: int = 7) -> list[Case]:
    """Public cases on a line to the east, a day apart."""
    with write_unit():
        return [
            make_case(
                "assessed",
                point=Point(103.0 + number / 50, 21.4),
                public_since=FIRST + timedelta(days=number),
            )
            for number in range(count)
        ]


def test_landing_leads_to_everything(client: FlaskClient) -> None:
    links = {each["rel"]: each for each in ask(client, "/")["links"]}
    assert {"self", "service-desc", "service-doc", "conformance", "data"} <= set(links)
    assert links["service-desc"]["type"] == "application/vnd.oai.openapi+json;version=3.0"
    assert links["service-desc"]["href"] == "http://localhost/ogc/api"
    assert len(ask(client, "/conformance")["conformsTo"]) == 4
    every = ask(client, "/collections")["collections"]
    assert [each["id"] for each in every] == ["cases", "outcomes", "hotspots", "units"]


def test_openapi_tells_the_limit_of_every_collection(client: FlaskClient) -> None:
    document = ask(client, "/api")
    for name in ("cases", "outcomes", "hotspots", "units"):
        asked = document["paths"][f"/collections/{name}/items"]["get"]["parameters"]
        assert {"$ref": "#/components/parameters/limit"} in asked
    limit = document["components"]["parameters"]["limit"]["schema"]
    assert (limit["default"], limit["maximum"]) == (1000, 10_000)


def test_every_public_case_and_no_other(client: FlaskClient) -> None:
    made = several(2)
    with write_unit():
        hidden = make_case("received")
        make_case("dismissed")
        make_case("assessed", category_code="dispute")
    found = ask(client, "/collections/cases/items")
    assert [each["id"] for each in found["features"]] == [case.code for case in made]
    assert (found["numberMatched"], found["numberReturned"]) == (2, 2)
    feature = found["features"][0]
    assert feature["geometry"]["coordinates"] == [made[0].public_lon, made[0].public_lat]
    assert feature["properties"]["public_since"] == "2026-02-02"
    assert feature["properties"]["reports"] is None
    ask(client, f"/collections/cases/items/{hidden.code}", 404)
    one = ask(client, f"/collections/cases/items/{made[0].code}")
    assert one["properties"] == feature["properties"]


def test_columns_are_those_of_the_schema(client: FlaskClient) -> None:
    several(1)
    with write_unit():
        an_outcome(a_case(state="closed"), state="published")
    for name in ("cases", "outcomes", "units"):
        known = ask(client, f"/collections/{name}/schema")["properties"]
        (row, *_rest) = ask(client, f"/collections/{name}/items?limit=1")["features"]
        assert list(row["properties"]) == list(known)


def test_pages_follow_each_other_without_gap_or_repetition(client: FlaskClient) -> None:
    made = several()
    seen: list[str] = []
    url: str | None = "http://localhost/ogc/collections/cases/items?limit=3"
    pages = 0
    while url:
        page = client.get(url).json
        assert page["numberMatched"] == len(made)
        seen += [each["id"] for each in page["features"]]
        url = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)
        pages += 1
    assert seen == [case.code for case in made] and pages == 3


def test_box_and_time_give_the_counts_of_sql(client: FlaskClient) -> None:
    several()
    boxes = (
        (102.99, 21.3, 103.05, 21.5),
        (103.05, 21.39, 103.2, 21.41),
        (103.0, 22.0, 104.0, 23.0),
    )
    in_box = text(
        "SELECT count(*) FROM case_file WHERE public_lon BETWEEN :w AND :e"
        " AND public_lat BETWEEN :s AND :n"
    )
    for west, south, east, north in boxes:
        counted = session().scalar(in_box, {"w": west, "s": south, "e": east, "n": north})
        query = f"bbox={west},{south},{east},{north}"
        assert ask(client, f"/collections/cases/items?{query}")["numberMatched"] == counted
    spans = {
        "2026-02-02": 1,
        "2026-02-01": 0,
        "2026-02-03T10:00:00Z": 1,
        "2026-02-03/2026-02-05": 3,
        "../2026-02-03": 2,
        "2026-02-07/..": 2,
        "2026-02-03T17:00:00Z/..": 5,
    }
    for span, expected in spans.items():
        found = ask(client, f"/collections/cases/items?datetime={span}")
        assert found["numberMatched"] == expected, span


def test_outcomes_leave_when_they_are_retracted(client: FlaskClient) -> None:
    with write_unit():
        page = an_outcome(a_case(state="closed"), state="published")
        an_outcome(a_case(state="closed"), state="draft")
    (found,) = ask(client, "/collections/outcomes/items")["features"]
    assert found["properties"]["front_words"].startswith("Mặt trận xã")
    with write_unit():
        session().merge(page).state = "retracted"
    assert ask(client, "/collections/outcomes/items")["features"] == []
    ask(client, f"/collections/outcomes/items/{found['id']}", 404)


def test_hotspots_have_a_schema_and_no_feature_yet(client: FlaskClient) -> None:
    assert "hotspot_code" in ask(client, "/collections/hotspots/schema")["properties"]
    found = ask(client, "/collections/hotspots/items")
    assert (found["features"], found["numberMatched"]) == ([], 0)
    ask(client, "/collections/hotspots/items/DN1", 404)


def test_units_of_all_times(client: FlaskClient) -> None:
    everything = ask(client, "/collections/units/items?limit=10000")
    assert everything["numberMatched"] == session().query(Unit).count()
    before = ask(client, "/collections/units/items?datetime=2025-06-30")["numberMatched"]
    after = ask(client, "/collections/units/items?datetime=2025-07-01")["numberMatched"]
    assert before > after > 0
    here = ask(
        client, "/collections/units/items?bbox=103.14,21.46,103.16,21.48&datetime=2026-03-02"
    )
    names = {each["properties"]["unit_name"] for each in here["features"]}
    assert "Xã Mường Phăng" in names and here["numberMatched"] < 10
    one = ask(client, "/collections/units/items/gso-2025:03325")
    assert one["geometry"]["type"] == "MultiPolygon"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/collections/khac", 404),
        ("/collections/khac/items", 404),
        ("/khac", 404),
        ("/collections/cases/items?limit=0", 400),
        ("/collections/cases/items?limit=abc", 400),
        ("/collections/cases/items?limit=-1", 400),
        ("/collections/cases/items?bbox=1,2,3", 400),
        ("/collections/cases/items?bbox=a,b,c,d", 400),
        ("/collections/cases/items?datetime=hom-qua", 400),
        ("/collections/cases/items?datetime=2026-03-02/2026-03-01", 400),
        ("/collections/cases/items?datetime=../..", 200),
        ("/collections/cases/items?after=VV0000000", 400),
        ("/collections/cases/items?mau=xanh", 400),
        ("/collections/cases/items?f=kml", 400),
        ("/collections/units/items?after=khong-co", 400),
        ("/collections/units/items/%00", 400),
        ("/?mau=xanh", 400),
    ],
)
def test_a_wrong_question_gets_the_standards_own_error(
    client: FlaskClient, path: str, status: int
) -> None:
    found = ask(client, path, status)
    if status != 200:
        assert set(found) == {"code", "description"}


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/conformance",
        "/api",
        "/collections",
        "/collections/cases",
        "/collections/cases/schema",
        "/collections/cases/items",
        "/collections/hotspots/items",
    ],
)
def test_people_read_it_as_a_page(client: FlaskClient, path: str) -> None:
    several(1)
    for address, language in ((f"/ogc{path}?f=html", "vi"), (f"/en/ogc{path}?f=html", "en")):
        answer = client.get(address)
        assert answer.content_type == "text/html; charset=utf-8"
        assert f'<html lang="{language}">' in answer.text
    browser = client.get(f"/ogc{path}", headers={"Accept": "text/html,*/*;q=0.8"})
    assert browser.content_type.startswith("text/html")
