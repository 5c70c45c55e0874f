"""What is looked at for the same problem: near, of late, of the same matter; both databases."""

import re
from typing import Any

import pytest
from flask import Flask

from geo.points import Point
from tests.factories.accounts import make_person
from tests.factories.directory import DIEN_BIEN, a_unit
from tests.factories.reporting import LAT, LON, make_report
from tests.factories.triage import an_officer, opened_case
from tests.statements import plans
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.unit_of_work import session, write_unit
from webapp.extensions import db
from webapp.reporting.models import Report
from webapp.reporting.submission import SentPlace
from webapp.triage.queries import near
from webapp.triage.queries.near import Matter, near_cases, near_records

HERE = Point(LON, LAT)


def at(east: float, north: float = 0.0, **changes: Any) -> Report:
    """A report some thousandths of a degree to the east and the north."""
    place = SentPlace(LON + east / 1000, LAT + north / 1000, 20, "gps")
    return make_report(location=place, **changes)


def dumping() -> Matter:
    return Matter("dumping", HERE, clock.now())


def test_near_reports_are_those_of_the_same_matter_close_by(app: Flask) -> None:
    with write_unit():
        officer = an_officer()
        report, beside = at(0.0), at(0.8)
        at(10.0)
        at(0.0, category="noise")
        at(0.0, to_province=True)
        own = dumping()._replace(kind="report", record=report.id)
        found = near_records(officer, own)
    assert [each.id for each in found.reports] == [beside.id]
    assert 75 < found.reports[0].metres < 90
    assert found.cases == []


def test_cases_come_nearest_first_whichever_is_newer(app: Flask) -> None:
    with write_unit():
        officer = an_officer()
        nearest = opened_case(officer, at(0.1))
        far = opened_case(officer, at(0.0, 0.7))
        middle = opened_case(officer, at(-0.4))
        opened_case(officer, at(0.0, 4.0))
        report = at(0.0)
        found = near_cases(officer, report)
    assert [each.case.id for each in found] == [nearest.id, middle.id, far.id]
    assert [round(each.metres) for each in found] == [10, 41, 78]


def test_only_so_many_are_looked_at_and_those_are_the_nearest(app: Flask) -> None:
    with write_unit():
        officer = an_officer()
        cases = [opened_case(officer, at(step / 20)) for step in range(near.CASES + 7)]
        found = near_records(officer, dumping())
    assert [each.id for each in found.cases] == [each.id for each in cases[: near.CASES]]


def test_another_officer_finds_nothing(app: Flask) -> None:
    with write_unit():
        opened_case(an_officer(), at(0.1))
        at(0.2)
        _account, stranger = make_person("front_commune", unit=a_unit("03256"))
    assert near_records(stranger, dumping()) == ([], [])
    assert near_records(Actor(stranger.kind), dumping()) == ([], [])


@pytest.mark.parametrize("role", ["front_commune", "front_province", "env_commune"])
def test_what_is_near_is_found_by_the_indexes_made_for_it(app: Flask, role: str) -> None:
    with write_unit():
        officer = an_officer(role, unit=a_unit(DIEN_BIEN) if role == "front_province" else a_unit())
        opened_case(an_officer(), at(0.1))
        at(0.2)
        session().flush()
    used = plans(lambda: near_records(officer, dumping()))
    if db.engine.dialect.name == "sqlite":  # which the other takes, it decides by what is there
        found = re.findall(r"(ix_\w+) \(category=\? AND cell>\? AND cell<\?\)", used)
        assert found == ["ix_case_file_open_near", "ix_report_waiting_near"]
    assert not re.search(r"SCAN case_file\b|Seq Scan on (case_file|report)\b", used), used


def test_postgresql_keeps_its_plan_for_any_place_and_category(app: Flask) -> None:
    """It plans anew at each execution where values at hand look cheaper than any values."""
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite plans without looking at values")
    with write_unit():
        officer = an_officer()
    used = plans(lambda: near_records(officer, dumping()))
    assert not re.search(r"ANY \('\{(\d|dumping)|(cell|_at) [<>]= '", used), used
    assert re.search(r"category\)?(::text)? = ANY \(\(\$", used), used


def test_postgresql_looks_range_by_range(app: Flask) -> None:
    """Else it may read all that waits of a category, and compare the cells then."""
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite begins with the ranges, as the test above sees")
    with write_unit():
        officer = an_officer()
    used = plans(lambda: near_records(officer, dumping()))
    cells = r"Index Cond: .*cell >= cells_asked(_1)?\.low\) AND \(cell <= cells_asked(_1)?\.high"
    assert len(re.findall(cells, used)) == 2, used
