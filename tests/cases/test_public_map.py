"""The public map endpoint: clusters, points, filters, caching, and what it never says."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, text

from geo.points import Bbox, Point
from tests.factories.cases import AT_NA_TAU, make_case, move_case
from webapp.cases import counts
from webapp.cases.models import Case
from webapp.cases.public_map import MapQuestion, map_features
from webapp.core.unit_of_work import session, write_unit
from webapp.extensions import db

BOX = "103.00,21.35,103.25,21.55"


def _get(client: FlaskClient, zoom: int = 12, bbox: str = BOX, **query: str) -> Any:
    answer = client.get("/api/v1/map", query_string={"bbox": bbox, "zoom": zoom, **query})
    assert answer.status_code == 200, answer.text
    return orjson.loads(answer.data)["features"]


def _codes(features: list[dict[str, Any]]) -> set[str]:
    return {each["properties"]["case_code"] for each in features}


def test_far_views_show_clusters_with_count_overdue_and_box(client: FlaskClient) -> None:
    with write_unit():
        make_case("assessed", overdue=True)
        make_case("closed")
    (found,) = _get(client, 12)
    assert found["properties"]["cluster"] is True
    assert (found["properties"]["count"], found["properties"]["overdue"]) == (2, 1)
    west, south, east, north = found["properties"]["bbox"]
    lon, lat = found["geometry"]["coordinates"]
    assert west <= lon <= east and south <= lat <= north
    assert 103 < lon < 104 and 21 < lat < 22


def test_near_views_show_cases_at_their_public_point(client: FlaskClient) -> None:
    with write_unit():
        case = make_case("inspecting", category_code="dumping")
    (found,) = _get(client, 15)
    assert found["properties"] == {
        "cluster": False,
        "case_code": case.code,
        "category": "dumping",
        "state": "inspecting",
        "overdue": False,
        "title": found["properties"]["title"],
    }
    assert found["properties"]["title"].endswith("– Xã Mường Phăng")
    assert found["geometry"]["coordinates"] == [case.public_lon, case.public_lat]
    assert (case.public_lon, case.public_lat) != (case.lon, case.lat)


def test_titles_follow_the_language_asked_for(client: FlaskClient) -> None:
    with write_unit():
        make_case()
    answer = client.get(
        "/api/v1/map", query_string={"bbox": BOX, "zoom": 15}, headers={"Accept-Language": "en"}
    )
    assert orjson.loads(answer.data)["features"][0]["properties"]["title"].endswith("commune")


@pytest.mark.parametrize("zoom", [6, 12, 15, 18])
@pytest.mark.parametrize("state", ["received", "dismissed", "handed_over"])
def test_what_is_not_public_is_nowhere(client: FlaskClient, zoom: int, state: str) -> None:
    with write_unit():
        make_case(state)
    assert _get(client, zoom) == []


def test_more_than_five_hundred_points_become_clusters_and_none_is_lost(
    client: FlaskClient,
) -> None:
    with write_unit():
        for i in range(501):
            make_case(point=Point(103.1 + i % 25 * 0.001, 21.45 + i // 25 * 0.001))
    for zoom in (14, 17):
        features = _get(client, zoom)
        assert 1 < len(features) <= 500
        assert sum(each["properties"]["count"] for each in features) == 501
    with write_unit():
        move_case(session().get_one(Case, 1), "dismissed")
    assert len(_codes(_get(client, 14))) == 500


def test_a_box_shows_only_what_lies_in_it(client: FlaskClient) -> None:
    with write_unit():
        inside = make_case(point=Point(103.11, 21.41))
        make_case(point=Point(103.131, 21.41))
    assert _codes(_get(client, 15, "103.105,21.40,103.12,21.42")) == {inside.code}


def test_filters_by_category_state_and_overdue(client: FlaskClient) -> None:
    with write_unit():
        rubbish = make_case("assessed", category_code="dumping.roadside", overdue=True)
        smoke = make_case("closed", category_code="burning")
    for zoom in (9, 15):
        for query, count in (
            ({"category": "dumping"}, 1),
            ({"category": "p_smoke"}, 1),
            ({"state": "closed"}, 1),
            ({"state": "open"}, 1),
            ({"state": "assessed"}, 1),
            ({"state": "inspecting"}, 0),
            ({"overdue": "1"}, 1),
            ({"overdue": "1", "state": "closed"}, 0),
            ({"overdue": "", "state": "", "category": ""}, 2),
        ):
            found = _get(client, zoom, **query)
            assert sum(each["properties"].get("count", 1) for each in found) == count, query
    assert _codes(_get(client, 15, state="open")) == {rubbish.code}
    assert _codes(_get(client, 15, category="burning")) == {smoke.code}


def test_days_are_local_and_far_views_take_whole_months(client: FlaskClient) -> None:
    with write_unit():
        # 00:30 on 6 February in Việt Nam is still the 5th in UTC.
        make_case(public_since=datetime(2026, 2, 5, 17, 30, tzinfo=UTC))
    assert len(_get(client, 15, **{"from": "2026-02-06", "to": "2026-02-06"})) == 1
    assert _get(client, 15, **{"from": "2026-02-05", "to": "2026-02-05"}) == []
    assert len(_get(client, 9, **{"from": "2026-02-20", "to": "2026-02-21"})) == 1
    assert _get(client, 9, **{"from": "2026-03-01"}) == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"zoom": "12"}, "bbox"),
        ({"bbox": "103,21,104"}, "bbox"),
        ({"bbox": "21.35,103.0,21.55,103.25"}, "bbox"),
        ({"bbox": "nan,21,104,22"}, "bbox"),
        ({"bbox": "104,21,103,22"}, "bbox"),
        ({"bbox": "103,21,104,22", "zoom": "20"}, "zoom"),
        ({"bbox": "103,21,104,22", "zoom": "-1"}, "zoom"),
        ({"bbox": "103,21,104,22", "zoom": "xa"}, "zoom"),
        ({"category": "khong-co"}, "category"),
        ({"state": "received'"}, "state"),
        ({"from": "06/02/2026"}, "from"),
        ({"from": "2026-03-01", "to": "2026-02-01"}, "from"),
        ({"overdue": "có"}, "overdue"),
    ],
)
def test_a_wrong_question_is_told_by_its_field(
    client: FlaskClient, query: dict[str, str], field: str
) -> None:
    whole = query if field in {"bbox"} else {"bbox": BOX, "zoom": "12"} | query
    answer = client.get("/api/v1/map", query_string=whole)
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert field in answer.json["fields"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_unchanged_map_answers_304_and_a_change_a_new_tag(client: FlaskClient) -> None:
    with write_unit():
        make_case()
    first = client.get("/api/v1/map", query_string={"bbox": BOX, "zoom": 12})
    tag = first.headers["ETag"]
    assert tag.startswith('W/"')
    assert first.headers["Cache-Control"] == "public, max-age=15, stale-while-revalidate=60"
    assert {each.strip() for each in first.headers["Vary"].split(",")} == {
        "Accept-Encoding",
        "Accept-Language",
    }
    query: dict[str, Any] = {"bbox": BOX, "zoom": 12}
    again = client.get("/api/v1/map", query_string=query, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Cache-Control"].startswith("public")
    with write_unit():
        counts.fold()
    folded = client.get("/api/v1/map", query_string=query, headers={"If-None-Match": tag})
    assert folded.status_code == 304
    with write_unit():
        make_case()
    changed = client.get("/api/v1/map", query_string=query, headers={"If-None-Match": tag})
    assert changed.status_code == 200


def test_cookies_are_neither_read_nor_set(client: FlaskClient) -> None:
    with write_unit():
        make_case()
    plain = client.get("/api/v1/map", query_string={"bbox": BOX, "zoom": 15})
    with client.session_transaction() as held:
        held["_user_id"] = "ai đó"
    carried = client.get("/api/v1/map", query_string={"bbox": BOX, "zoom": 15})
    assert carried.data == plain.data
    for answer in (plain, carried):
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers["Vary"]


def test_answers_are_compressed_for_whoever_accepts_it(client: FlaskClient) -> None:
    with write_unit():
        for i in range(20):
            make_case(point=Point(103.1 + i * 0.002, 21.45))
    query: dict[str, Any] = {"bbox": BOX, "zoom": 15}
    plain = client.get("/api/v1/map", query_string=query)
    small = client.get("/api/v1/map", query_string=query, headers={"Accept-Encoding": "gzip"})
    assert small.headers["Content-Encoding"] == "gzip"
    assert len(small.data) < len(plain.data) / 3


def test_no_answer_is_more_exact_than_its_public_point(client: FlaskClient) -> None:
    with write_unit():
        case = make_case()
        counts.fold()
    texts = [
        client.get("/api/v1/map", query_string={"bbox": BOX, "zoom": zoom}).text
        for zoom in range(20)
    ]
    assert not [found for each in texts for found in re.findall(r"\d+\.\d{5,}", each)]
    assert not [each for each in texts if "103.1172" in each or "21.4576" in each]
    # The same search finds the exact place where there is one.
    planted = orjson.dumps({"lon": case.lon}).decode()
    assert re.findall(r"\d+\.\d{5,}", planted) and "103.1172" in planted


@pytest.mark.parametrize("zoom", [6, 12, 15, 18])
def test_two_statements_at_most(client: FlaskClient, zoom: int) -> None:
    with write_unit():
        for i in range(501):
            make_case(point=Point(103.1 + i % 25 * 0.001, 21.45 + i // 25 * 0.001))
        counts.fold()
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        _get(client, zoom)
        _get(client, zoom, category="dumping")
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert len(seen) <= 4


def _fill(app: Flask) -> None:
    """Enough rows that the planners have a reason to look at an index."""
    with write_unit():
        template = make_case()
        names = [column.name for column in Case.__table__.columns if column.name != "id"]
        taken = ", ".join(
            {
                "code": "'X' || CAST(i.n AS TEXT)",
                "public_cell": "(17592186044415 / 4000) * i.n",
                "version": "1",
            }.get(name, f"c.{name}")
            for name in names
        )
        session().execute(
            text(
                "WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < 4000)"
                f" INSERT INTO case_file ({', '.join(names)})"
                f" SELECT {taken} FROM case_file c, i WHERE c.id = :id"
            ),
            {"id": template.id},
        )
        counts.rebuild()
    with write_unit():
        session().execute(text("ANALYZE"))


def test_the_planners_use_the_partial_index_on_public_cells(app: Flask) -> None:
    _fill(app)
    plans = [_plans(lambda zoom=zoom: _ask(zoom)) for zoom in (12, 15)]
    assert "ix_case_file_public_cell" in plans[1]
    for plan in plans:
        assert not re.search(
            r"SCAN (case_file|cell_count)|Seq Scan on (case_file|cell_count)", plan
        )


def _ask(zoom: int) -> None:
    map_features(MapQuestion(Bbox(103.10, 21.44, 103.13, 21.47), zoom), "vi")


def _plans(ask: Callable[[], None]) -> str:
    """The plans of every statement that the question sends, as the database sees them."""
    asked: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.lstrip().startswith(("SELECT", "WITH")):
            asked.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    word = "EXPLAIN QUERY PLAN" if db.engine.dialect.name == "sqlite" else "EXPLAIN"
    connection = session().connection()
    rows = [connection.exec_driver_sql(f"{word} {sql}", values).all() for sql, values in asked]
    return "\n".join(str(row) for plan in rows for row in plan)


def test_no_plan_for_any_value_scans_a_table(app: Flask) -> None:
    """PostgreSQL keeps one plan for whatever values come once it has seen a statement often."""
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite plans without looking at values")
    _fill(app)
    asked: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        asked.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        _ask(12)
        _ask(15)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    driver: Any = session().connection().connection.driver_connection
    for statement, parameters in asked:
        driver.execute(statement, parameters, prepare=True)
    driver.execute("SET LOCAL plan_cache_mode = force_generic_plan")
    prepared = driver.execute(
        "SELECT name, cardinality(parameter_types) FROM pg_prepared_statements"
        " WHERE statement LIKE '%case_file%' OR statement LIKE '%cell_count%'"
    ).fetchall()
    assert len(prepared) >= 2
    for name, places in prepared:
        values = f"({', '.join(['NULL'] * places)})" if places else ""
        plan = driver.execute(f"EXPLAIN EXECUTE {name}{values}").fetchall()
        assert not re.search(r"Seq Scan on (case_file|cell_count)", str(plan))


def test_a_tag_is_of_the_version_that_the_answer_holds(client: FlaskClient) -> None:
    tags = []
    for zoom in (9, 15):
        for query in ({}, {"category": "dumping"}):
            asked: dict[str, Any] = {"bbox": BOX, "zoom": zoom, **query}
            empty = client.get("/api/v1/map", query_string=asked)
            assert orjson.loads(empty.data)["features"] == []
            same = {"If-None-Match": empty.headers["ETag"]}
            assert client.get("/api/v1/map", query_string=asked, headers=same).status_code == 304
            tags.append(empty.headers["ETag"])
    assert len(set(tags)) == 4


def test_the_outside_of_the_box_is_left_even_in_a_shared_cell(client: FlaskClient) -> None:
    with write_unit():
        case = make_case(point=AT_NA_TAU)
    assert case.public_lon is not None and case.public_lat is not None
    just_past = f"{case.public_lon + 0.0002:.4f},21.0,104.0,22.0"
    assert _codes(_get(client, 19, just_past)) == set()
