"""Reference data: loaded once, loaded again without harm."""

from datetime import date

from flask import Flask
from sqlalchemy import func, select

from tests.factories.directory import DIEN_BIEN, a_unit, an_organisation
from webapp import reference
from webapp.core.unit_of_work import session, write_unit
from webapp.directory.models import (
    CalendarDay,
    FocalPoint,
    Organisation,
    Unit,
    UnitArea,
    UnitSuccession,
)

TABLES = (Unit, UnitSuccession, UnitArea, Organisation, FocalPoint, CalendarDay)


def counts() -> list[int]:
    return [session().scalars(select(func.count()).select_from(each)).one() for each in TABLES]


def test_loading_again_adds_nothing_and_keeps_what_was_edited(app: Flask) -> None:
    before = counts()
    with write_unit():
        an_organisation().name = "Ủy ban MTTQ Việt Nam xã Mường Phăng (sửa)"
        session().get_one(CalendarDay, date(2026, 2, 17)).name = "Mùng một Tết"
    with write_unit():
        reference.load()
    assert counts() == before
    assert an_organisation().name.endswith("(sửa)")
    assert session().get_one(CalendarDay, date(2026, 2, 17)).name == "Mùng một Tết"


def test_a_stored_letterhead_breaks_as_the_shipped_one_unless_its_words_were_edited(
    app: Flask,
) -> None:
    edited = "ỦY BAN MẶT TRẬN TỔ QUỐC VIỆT NAM TỈNH ĐIỆN BIÊN"
    with write_unit():
        an_organisation().letter_name = "ỦY BAN MTTQ VIỆT NAM XÃ MƯỜNG PHĂNG"
        an_organisation(unit=a_unit(DIEN_BIEN)).letter_name = edited
    with write_unit():
        reference.load()
    session().expire_all()
    assert an_organisation().letter_name == "ỦY BAN MTTQ VIỆT NAM\nXÃ MƯỜNG PHĂNG"
    assert an_organisation(unit=a_unit(DIEN_BIEN)).letter_name == edited


def test_every_served_commune_has_one_approximate_area(app: Flask) -> None:
    rows = session().execute(
        select(Unit.code_system, UnitArea.approximate, func.count())
        .join(UnitArea, UnitArea.unit_id == Unit.id)
        .group_by(Unit.code_system, UnitArea.approximate)
    )
    assert [tuple(row) for row in rows] == [("gso-2025", True, 82)]


def test_every_ended_body_with_a_follower_points_to_it(app: Flask) -> None:
    ended = session().scalars(
        select(Organisation).where(Organisation.kind == "front", Organisation.valid_to.is_not(None))
    )
    for body in ended:
        assert (body.successor_id is None) is (body.unit.kind == "district"), body.name
    old = a_unit("03325", "gso-2021")
    front = (
        session()
        .scalars(
            select(Organisation).where(Organisation.unit_id == old.id, Organisation.kind == "front")
        )
        .one()
    )
    assert front.successor_id == an_organisation().id


def test_the_command_may_run_again(app: Flask) -> None:
    done = app.test_cli_runner().invoke(args=["reference", "load"])
    assert (done.exit_code, done.output) == (0, "")
