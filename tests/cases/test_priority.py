"""What comes first in the queue: the parts, the stored rank, the officer's word."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from geo.points import Point
from tests.factories.cases import make_case
from tests.factories.reporting import make_report
from webapp.cases.operations import place_case
from webapp.cases.priority import Facts, parts_of, queue_rank, score
from webapp.cases.priority_table import weights
from webapp.core.actor import SYSTEM
from webapp.core.unit_of_work import session, write_unit
from webapp.directory.models import PLACE_KINDS
from webapp.directory.place_lists import read_places
from webapp.directory.places import import_places
from webapp.triage.operations.ranking import rank_near_places, rank_some

SINCE = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
NOW = SINCE + timedelta(days=5)


def facts(**changes: object) -> Facts:
    values = {"category": "dumping", "urgent": False, "since": SINCE} | changes
    return Facts(**values)  # type: ignore[arg-type]  # a test's own names


def parts(**changes: object) -> dict[str, int]:
    return {part.code: part.points for part in parts_of(facts(**changes), NOW)}


def test_each_part_gives_what_the_table_says() -> None:
    found = parts(severity="grave", households=12, reports=5)
    assert found == {"danger": 40, "households": 8, "reports": 12, "tag": 6, "age": 10}
    assert score(facts(severity="grave", households=12, reports=5), NOW) == 76


def test_a_school_or_a_clinic_near_gives_points() -> None:
    for kind in PLACE_KINDS:
        assert parts(near_place=kind)["place"] == weights().of("place", kind) == 12
    assert "place" not in parts()


def test_the_largest_step_reached_counts_and_none_gives_nothing() -> None:
    table = weights()
    assert [table.reached("households", n) for n in (0, 1, 9, 10, 99, 100)] == [0, 3, 3, 8, 15, 25]
    assert table.of("danger", "unknown") == 0


def test_an_officers_word_replaces_the_parts_but_not_the_waiting() -> None:
    assert parts(severity="grave", households=200, chosen="low") == {"chosen": 1, "age": 10}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"urgent": True}, {"severity": "grave", "households": 500}),
        ({}, {"unchecked": True, "severity": "grave"}),
        ({"chosen": "top"}, {"urgent": True}),
        ({"unchecked": True, "chosen": "top"}, {}),
        ({}, {"urgent": True, "chosen": "low"}),
        ({"households": 30}, {"households": 29}),
        ({}, {"since": SINCE + timedelta(minutes=1)}),
    ],
)
def test_the_first_stands_before_the_second(
    first: dict[str, object], second: dict[str, object]
) -> None:
    assert queue_rank(facts(**first)) < queue_rank(facts(**second))


def test_waiting_long_enough_outweighs_points() -> None:
    weighty = facts(households=12)
    hours = 8 * weights().hours_per_point
    assert queue_rank(facts(since=SINCE - timedelta(hours=hours + 1))) < queue_rank(weighty)
    assert queue_rank(facts(since=SINCE - timedelta(hours=hours - 1))) > queue_rank(weighty)


def test_the_rank_follows_every_change(app: Flask) -> None:
    with write_unit():
        case, report = make_case("received"), make_report()
        before = (case.queue_rank, report.queue_rank)
        assert before == (queue_rank(case.priority_facts), queue_rank(report.priority_facts))
        case.household_count, report.households_affected = 40, 40
        session().flush()
        assert case.queue_rank < before[0]
        assert report.queue_rank < before[1]


def test_ranking_anew_mends_what_the_table_changed_and_leaves_versions(app: Flask) -> None:
    with write_unit():
        case, ended = make_case("received"), make_case("closed")
        right, version = case.queue_rank, case.version
        for each in (case, ended):
            session().execute(
                each.__table__.update().where(each.__table__.c.id == each.id).values(queue_rank=7)
            )
    session().expire_all()
    with write_unit():
        assert rank_some("case", after=0) == (1, None)
    session().expire_all()
    assert (case.queue_rank, case.version, ended.queue_rank) == (right, version, 7)


def test_what_comes_to_stand_near_moves_the_matter_up(app: Flask) -> None:
    with write_unit():
        case, report = make_case("received"), make_report()
        assert report.lon is not None
        assert report.lat is not None
        place_case(case, Point(report.lon, report.lat))
        before = case.queue_rank
    line = f"kind,name,lon,lat\nschool,Trường Mầm non (thử),{report.lon},{report.lat}"
    with write_unit():
        import_places(SYSTEM, read_places(line.encode()))
    rank_near_places()
    session().expire_all()
    assert (case.near_place, report.near_place) == ("school", "school")
    assert case.queue_rank < before
    with write_unit():
        assert make_report().near_place == "school", "what comes later knows it at once"
