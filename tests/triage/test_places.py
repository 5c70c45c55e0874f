"""Who learns the exact place of a case: never where a phone stood when it sent (rings of sight)."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from geo.points import Point, distance_m
from geo.sql import point_from
from tests.factories.accounts import make_person, sign_in
from tests.factories.cases import make_case
from tests.factories.directory import a_unit, an_organisation
from tests.factories.reporting import LAT, LON, make_report
from tests.factories.triage import (
    ASSESSMENT,
    PLACE,
    a_group,
    a_member,
    an_officer,
    due,
    opened_case,
)
from webapp.cases.models import Case, CasePlace
from webapp.cases.policy import Sight, shown_place
from webapp.cases.public_filters import PublicFilters
from webapp.cases.public_list import ListQuestion, listed_cases
from webapp.core.actor import Actor
from webapp.core.errors import Invalid
from webapp.core.unit_of_work import session, write_unit
from webapp.reporting.submission import SentPlace
from webapp.triage.operations import assessment as assessing
from webapp.triage.operations.verification import request_verification
from webapp.triage.queries.tasks import check_task

PHONE = Point(LON, LAT)
EXACT = f"{LAT:.5f}, {LON:.5f}"


@pytest.fixture
def officer(app: Flask) -> Actor:
    with write_unit():
        return an_officer()


def opened(officer: Actor, source: str) -> Case:
    with write_unit():
        report = make_report(location=SentPlace(LON, LAT, 20, source))
        return opened_case(officer, report)


def office_page(app: Flask, case: Case) -> str:
    with write_unit():
        office = an_organisation("env_office")
        account, _ = make_person("env_commune", unit=a_unit(), organisation=office)
        session().get_one(Case, case.id).office_id = office.id
        email = account.email
    client = app.test_client()
    sign_in(client, email)
    return client.get(f"/can-bo/vu-viec/{case.code}").text


def test_the_phones_place_is_a_square_outside_the_front(officer: Actor) -> None:
    case = opened(officer, "gps")
    for ring in (Sight.OFFICE, None):
        shown = shown_place(case, ring)
        assert shown is not None and not shown.exact
        assert 0 < distance_m(shown.point, PHONE) <= 36, "half the diagonal of 50 m"
    front = shown_place(case, Sight.FRONT)
    assert front is not None and (front.point, front.exact) == (PHONE, True)
    assert shown_place(case, Sight.PUBLISHER) is None


@pytest.mark.parametrize("source", ["map", "photo"])
def test_a_pin_and_a_photos_place_are_the_problems_own(officer: Actor, source: str) -> None:
    shown = shown_place(opened(officer, source), Sight.OFFICE)
    assert shown is not None and (shown.point, shown.exact) == (PHONE, True)


def test_a_place_of_unknown_origin_is_taken_for_a_phones(app: Flask) -> None:
    with write_unit():
        shown = shown_place(make_case(point=PHONE), Sight.OFFICE)
    assert shown is not None and not shown.exact


def test_the_offices_page_has_no_exact_place_until_the_front_says_so(
    app: Flask, officer: Actor
) -> None:
    case = opened(officer, "gps")
    page = office_page(app, case)
    assert EXACT not in page
    assert "ô khoảng 50 m" in page
    with write_unit():
        amendment = assessing.Amendment(point=PHONE)
        assessing.amend_case(
            officer, session().get_one(Case, case.id), amendment=amendment, reason="Đã đến xem"
        )
    page = office_page(app, case)
    assert EXACT in page
    assert "ô khoảng 50 m" not in page


def test_who_goes_and_looks_gets_the_square_too(officer: Actor) -> None:
    case = opened(officer, "gps")
    with write_unit():
        check = request_verification(
            officer, case, organisation_id=a_group().id, question="Có rác không?", due_on=due()
        )
        member = a_member()
    at = check_task(member, check.id).place.at
    assert at is not None and not at.exact and at.point != PHONE


def test_the_officer_moves_the_place(officer: Actor) -> None:
    case, moved = opened(officer, "gps"), Point(LON + 0.004, LAT - 0.003)
    with write_unit():
        assessing.amend_case(
            officer, case, amendment=assessing.Amendment(point=moved), reason="Bãi ở dưới suối"
        )
    assert (case.lon, case.lat, case.place_source) == (moved.lon, moved.lat, "front")
    stored = session().scalars(select(CasePlace.geom).where(CasePlace.case_id == case.id)).one()
    assert point_from(stored) == moved
    shown = shown_place(case, Sight.OFFICE)
    assert shown is not None and shown.point == moved


def test_a_place_in_another_commune_is_a_transfer(officer: Actor) -> None:
    case = opened(officer, "gps")
    far = assessing.Amendment(point=Point(103.36, 21.62))
    with write_unit(), pytest.raises(Invalid) as refused:
        assessing.amend_case(officer, case, amendment=far, reason="Nhầm")
    assert "Xã Mường Phăng" in str(refused.value.fields["point"])


def amend(client: FlaskClient, case: Case, **fields: str) -> tuple[int, str]:
    url = f"/can-bo/vu-viec/{case.code}/buoc/amend"
    page = client.get(url).text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    words = {"csrf_token": token, "version": str(case.version), "reason": "Đã đến xem", **fields}
    answer = client.post(url, data=words)
    return answer.status_code, answer.text


def test_the_page_of_the_step_asks_to_confirm(app: Flask) -> None:
    with write_unit():
        account, officer = make_person("front_commune", unit=a_unit())
        email = account.email
    case = opened(officer, "gps")
    client = app.test_client()
    sign_in(client, email)
    status, page = amend(client, case, point="21.47, 103.155")
    assert (status, "đánh dấu ô xác nhận" in page) == (422, True)
    status, page = amend(client, case, point="103.155, 21.47", right_place="y")
    assert (status, "vĩ độ trước" in page) == (422, True)
    status, _ = amend(client, case, point=EXACT, right_place="y")
    assert status == 303
    stored = session().get_one(Case, case.id, populate_existing=True)
    assert (stored.place_source, stored.lon, stored.lat) == ("front", LON, LAT)


def found_publicly(words: str) -> int:
    return len(listed_cases(ListQuestion(PublicFilters(words=words))).rows)


def test_the_officers_words_of_a_place_are_not_searched_in_public(officer: Actor) -> None:
    case = opened(officer, "gps")
    assert "ban bua" in case.search_text, "officers find it"
    with write_unit():
        assessing.assess_case(officer, case, assessment=ASSESSMENT, site_note="Đã đến xem.")
    assert found_publicly("bản Bua") == 0
    with write_unit():
        amendment = assessing.Amendment(place_note="Sau nhà ông Lò ở bản Bua")
        assessing.amend_case(officer, case, amendment=amendment, reason="Ghi lại")
    assert found_publicly("bản Bua") == 0
    assert found_publicly("rác ven suối") == 1
    assert PLACE not in case.search_text
