"""PostgreSQL answers both maps by plans that it keeps; no database hands out what is not shown."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from flask import Flask

from geo.cells import MAX_RANGES
from geo.points import Bbox, Point
from tests.factories.cases import make_case
from tests.factories.directory import DIEN_BIEN, a_unit
from tests.factories.triage import an_officer
from tests.statements import plans
from webapp.cases import counts, public_map
from webapp.cases.public_map import MapQuestion, map_features
from webapp.core.prepared import Prepared
from webapp.core.unit_of_work import write_unit
from webapp.extensions import db
from webapp.triage.filters import CASES, QueueFilters
from webapp.triage.queries import map as triage_map
from webapp.triage.queries.map import staff_map

STREET = Bbox(103.310, 21.450, 103.321, 21.463)


@pytest.fixture
def maps(app: Flask) -> dict[str, Callable[[], object]]:
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite plans once, without looking at values")
    with write_unit():
        make_case("escalated")
        officer = an_officer("front_province", unit=a_unit(DIEN_BIEN))
    tab = QueueFilters(tab=CASES)
    return {
        "public_cell": lambda: map_features(MapQuestion(STREET, 16), "vi"),
        "cell": lambda: staff_map(officer, tab, bbox=STREET, zoom=16),
    }


@pytest.mark.parametrize("cell", ["public_cell", "cell"])
def test_the_planner_does_not_see_how_narrow_a_view_is(
    maps: dict[str, Callable[[], object]], cell: str
) -> None:
    """Else PostgreSQL plans a narrow view anew each time: its plan for any value looks dearer."""
    used = plans(maps[cell])
    assert len(re.findall(rf"\b{cell} >= \$", used)) == MAX_RANGES
    assert not re.search(rf"\b{cell} >= '", used)


def test_the_units_of_a_province_are_read_once_not_for_every_case(
    maps: dict[str, Callable[[], object]],
) -> None:
    used = plans(maps["cell"])
    assert "handling_unit_id + 0) = ANY" in used
    assert "cstring" not in used


def test_what_is_too_much_to_be_shown_stays_in_the_database(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The points of a full view are counted, not fetched: only clusters are."""
    tab = QueueFilters(tab=CASES)
    for module in (public_map, triage_map):
        monkeypatch.setattr(module, "MAX_POINTS", 2)
    fetched: list[int] = []
    rows = Prepared.rows

    def noted(self: Prepared, values: Mapping[str, Any] | None = None) -> list[Sequence[Any]]:
        found = rows(self, values)
        fetched.append(len(found))
        return found

    monkeypatch.setattr(Prepared, "rows", noted)
    with write_unit():
        for _ in range(4):
            make_case("escalated", point=Point(103.315, 21.455))
        officer = an_officer("front_province", unit=a_unit(DIEN_BIEN))
        counts.fold()
    for ask in (
        lambda: map_features(MapQuestion(STREET, 16), "vi"),
        lambda: staff_map(officer, tab, bbox=STREET, zoom=16),
    ):
        fetched.clear()
        ask()
        assert fetched[0] == 1
        assert len(fetched) == 2
