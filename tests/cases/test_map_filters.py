"""The map beside the list of cases shows what the list shows, for each of its questions."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from geo.points import Bbox
from tests.factories.cases import make_case, move_case
from tests.factories.directory import NA_TAU, a_unit, an_organisation
from tests.statements import asked, plans
from webapp.cases import public_map, word_search
from webapp.cases.public_filters import PublicFilters, register_facet
from webapp.cases.public_map import MapQuestion, map_features
from webapp.core.unit_of_work import write_unit
from webapp.directory.models import Unit
from webapp.directory.queries import predecessors
from webapp.outcomes.models import Outcome

BOX = "103.00,21.35,103.25,21.55"
ZOOMS = (8, 15)


def on_map(client: FlaskClient, zoom: int, **query: Any) -> Any:
    query = {"bbox": BOX, "zoom": zoom, "days": "exact", **query}
    answer = client.get("/api/v1/map", query_string=query)
    assert answer.status_code == 200, answer.text
    return answer.json


def count(answer: Any) -> int:
    return sum(each["properties"].get("count", 1) for each in answer["features"])


def codes(answer: Any) -> set[str]:
    return {each["properties"]["case_code"] for each in answer["features"]}


def listed(client: FlaskClient, **query: str) -> set[str]:
    page = client.get("/vu-viec", query_string=query).text
    return set(re.findall(r'mx-row-title"><a href="/vu-viec/(\w+)"', page))


def key(unit: Unit) -> str:
    return f"{unit.code_system}:{unit.code}"


@pytest.fixture
def _cases(app: object) -> None:
    """One question of ``QUESTIONS`` tells each of these from the others."""
    left = predecessors(a_unit())[0]
    with write_unit():
        make_case(summary="Đổ trộm phế thải ở suối Nậm Rốm.", overdue=True)
        make_case(unit=left, owner=an_organisation(), conclusion="violation")
        make_case("closed", unit=a_unit(NA_TAU), category_code="burning", conclusion="none")
        late = datetime(2026, 2, 20, 3, 0, tzinfo=UTC)
        make_case("inspecting", summary="Khói lò gạch.", public_since=late)
        make_case("received", summary="Phế thải nhưng chưa ai xem xét.")
        make_case("dismissed", summary="Phế thải nhưng không có thật.")
        make_case(point=None, summary="Không rõ chỗ nào.")


QUESTIONS: list[tuple[dict[str, str], int]] = [
    ({"q": "phe thai"}, 1),
    ({"q": "SUỐI nậm rốm"}, 1),
    ({"q": "phế thải", "category": "burning"}, 0),
    ({"q": "không có ở đâu"}, 0),
    ({"conclusion": "violation"}, 1),
    ({"conclusion": "none", "state": "closed"}, 1),
    ({"from": "2026-02-18", "to": "2026-02-21"}, 1),
    ({"from": "2026-02-21"}, 0),
    ({"overdue": "1", "q": "phế"}, 1),
    ({"q": "", "unit": "", "conclusion": ""}, 4),
]


@pytest.mark.usefixtures("_cases")
def test_map_and_list_find_the_same(client: FlaskClient) -> None:
    old = predecessors(a_unit())[0]
    units = [
        ({"unit": key(a_unit())}, 3),
        ({"unit": key(old)}, 3),  # an old name finds the cases of the unit that took its place
        ({"unit": key(a_unit(NA_TAU))}, 1),
        ({"unit": key(old), "q": "gach"}, 1),
    ]
    placeless = listed(client, q="khong ro cho nao")
    assert len(placeless) == 1
    for query, expected in QUESTIONS + units:
        found = {zoom: on_map(client, zoom, **query) for zoom in ZOOMS}
        assert {zoom: count(answer) for zoom, answer in found.items()} == dict.fromkeys(
            ZOOMS, expected
        ), query
        assert codes(found[15]) == listed(client, **query) - placeless, query


@pytest.mark.parametrize(
    "query",
    [
        {"unit": "gso-2025:xx"},
        {"unit": "xã nào"},
        {"conclusion": "x"},
        {"results": "có"},
        {"days": "month"},
    ],
)
def test_a_wrong_question_is_told_by_its_field(client: FlaskClient, query: dict[str, str]) -> None:
    answer = client.get("/api/v1/map", query_string={"bbox": BOX, "zoom": "9", **query})
    assert answer.status_code == 422
    assert list(answer.json["fields"]) == list(query)


def test_a_common_word_asks_for_less_in_a_far_view(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with write_unit():
        make_case(summary="Rác đổ ở chân dốc.")
        make_case(summary="Rác ở đầu bản.", unit=a_unit(NA_TAU))
    assert count(on_map(client, 12, q="rac")) == 2
    monkeypatch.setattr(word_search, "FEW", -1)
    far = on_map(client, 12, q="rac")
    assert (far["features"], far["too_many"]) == ([], True)
    for zoom, query, expected in (
        (12, {"q": "rac", "unit": key(a_unit(NA_TAU))}, 1),
        (15, {"q": "rac"}, 2),
    ):
        near = on_map(client, zoom, **query)
        assert count(near) == expected and "too_many" not in near, query


def test_a_changed_summary_is_told_to_who_has_the_answer_before(client: FlaskClient) -> None:
    with write_unit():
        case = make_case(summary="Khói lò gạch.")
    query: dict[str, Any] = {"bbox": BOX, "zoom": 12, "q": "lo gach"}
    first = client.get("/api/v1/map", query_string=query)
    same = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/api/v1/map", query_string=query, headers=same).status_code == 304
    with write_unit():
        move_case(case, case.state, search_text="khoi than")
    changed = client.get("/api/v1/map", query_string=query, headers=same)
    assert changed.status_code == 200 and changed.json["features"] == []


@pytest.mark.usefixtures("_cases")
def test_no_question_scans_the_cases_or_asks_often() -> None:
    unit_ids = frozenset([a_unit().id])
    every = (
        PublicFilters(results=True),
        PublicFilters(unit_ids=unit_ids),
        PublicFilters(results=True, unit_ids=unit_ids, conclusion="none"),
        PublicFilters(words="phế thải"),
    )
    for filters in every:
        with asked() as statements:
            _ask(filters, zoom=9)
            _ask(filters, zoom=15)
        assert len(statements) == 2 + 2 * bool(filters.words), filters
    plan = plans(lambda: [_ask(filters, zoom) for filters in every for zoom in (9, 15)])
    assert "case_file" in plan
    assert not re.search(r"SCAN case_file|Seq Scan on case_file", plan), plan


def _ask(filters: PublicFilters, zoom: int) -> None:
    map_features(MapQuestion(Bbox(103.10, 21.44, 103.13, 21.47), zoom, filters), "vi")


def test_two_facets_of_one_name_are_refused() -> None:
    for name in ("results", "categories", "units"):
        with pytest.raises(ValueError, match="two facets"):
            register_facet(name, public_map.select(Outcome.case_id))
