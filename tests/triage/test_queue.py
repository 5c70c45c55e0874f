"""The queue as data: counts, news, far views of the map, plans of the statements."""

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from geo.points import Bbox
from tests.factories.accounts import make_person, sign_in
from tests.factories.cases import AT_NA_TAU, make_case, move_case
from tests.factories.directory import NA_TAU, a_unit
from tests.factories.reporting import make_report, new_key
from tests.factories.triage import an_officer
from tests.statements import plans
from webapp.cases import counts
from webapp.core.actor import Actor
from webapp.core.unit_of_work import session, write_unit
from webapp.extensions import db
from webapp.reporting.operations import lock_report, report_reprisal
from webapp.triage.filters import CASES, QueueFilters, queue_filters
from webapp.triage.operations.reports import request_info
from webapp.triage.queries.map import staff_map
from webapp.triage.queries.queue import queue, queue_news, queue_version, tally

CASES_TAB, REPORTS_TAB = QueueFilters(tab=CASES), QueueFilters()
PROVINCE_BOX = Bbox(102.0, 20.5, 104.5, 23.0)


@pytest.fixture
def officer(app: Flask) -> Actor:
    with write_unit():
        return an_officer()


@pytest.fixture
def province(app: Flask) -> Actor:
    with write_unit():
        return an_officer("front_province", unit=a_unit("11"))


def test_counts_by_state_follow_the_other_filters(officer: Actor) -> None:
    with write_unit():
        for state in ("received", "received", "escalated", "closed"):
            make_case(state)
        make_case("received", unit=a_unit(NA_TAU))
        make_case("received", severity="grave")
    assert tally(officer, CASES_TAB).counts == {"received": 3, "escalated": 1}
    grave = queue_filters({"tab": CASES, "severity": "grave", "state": "escalated"})
    assert tally(officer, grave).counts == {"received": 1}


def test_counting_stops(officer: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webapp.triage.queries.queue.MANY", 2)
    with write_unit():
        for _ in range(3):
            make_report()
    assert tally(officer, REPORTS_TAB).counts == {"submitted": 2}


def test_news_counts_new_ones_and_tells_moves(officer: Actor) -> None:
    with write_unit():
        old = make_report()
    version = queue_version(REPORTS_TAB)
    assert queue_news(officer, REPORTS_TAB, version) == (
        type(queue_news(officer, REPORTS_TAB, version))(version, 0, False)
    )
    with write_unit():
        make_report()
        make_report()
    news = queue_news(officer, REPORTS_TAB, version)
    assert (news.new, news.moved) == (2, False)
    with write_unit():
        request_info(officer, session().merge(old), question="Chỗ đó gần cầu nào?")
    moved = queue_news(officer, REPORTS_TAB, news.version)
    assert (moved.new, moved.moved) == (0, True)
    assert moved.version != news.version


def test_what_happens_elsewhere_is_no_news(officer: Actor) -> None:
    version = queue_version(REPORTS_TAB)
    with write_unit():
        make_report(to_province=True)
        report = make_report()
        report.handling_unit_id = a_unit(NA_TAU).id
    news = queue_news(officer, REPORTS_TAB, version)
    assert (news.version, news.new, news.moved) == (version, 0, False)


def test_that_a_reprisal_was_told_is_no_news_to_the_desk(officer: Actor) -> None:
    with write_unit():
        report = make_report()
    version, seen = queue_version(REPORTS_TAB), report.version
    with write_unit():
        report_reprisal(lock_report(report.id), words="Trưởng bản đến nhà dọa.", raw_key=new_key())
    assert not queue_news(officer, REPORTS_TAB, version).moved
    assert [row.version for row in queue(officer, REPORTS_TAB).rows] == [seen]


def test_a_made_up_version_is_refused(client: FlaskClient) -> None:
    with write_unit():
        account, _actor = make_person("front_commune", unit=a_unit())
    sign_in(client, account.email)
    for wrong in ("x", "1.2.3", "-1.5", "1.", "9" * 40 + ".1"):
        answer = client.get("/api/v1/staff/queue/version", query_string={"since": wrong})
        assert answer.status_code == 422, wrong


def test_a_province_reads_far_views_from_counts(province: Actor) -> None:
    with write_unit():
        cases = [make_case("received", overdue=number == 0) for number in range(3)]
        counts.fold()
        move_case(cases[2], "inspecting")
    [cluster] = staff_map(province, CASES_TAB, bbox=PROVINCE_BOX, zoom=9)
    assert (cluster.count, cluster.overdue) == (3, 1)  # type: ignore[union-attr]
    inspected = queue_filters({"tab": CASES, "group": "inspecting"})
    [few] = staff_map(province, inspected, bbox=PROVINCE_BOX, zoom=9)
    assert few.count == 1  # type: ignore[union-attr]
    used = plans(lambda: staff_map(province, CASES_TAB, bbox=PROVINCE_BOX, zoom=9))
    assert "cell_count" in used
    assert "case_file" not in used
    if db.engine.dialect.name == "sqlite":  # not all that each of the units has at this zoom
        assert "ix_cell_count_zoom_cell (zoom=? AND cell>? AND cell<?)" in used


def test_a_commune_never_counts_what_went_straight_to_the_province(officer: Actor) -> None:
    with write_unit():
        make_case("received", to_province=True, level="province")
        make_case("received")
        counts.fold()
    [cluster] = staff_map(officer, CASES_TAB, bbox=PROVINCE_BOX, zoom=9)
    assert cluster.count == 1  # type: ignore[union-attr]
    assert tally(officer, CASES_TAB).counts == {"received": 1}


def test_too_many_points_become_clusters(officer: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webapp.triage.queries.map.MAX_POINTS", 2)
    with write_unit():
        for _ in range(3):
            make_case("received")
    box = Bbox(AT_NA_TAU.lon - 0.01, AT_NA_TAU.lat - 0.01, AT_NA_TAU.lon + 0.01, 21.47)
    [cluster] = staff_map(officer, CASES_TAB, bbox=box, zoom=15)
    assert cluster.count == 3  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"holder": "unit"}, {"of the province"}),
        ({"holder": "below"}, {"of the commune"}),
        ({"holder": "mine"}, set()),
        ({"severity": "grave"}, {"of the province"}),
        ({"due": "soon"}, set()),
        ({"due": "overdue"}, {"of the commune"}),
        ({"group": "inspecting"}, {"of the province"}),
    ],
)
def test_filters_of_cases(province: Actor, query: dict[str, str], found: set[str]) -> None:
    owner = province.grants[0].organisation_id
    with write_unit():
        above = make_case("inspecting", severity="grave", owner_id=owner)
        below = make_case("received", due_at=datetime(2020, 1, 1, tzinfo=UTC))
        names = {above.code: "of the province", below.code: "of the commune"}
    page = queue(province, queue_filters({"tab": CASES} | query))
    assert {names[row.code] for row in page.rows} == found


@pytest.mark.parametrize("filters", [CASES_TAB, REPORTS_TAB], ids=["cases", "reports"])
def test_a_page_reads_the_index_of_its_order(officer: Actor, filters: QueueFilters) -> None:
    name = "ix_case_file_open_" if filters.tab == CASES else "ix_report_waiting_"
    if db.engine.dialect.name == "sqlite":  # PostgreSQL takes any of them while there are few rows
        name += "unit_rank"
    with write_unit():
        for _ in range(3):
            make_report()
            make_case("received")
    assert name in plans(lambda: queue(officer, filters))


@pytest.mark.parametrize("filters", [CASES_TAB, REPORTS_TAB], ids=["cases", "reports"])
def test_a_province_reads_rows_and_views_by_an_index(
    province: Actor, filters: QueueFilters
) -> None:
    table = "case_file" if filters.tab == CASES else "report"
    box = Bbox(103.10, 21.44, 103.13, 21.47)
    for ask in (
        lambda: queue(province, filters),
        lambda: staff_map(province, filters, bbox=box, zoom=15),
        lambda: tally(province, filters),
    ):
        plan = plans(ask)
        assert f"Seq Scan on {table}" not in plan
        assert f"SCAN {table}'" not in plan


def test_postgresql_counts_what_waits_from_the_index_alone(province: Actor) -> None:
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite reads the few rows it counts")
    session().connection().exec_driver_sql("SET LOCAL enable_bitmapscan = off")
    used = plans(lambda: tally(province, REPORTS_TAB))
    assert "Index Only Scan using ix_report_waiting_" in used, used


def test_postgresql_keeps_its_plans_for_any_set_of_units(province: Actor) -> None:
    """A set that its planner sees has it plan anew each time: that takes longer than running."""
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite plans without looking at values")
    for filters in (CASES_TAB, REPORTS_TAB):
        used = plans(
            lambda each=filters: (
                tally(province, each),
                queue_news(province, each, "0.0"),
            )
        )
        assert re.search(r"handling_unit_id.{0,6} = ANY \(\$", used), used
        assert not re.search(r"handling_unit_id.{0,6} = ANY \('", used), used


@pytest.mark.parametrize("tab", [CASES, REPORTS_TAB.tab])
def test_a_page_of_one_category_is_read_in_its_order(province: Actor, tab: str) -> None:
    """Not all of the category, to be put in order for one page."""
    filters = QueueFilters(tab=tab, category="dumping", due="overdue")
    assert "_near" not in plans(lambda: queue(province, filters))
