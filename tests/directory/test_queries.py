"""Units, places and organisations as other features ask for them."""

from datetime import date

import pytest
from flask import Flask
from shapely import MultiPolygon, box
from sqlalchemy import event

from geo.points import Point, distance_m
from geo.sql import stored_area
from tests.factories.directory import (
    DIEN_BIEN,
    MUONG_PHANG,
    NA_TAU,
    THAI_NGUYEN,
    TODAY,
    a_unit,
    an_organisation,
    make_unit,
)
from webapp.core.errors import NotFound
from webapp.core.unit_of_work import session, write_unit
from webapp.core.working_days import add_working_days
from webapp.directory import queries
from webapp.directory.models import DatedSetting, UnitArea
from webapp.directory.served_units import CUT_OVER, OLD_SYSTEM
from webapp.extensions import db


def box_area(west: float, south: float, east: float, north: float) -> MultiPolygon:
    return MultiPolygon([box(west, south, east, north)])


IN_MUONG_PHANG = Point(103.10, 21.47)
LAST_OLD_DAY = date(2025, 6, 30)


def test_a_place_lies_in_one_commune(app: Flask) -> None:
    found = queries.unit_at(IN_MUONG_PHANG, TODAY)
    assert found is not None
    assert (found.unit.code, found.unit.name) == (MUONG_PHANG, "Xã Mường Phăng")
    assert (found.doubtful, found.distance_m, found.approximate) == (False, 0.0, True)


def test_swapped_axes_are_nowhere(app: Flask) -> None:
    assert queries.unit_at(Point(IN_MUONG_PHANG.lat, IN_MUONG_PHANG.lon / 2), TODAY) is None


@pytest.mark.parametrize(
    ("place", "found"),
    [
        (Point(102.144, 22.40), "03158"),  # A Pa Chải, where three countries meet
        (Point(102.10, 20.00), None),  # Luang Prabang, Laos
        (Point(105.85, 21.03), None),  # Hà Nội: in Việt Nam, not served
    ],
)
def test_border_and_abroad(app: Flask, place: Point, found: str | None) -> None:
    match = queries.unit_at(place, TODAY)
    assert (match.unit.code if match else None) == found


def test_outside_is_doubtful_as_far_as_the_tolerance(app: Flask) -> None:
    with write_unit():
        unit = make_unit("99001")
        shape = box_area(110.0, 15.0, 110.1, 15.1)
        session().add(UnitArea(unit_id=unit.id, approximate=False, geom=stored_area(shape)))
    near, far = Point(110.11, 15.05), Point(110.13, 15.05)
    match = queries.unit_at(near, TODAY)
    assert match is not None
    assert (match.unit.code, match.doubtful, match.approximate) == ("99001", True, False)
    assert match.distance_m == pytest.approx(distance_m(Point(110.1, 15.05), near), rel=1e-3)
    assert queries.unit_at(far, TODAY) is None, "3.2 km outside a surveyed area"
    assert queries.unit_at(far, TODAY, accuracy_m=4_000) is not None
    assert queries.unit_at(Point(112.0, 15.05), TODAY, accuracy_m=1e9) is None


def test_surveyed_areas_go_before_approximate_ones(app: Flask) -> None:
    with write_unit():
        unit = make_unit("99001")
        around = box_area(103.09, 21.46, 103.11, 21.48)
        session().add(UnitArea(unit_id=unit.id, approximate=False, geom=stored_area(around)))
    match = queries.unit_at(IN_MUONG_PHANG, TODAY)
    assert match is not None
    assert match.unit.code == "99001"


def test_before_the_cut_over_a_place_lies_in_the_old_unit(app: Flask) -> None:
    pa_khoang = Point(103.11, 21.44)
    old = queries.unit_at(pa_khoang, LAST_OLD_DAY)
    new = queries.unit_at(pa_khoang, CUT_OVER)
    assert old is not None and new is not None
    assert (old.unit.code_system, old.approximate) == (OLD_SYSTEM, True)
    assert old.unit in queries.predecessors(new.unit)
    assert queries.old_unit_of(pa_khoang, new.unit) == old.unit


def test_the_old_unit_is_the_nearest_old_centre(app: Flask) -> None:
    unit = a_unit()
    for old in queries.predecessors(unit):
        assert old.lon is not None and old.lat is not None
        assert queries.old_unit_of(Point(old.lon, old.lat), unit) == old
    assert queries.old_unit_of(IN_MUONG_PHANG, a_unit("03325", OLD_SYSTEM)) is None


def test_every_old_commune_is_resolved_through_its_successor(app: Flask) -> None:
    old = queries.served_communes(LAST_OLD_DAY)
    seen = [each for new in queries.served_communes(TODAY) for each in queries.predecessors(new)]
    assert len(old) == 237
    assert sorted(each.id for each in seen) == sorted(each.id for each in old)


def test_a_code_names_another_place_in_the_other_system(app: Flask) -> None:
    old, new = a_unit("03334", OLD_SYSTEM), a_unit("03334")
    assert (old.name, new.name) == ("Xã Thanh Xương", "Phường Mường Thanh")
    assert queries.unit_by_key("gso-2025", "00000") is None


def test_served_units_by_day(app: Flask) -> None:
    assert len(queries.served_communes(TODAY)) == 82
    assert [unit.code for unit in queries.served_provinces(TODAY)] == [DIEN_BIEN, THAI_NGUYEN]
    assert {unit.name for unit in queries.served_provinces(LAST_OLD_DAY)} == {
        "Tỉnh Bắc Kạn",
        "Tỉnh Điện Biên",
    }


def test_units_below_and_above(app: Flask) -> None:
    below = queries.units_below(a_unit(DIEN_BIEN).id)
    assert len(below) == 1 + 45
    assert queries.units_below(a_unit().id) == {a_unit().id}
    assert queries.province_of(a_unit()).name == "Tỉnh Điện Biên"
    old = queries.unit_at(IN_MUONG_PHANG, LAST_OLD_DAY)
    assert old is not None
    assert queries.province_of(old.unit) == a_unit("11", OLD_SYSTEM)


def test_who_is_in_charge_now_holds_what_was_left(app: Flask) -> None:
    thai_nguyen, commune = a_unit(THAI_NGUYEN), a_unit()
    held = queries.units_held([thai_nguyen.id, commune.id])
    assert a_unit("06", OLD_SYSTEM).id in held[thai_nguyen.id]
    assert len(held[thai_nguyen.id]) == 1 + 37 + 1 + 8 + 108
    assert held[commune.id] == {commune.id, *(each.id for each in queries.predecessors(commune))}
    assert a_unit(NA_TAU).id not in held[commune.id]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("muong phang", "03325"),
        ("Mường Phăng", "03325"),
        ("pá khoang", "03325"),  # an old name leads to the unit that took it in
        ("xa muong cha", "03166"),
        ("phuong muong thanh", "03334"),
        ("duc xuan", "01840"),
    ],
)
def test_search_knows_marks_old_names_and_kinds(app: Flask, words: str, first: str) -> None:
    assert queries.search_units(words, TODAY)[0].code == first


def test_search_finds_every_place_that_bears_a_name(app: Flask) -> None:
    names = {unit.name for unit in queries.search_units("mường chà", TODAY)}
    assert names == {"Xã Mường Chà", "Xã Na Sang"}, "the old township went into Na Sang"
    assert queries.search_units("  ", TODAY) == []
    assert queries.search_units("100%", TODAY) == []


def test_organisations_of_a_commune(app: Flask) -> None:
    unit = a_unit()
    front = queries.front_of(unit.id, TODAY)
    assert front is not None
    assert (front.letter_parent, front.letter_name, front.letter_place) == (
        "MẶT TRẬN TỔ QUỐC VIỆT NAM",
        "ỦY BAN MTTQ VIỆT NAM\nXÃ MƯỜNG PHĂNG",
        "Mường Phăng",
    )
    assert an_organisation("peoples_committee") == queries.peoples_committee_of(unit.id, TODAY)
    office = queries.env_office_of(unit.id, TODAY)
    assert office is not None
    assert office.name == "Phòng Kinh tế xã Mường Phăng"
    kinds = [group.kind for group in queries.groups_of(unit.id, TODAY)]
    assert kinds == ["front_area", "group", "waste_operator"]


def test_the_department_changed_its_name_before_the_province_changed(app: Flask) -> None:
    old = a_unit("11", OLD_SYSTEM).id
    winter, spring = date(2025, 2, 28), date(2025, 3, 1)
    before, after = queries.env_office_of(old, winter), queries.env_office_of(old, spring)
    assert before is not None and after is not None
    assert before.name.startswith("Sở Tài nguyên và Môi trường")
    assert before.successor_id == after.id
    now = queries.env_office_of(a_unit(DIEN_BIEN).id, TODAY)
    assert now is not None
    assert after.successor_id == now.id
    assert queries.env_office_of(old, TODAY) is None


def test_every_body_that_gets_letters_has_a_focal_unit_and_a_substitute(app: Flask) -> None:
    for unit in (*queries.served_communes(TODAY), *queries.served_provinces(TODAY)):
        for kind in ("front", "peoples_committee", "env_office"):
            body = queries.organisation_of(unit.id, kind, TODAY)
            assert body is not None, (unit.name, kind)
            boxes = queries.inboxes_of(body.id, TODAY)
            assert [box.substitute for box in boxes] == [False, True], body.name
            assert all((box.email or "").endswith(".invalid") for box in boxes)


def test_nothing_there(app: Flask) -> None:
    for ask in (queries.unit, queries.organisation):
        with pytest.raises(NotFound):
            ask(10**9)


def test_settings_are_dated(app: Flask) -> None:
    with write_unit():
        for day, value in ((date(2025, 7, 1), "15"), (date(2026, 1, 1), "10")):
            row = DatedSetting(key="answer_days", value=value, valid_from=day, source="thử")
            session().add(row)
    days = (date(2025, 6, 30), date(2025, 12, 31), date(2026, 1, 1))
    assert [queries.setting("answer_days", day) for day in days] == [None, "15", "10"]


def test_calendar_knows_tet_and_the_days_worked_in_exchange(app: Flask) -> None:
    calendar = queries.working_calendar()
    assert not calendar.is_working_day(date(2026, 2, 17)), "mùng 1 Tết"
    assert add_working_days(calendar, date(2025, 4, 29), 1) > date(2025, 5, 1)
    assert calendar.working_swaps, "no swapped day in four years"


def test_closure_is_one_statement(app: Flask) -> None:
    counted: list[str] = []

    def count(_c: object, _cur: object, statement: str, *_more: object) -> None:
        counted.append(statement)

    ids = [a_unit(DIEN_BIEN).id, a_unit(THAI_NGUYEN).id]
    event.listen(db.engine, "before_cursor_execute", count)
    try:
        queries.units_held(ids)
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    assert len(counted) == 1
