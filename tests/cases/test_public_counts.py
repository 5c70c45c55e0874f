"""The counts of the map: folding, what waits, rebuilding, the data version."""

from flask import Flask
from sqlalchemy import delete, func, select, update

from geo.clustering import clusters
from geo.points import Bbox, Point
from tests.factories.cases import AT_NA_TAU, PUBLISHED, make_case, move_case
from webapp.cases import counts
from webapp.cases.journal import PUBLIC_SCOPE, touch_public
from webapp.cases.models import Case, CellCount, CellJournal
from webapp.core.unit_of_work import session, write_unit

PROVINCE = Bbox(102.0, 20.5, 104.5, 23.0)
STATES = ("received", "assessed", "escalated", "inspecting", "remedying", "closed", "dismissed")
WORDS = {"summary": "Rác ở đầu bản.", "severity": "minor", "waste_source": "market"}


def _seen(zoom: int = 12, groups: tuple[str, ...] = ()) -> tuple[int, int]:
    """How many cases, and how many overdue ones, the public map counts at a stored zoom."""
    rows = counts.read(PROVINCE, zoom, scopes=(PUBLIC_SCOPE,), groups=groups)
    found = clusters(rows, row_zoom=zoom, bbox=PROVINCE, view_zoom=zoom)
    return sum(each.count for each in found), sum(each.overdue for each in found)


def _places() -> list[Point]:
    return [Point(102.9 + i * 0.013, 21.3 + i % 7 * 0.021) for i in range(20)]


def test_what_waits_in_the_journal_is_read_and_folding_changes_nothing(app: Flask) -> None:
    with write_unit():
        make_case("assessed")
        make_case("closed", point=Point(103.2, 21.5))
    assert _seen() == (2, 0)
    with write_unit():
        assert counts.fold() == 3
    assert _seen() == (2, 0)
    assert session().scalar(select(func.count(CellJournal.id))) == 0
    assert _seen(8) == _seen(18) == (2, 0)
    assert _seen(groups=("closed",)) == (1, 0)


def test_a_case_that_leaves_the_map_is_taken_away(app: Flask) -> None:
    with write_unit():
        case = make_case("assessed", overdue=True)
        counts.fold()
    assert _seen() == (1, 1)
    with write_unit():
        move_case(session().get_one(Case, case.id), "dismissed")
    assert _seen() == (0, 0)
    with write_unit():
        counts.fold()
    assert _seen() == (0, 0)


def test_sums_come_from_the_middle_of_the_finest_cell(app: Flask) -> None:
    with write_unit():
        case = make_case()
        counts.fold()
    rows = counts.read(PROVINCE, 8, scopes=(PUBLIC_SCOPE,))
    assert case.public_lon is not None
    assert [abs(row.sum_x / 1e6 - case.public_lon) < 1e-4 for row in rows] == [True]
    assert [row.sum_x > row.sum_y for row in rows] == [True]


def test_the_unit_of_a_case_counts_it_at_its_exact_place_until_it_ends(app: Flask) -> None:
    with write_unit():
        case = make_case("received")
        counts.fold()
    scope, here = case.handling_unit_id, Bbox(103.11728, 21.45761, 103.1173, 21.45763)
    assert _seen() == (0, 0)
    assert sum(row.n for row in counts.read(here, 18, scopes=(scope,))) == 1
    with write_unit():
        move_case(session().get_one(Case, case.id), "closed")
    assert sum(row.n for row in counts.read(here, 18, scopes=(scope,))) == 0


def test_after_any_history_a_rebuild_finds_nothing_wrong(app: Flask) -> None:
    with write_unit():
        cases = [make_case("received", point=place) for place in _places()]
    for turn in range(23):
        with write_unit():
            for number, each in enumerate(cases):
                state = STATES[(turn * (number + 1) + number) % len(STATES)]
                case = session().get_one(Case, each.id)
                move_case(case, state, overdue=(turn + number) % 3 == 0, **_public(state))
        if turn % 4 == 1:
            with write_unit():
                counts.fold()
    before = _seen()
    with write_unit():
        assert counts.rebuild() == 0
    assert _seen() == before
    assert before[0] > 0


def _public(state: str) -> dict[str, object]:
    return {} if state == "received" else {"public_since": PUBLISHED, **WORDS}


def test_a_rebuild_finds_and_mends_a_count_that_is_wrong(app: Flask) -> None:
    with write_unit():
        make_case()
        counts.fold()
    version = counts.data_version()
    with write_unit():
        session().execute(update(CellCount).where(CellCount.zoom == 12).values(n=5))
        session().execute(delete(CellCount).where(CellCount.zoom == 9))
    with write_unit():
        assert counts.rebuild() == 4
    assert _seen() == (1, 0)
    assert counts.data_version() > version


def test_the_data_version_grows_with_every_change_and_not_with_folding(app: Flask) -> None:
    seen = [counts.data_version()]
    with write_unit():
        case = make_case()
    seen.append(counts.data_version())
    with write_unit():
        counts.fold()
    assert counts.data_version() == seen[-1]
    with write_unit():
        touch_public()
    seen.append(counts.data_version())
    with write_unit():
        counts.fold()
        move_case(session().get_one(Case, case.id), "dismissed")
    seen.append(counts.data_version())
    assert seen == sorted(set(seen))


def test_the_command_says_how_many_were_wrong(app: Flask) -> None:
    with write_unit():
        make_case(point=AT_NA_TAU)
        counts.fold()
        session().execute(delete(CellCount).where(CellCount.zoom == 18))
    told = app.test_cli_runner().invoke(args=["cases", "rebuild-counts"])
    assert told.output.startswith("2 số đếm đã sai")
