"""The map of published outcomes: each of the list, and none that readers may not know of."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.factories.accounts import make_person
from tests.factories.cases import make_case, move_case
from tests.factories.directory import NA_TAU, a_unit
from tests.factories.outcomes import a_case, an_outcome
from webapp.cases.models import Case
from webapp.core.unit_of_work import write_unit
from webapp.directory.queries import predecessors
from webapp.outcomes.models import Outcome
from webapp.outcomes.operations import retract_outcome

BOX = "103.00,21.35,103.25,21.55"
ZOOMS = (6, 12, 15, 18)


def on_map(client: FlaskClient, zoom: int, **query: Any) -> Any:
    asked = {"bbox": BOX, "zoom": zoom, "results": "1", **query}
    answer = client.get("/api/v1/map", query_string=asked)
    assert answer.status_code == 200, answer.text
    return answer


def counted(client: FlaskClient, zoom: int, **query: Any) -> int:
    features = on_map(client, zoom, **query).json["features"]
    return sum(each["properties"].get("count", 1) for each in features)


def published(state: str = "published", **changes: Any) -> Case:
    case = make_case("closed", **changes)
    an_outcome(case, state=state)
    return case


def _of_a_secret_matter() -> None:
    """As ``recategorise`` leaves it."""
    move_case(published(), "closed", category="burial", public_since=None)


HIDDEN = {
    "never written": lambda: make_case("closed"),
    "draft": lambda: published("draft"),
    "approved": lambda: published("approved"),
    "retracted": lambda: published("retracted"),
    "dismissed": lambda: move_case(published(), "dismissed"),
    "handed over": lambda: move_case(published(), "handed_over"),
    "of a secret matter": _of_a_secret_matter,
}


@pytest.mark.parametrize("name", HIDDEN)
def test_what_is_not_published_is_nowhere(client: FlaskClient, name: str) -> None:
    with write_unit():
        HIDDEN[name]()
        shown = published("corrected")
    for zoom in ZOOMS:
        assert counted(client, zoom) == 1, zoom
    (point,) = on_map(client, 15).json["features"]
    assert point["properties"]["case_code"] == shown.code
    assert point["geometry"]["coordinates"] == [shown.public_lon, shown.public_lat]


def test_what_is_taken_back_leaves_the_map_of_who_has_it(client: FlaskClient) -> None:
    with write_unit():
        case = a_case()
        outcome = an_outcome(case, state="published")
        _account, publisher = make_person("publisher", unit=a_unit())
    for zoom in ZOOMS:
        before = on_map(client, zoom)
        assert before.json["features"], zoom
        _taken_back(publisher, outcome)
        asked = {"bbox": BOX, "zoom": zoom, "results": "1"}
        tag = {"If-None-Match": before.headers["ETag"]}
        after = client.get("/api/v1/map", query_string=asked, headers=tag)
        assert after.status_code == 200 and after.json["features"] == [], zoom
        with write_unit():
            outcome.state = "published"


def _taken_back(publisher: Any, outcome: Outcome) -> None:
    with write_unit():
        retract_outcome(publisher, outcome, why="private", words="Thấy nhà bà hàng xóm.")


def test_map_and_list_find_the_same(client: FlaskClient) -> None:
    with write_unit():
        published(conclusion="violation", summary="Đổ trộm phế thải ở suối Nậm Rốm.")
        published("corrected", conclusion="none", category_code="burning")
        published(unit=a_unit(NA_TAU), conclusion="none")
        published("retracted", conclusion="none", summary="Phế thải.")
        make_case("closed", conclusion="violation")
    (old, *_more) = predecessors(a_unit(NA_TAU))
    questions: list[tuple[dict[str, str], int]] = [
        ({}, 3),
        ({"conclusion": "none"}, 2),
        ({"conclusion": "violation"}, 1),
        ({"category": "p_smoke"}, 1),
        ({"q": "phe thai"}, 1),
        ({"unit": f"{old.code_system}:{old.code}"}, 1),
        ({"unit": f"{old.code_system}:{old.code}", "conclusion": "violation"}, 0),
    ]
    for query, expected in questions:
        assert {zoom: counted(client, zoom, **query) for zoom in ZOOMS} == dict.fromkeys(
            ZOOMS, expected
        ), query
        page = client.get("/ket-qua", query_string=query).text
        listed = set(re.findall(r'mx-row-title"><a href="/ket-qua/(\w+)"', page))
        features = on_map(client, 15, **query).json["features"]
        assert {each["properties"]["case_code"] for each in features} == listed, query


@pytest.mark.parametrize("address", ["/vu-viec", "/ket-qua"])
def test_both_pages_load_no_map_before_it_is_asked_for(client: FlaskClient, address: str) -> None:
    page = client.get(address).text
    assert re.findall(r'<script[^>]* src="[^"]*/(\w+)-\w+\.js"', page) == ["outbox", "record"]
    assert not re.search(r"<(?:link|script)[^>]*leaflet", page)
    assert re.search(r"<noscript>.*Danh sách có đủ.*</noscript>", page)
