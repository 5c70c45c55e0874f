"""Taking over a file: whole or not at all, each number once, within the officer's own area."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.exchange.files import a_row, as_csv, as_json
from tests.factories.accounts import make_person
from tests.factories.cases import make_case
from tests.factories.clock import FrozenClock
from tests.factories.directory import DIEN_BIEN, NA_TAU, a_unit
from webapp.audit.models import AuditEntry
from webapp.cases.models import Case
from webapp.core.actor import SYSTEM, Actor
from webapp.core.errors import Forbidden, Gone, Invalid, NotFound
from webapp.core.unit_of_work import session, write_unit
from webapp.exchange.models import OutsideImport, OutsideNumber
from webapp.exchange.operations import (
    RowResult,
    forget_files,
    keep_file,
    look_at,
    own_import,
    take_over,
)
from webapp.reporting.models import Report


@pytest.fixture
def officer(app: Flask, frozen: FrozenClock) -> Actor:
    with write_unit():
        return make_person("front_commune", unit=a_unit())[1]


def kept(officer: Actor, content: bytes, *, opens_cases: bool = False) -> str:
    with write_unit():
        return keep_file(officer, content, opens_cases=opens_cases, rows=1).uid


def bring(officer: Actor, content: bytes, *, opens_cases: bool = False) -> list[RowResult]:
    uid = kept(officer, content, opens_cases=opens_cases)
    with write_unit():
        return take_over(officer, uid)


def kinds(results: list[RowResult]) -> list[str]:
    return [each.kind for each in results]


def count(model: type[Report] | type[Case] | type[OutsideNumber]) -> int:
    return session().scalar(select(func.count()).select_from(model)) or 0


def test_a_row_becomes_a_report_that_waits(officer: Actor) -> None:
    content = as_csv(a_row(observed_on="2026-02-28", households="12", channel="press"))
    assert kinds(look_at(officer, content, opens_cases=False)) == ["new"]
    assert count(Report) == 0
    (done,) = bring(officer, content)
    report = session().scalars(select(Report)).one()
    assert (done.code, report.state, report.channel) == (report.code, "submitted", "press")
    assert (report.on_behalf, report.entered_by_id) == (True, officer.person_id)
    assert (report.place_note, report.households_affected) == ("Cạnh cầu treo bản Bua", 12)
    number = session().scalars(select(OutsideNumber)).one()
    assert (number.number, number.received_on) == ("PA-2026/0301-17", date(2026, 3, 1))
    entry = session().scalars(
        select(AuditEntry).where(AuditEntry.action == "exchange.import")
    ).one()  # fmt: skip
    assert (entry.facts["new"], entry.facts["known"]) == (1, 0)


def test_the_same_number_again_changes_nothing_and_says_so(officer: Actor) -> None:
    (first,) = bring(officer, as_csv(a_row()))
    again = as_csv(
        a_row(description="Nội dung khác.", category="burning"), a_row(reference_number="B2")
    )
    seen = look_at(officer, again, opens_cases=False)
    assert [(each.kind, each.code) for each in seen] == [("known", first.code), ("new", None)]
    assert kinds(bring(officer, again)) == ["known", "new"]
    texts = list(session().scalars(select(Report.description).order_by(Report.id)))
    assert texts == ["Rác sinh hoạt đổ thành đống ven suối, mùi hôi."] * 2


def test_cases_are_opened_where_that_is_asked(officer: Actor) -> None:
    row = a_row(place=None, unit_code=None, lon="103.151", lat="21.471")
    bring(officer, as_json(row), opens_cases=True)
    case = session().scalars(select(Case)).one()
    report = session().scalars(select(Report)).one()
    assert (case.state, case.category, report.case_id) == (
        "received",
        "dumping.river_dump",
        case.id,
    )
    assert (case.lon, case.lat, case.place_source) == (103.151, 21.471, "map")
    vague = as_json(a_row(reference_number="C3", category="p_waste"))
    (wrong,) = look_at(officer, vague, opens_cases=True)
    assert set(wrong.wrong) == {"category"}
    assert kinds(look_at(officer, vague, opens_cases=False)) == ["new"]


def test_one_wrong_row_keeps_all_out(officer: Actor) -> None:
    content = as_csv(a_row(), a_row(reference_number="B2", category="khong-co", unit_code="99999"))
    sound, wrong = look_at(officer, content, opens_cases=False)
    assert (sound.kind, wrong.line, set(wrong.wrong)) == ("new", 3, {"category", "unit_code"})
    uid = kept(officer, content)
    with pytest.raises(Invalid), write_unit():
        take_over(officer, uid)
    assert (count(Report), count(OutsideNumber)) == (0, 0)
    assert own_import(officer, uid).sealed is not None


WRONG: tuple[tuple[dict[str, str], set[str]], ...] = (
    ({"reference_number": ""}, {"reference_number"}),
    ({"reference_number": "số 17"}, {"reference_number"}),
    ({"reference_number": "=1+1"}, {"reference_number"}),
    ({"received_on": "hôm qua"}, {"received_on"}),
    ({"observed_on": "31/02/2026", "households": "nhiều"}, {"observed_on", "households"}),
    ({"place": ""}, {"place"}),
    ({"unit_code": "", "place": "", "description": ""}, {"lon", "description"}),
    ({"unit_code": "03316"}, {"unit_code"}),
    ({"lon": "21.471", "lat": "103.151"}, {"lon"}),
    ({"lon": "103,151", "lat": "x"}, {"lon"}),
    ({"channel": "zalo"}, {"channel"}),
    ({"description": "x" * 4001}, {"description"}),
    ({"case_code": "VV0000000"}, {"case_code"}),
)


def test_what_is_wrong_is_told_by_row_and_column(officer: Actor) -> None:
    rows = [
        a_row(**{"reference_number": f"S{number}", "case_code": "", "lon": "", "lat": ""} | changes)
        for number, (changes, _columns) in enumerate(WRONG)
    ]
    found = look_at(officer, as_csv(*rows), opens_cases=False)
    assert [each.line for each in found] == list(range(2, 2 + len(WRONG)))
    for each, (changes, columns) in zip(found, WRONG, strict=True):
        assert (each.kind, set(each.wrong)) == ("wrong", columns), changes


def test_the_same_number_twice_in_a_file_is_wrong(officer: Actor) -> None:
    _first, second = look_at(officer, as_csv(a_row(), a_row()), opens_cases=False)
    assert "dòng 2" in str(second.wrong["reference_number"])


def test_a_number_is_noted_on_a_case_that_is_here(officer: Actor) -> None:
    with write_unit():
        ours = make_case("assessed").code
        theirs = make_case("assessed", unit=a_unit(NA_TAU)).code
    row = {"reference_number": "TW-9", "case_code": ours}
    assert kinds(bring(officer, as_json(row))) == ["noted"]
    assert kinds(bring(officer, as_json(row))) == ["known"]
    assert (count(Report), count(OutsideNumber)) == (0, 1)
    (wrong,) = look_at(
        officer, as_json(row | {"reference_number": "T", "case_code": theirs}), opens_cases=False
    )
    assert set(wrong.wrong) == {"case_code"}
    (blank,) = look_at(
        officer, as_json({"reference_number": "", "case_code": ours}), opens_cases=False
    )
    assert blank.kind == "known"


def test_a_file_is_its_owners_once_and_for_a_day(officer: Actor, frozen: FrozenClock) -> None:
    uid, late = kept(officer, as_csv(a_row())), kept(officer, as_csv(a_row()))
    row = session().scalars(select(OutsideImport).where(OutsideImport.uid == uid)).one()
    assert row.sealed is not None and "Rác".encode() not in row.sealed
    with write_unit():
        other = make_person("front_commune", unit=a_unit())[1]
    with pytest.raises(NotFound), write_unit():
        take_over(other, uid)
    with write_unit():
        take_over(officer, uid)
    with pytest.raises(Gone), write_unit():
        take_over(officer, uid)
    frozen.forward(hours=25)
    forget_files()
    with pytest.raises(Gone), write_unit():
        take_over(officer, late)


def test_only_who_decides_on_reports_brings_files(app: Flask, frozen: FrozenClock) -> None:
    with write_unit():
        signer = make_person("front_signer", unit=a_unit())[1]
        province = make_person("front_province", unit=a_unit(DIEN_BIEN))[1]
    for actor in (signer, SYSTEM):
        with pytest.raises(Forbidden):
            look_at(actor, as_csv(a_row()), opens_cases=False)
    assert kinds(look_at(province, as_csv(a_row(unit_code="03316")), opens_cases=False)) == ["new"]
