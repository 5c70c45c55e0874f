"""What a merge must not show to whom it was kept from, and what parting leaves hidden."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.factories.accounts import make_person, sign_in
from tests.factories.directory import DIEN_BIEN, NA_TAU, a_unit
from tests.factories.reporting import LAT, listed, make_report
from tests.factories.triage import ASSESSMENT, PLACE, an_officer, opened_case
from tests.triage.test_queue import PROVINCE_BOX
from webapp.cases.models import Case, CasePhoto
from webapp.cases.policy import Sight
from webapp.cases.queries import case_file
from webapp.casework.operations.raising import release_to_commune
from webapp.core.actor import Actor
from webapp.core.errors import Invalid, NotFound
from webapp.core.unit_of_work import session, write_unit
from webapp.triage.filters import CASES, QueueFilters
from webapp.triage.operations.assessment import assess_case, assign_case
from webapp.triage.operations.joining import attach_to_case
from webapp.triage.operations.merging import merge_cases, unmerge_case
from webapp.triage.operations.stepping_aside import step_aside_from_case, step_aside_from_report
from webapp.triage.operations.transfer import propose_transfer
from webapp.triage.queries.map import staff_map
from webapp.triage.queries.near import near_cases
from webapp.triage.queries.queue import queue


@pytest.fixture
def officer(app: Flask) -> Actor:
    with write_unit():
        return an_officer()


@pytest.fixture
def province(app: Flask) -> Actor:
    with write_unit():
        return an_officer("front_province", unit=a_unit(DIEN_BIEN), name="Tòng Thị Hặc")


def hidden_case(province: Actor) -> Case:
    """Of a report sent past the commune, with a photo."""
    return opened_case(province, make_report(photos=(listed(b"anh kin"),), to_province=True))


def merge(actor: Actor, case: Case, other: Case) -> None:
    with write_unit():
        merge_cases(actor, case, other_code=other.code)


def part(actor: Actor, case: Case) -> None:
    with write_unit():
        unmerge_case(actor, case, reason="Hai đống rác khác nhau")


def test_what_was_sent_past_the_commune_does_not_come_to_it_by_a_merge(
    officer: Actor, province: Actor
) -> None:
    with write_unit():
        open_one, hidden = opened_case(officer), hidden_case(province)
    with pytest.raises(Invalid) as caught:
        merge(province, hidden, open_one)
    assert set(caught.value.fields) == {"survivor"}
    session().expire_all()
    shown = session().scalars(select(CasePhoto).where(CasePhoto.case_id == open_one.id)).all()
    assert (shown, open_one.report_count, hidden.state) == ([], 1, "received")


def test_no_case_of_the_commune_goes_where_the_commune_does_not_read(
    officer: Actor, province: Actor
) -> None:
    """Its last line would tell that somebody had written to the province of the same matter."""
    with write_unit():
        hidden, open_one = hidden_case(province), opened_case(officer)
        open_one.owner_id, open_one.level = hidden.owner_id, "province"
    with pytest.raises(Invalid):
        merge(province, open_one, hidden)
    assert case_file(officer, open_one.code).case.state == "received"
    with write_unit():
        assess_case(province, hidden, assessment=ASSESSMENT, site_note="Đã thấy")
    merge(province, open_one, hidden)
    assert case_file(officer, hidden.code).case.report_count == 2


def three_cases(officer: Actor) -> list[Case]:
    with write_unit():
        return [opened_case(officer) for _number in range(3)]


def sees(actor: Actor, case: Case) -> bool:
    session().expire_all()
    try:
        return case_file(actor, case.code).case is case
    except NotFound:
        return False


def test_who_stepped_aside_from_two_of_three_still_does_not_read_what_holds_one(
    officer: Actor,
) -> None:
    keeper, one, two = three_cases(officer)
    with write_unit():
        aside = an_officer(name="Lò Thị Ín")
        for case in (one, two):
            step_aside_from_case(aside, case, person_id=officer.person_id, reason="Nhà tôi")
    for case in (one, two):
        merge(officer, case, keeper)
    part(officer, one)
    assert not sees(aside, keeper)
    part(officer, two)
    assert sees(aside, keeper)
    assert not sees(aside, one) and not sees(aside, two)


def test_an_own_step_aside_outlives_what_a_chain_of_merges_brought(officer: Actor) -> None:
    oldest, middle, youngest = three_cases(officer)
    with write_unit():
        aside = an_officer(name="Lò Thị Ín")
        for case in (oldest, youngest):
            step_aside_from_case(aside, case, person_id=officer.person_id, reason="Nhà tôi")
    merge(officer, youngest, middle)
    merge(officer, middle, oldest)
    part(officer, youngest)
    assert not sees(aside, oldest)
    part(officer, middle)
    assert not sees(aside, oldest)
    assert sees(aside, middle)


def test_a_report_somebody_stepped_aside_from_hides_the_case_while_it_is_in_it(
    officer: Actor,
) -> None:
    with write_unit():
        aside = an_officer(name="Lò Thị Ín")
        first, second = make_report(), make_report()
        for report in (first, second):
            step_aside_from_report(aside, report, reason="Nhà tôi")
        keeper, case = opened_case(officer, first), opened_case(officer, second)
    merge(officer, case, keeper)
    part(officer, case)
    assert not sees(aside, keeper)


@pytest.mark.parametrize("by_merge", [True, False])
def test_a_case_does_not_stay_with_an_assignee_who_no_longer_reads_it(
    officer: Actor, by_merge: bool
) -> None:
    with write_unit():
        aside = an_officer(name="Lò Thị Ín")
        keeper, report = opened_case(officer), make_report()
        step_aside_from_report(aside, report, reason="Nhà tôi")
        assign_case(officer, keeper, person_id=aside.person_id or 0, reason="Phụ trách bản")
    with write_unit():
        if by_merge:
            merge_cases(officer, opened_case(officer, report), other_code=keeper.code)
        else:
            attach_to_case(officer, report, case_code=keeper.code)
    assert not sees(aside, keeper)
    assert keeper.assignee_id is None


@pytest.mark.parametrize("public", [True, False])
def test_a_commune_reads_the_summary_of_what_was_sent_past_it_and_no_more(
    officer: Actor, province: Actor, public: bool
) -> None:
    """Neither photos nor notes nor where the phone stood, on no page, map, list or search."""
    with write_unit():
        case = hidden_case(province)
        if public:
            assess_case(province, case, assessment=ASSESSMENT, site_note="Người báo ở nhà sàn")
        else:
            release_to_commune(province, case, summary="Rác đổ ven suối")
        near = make_report()
    told = case_file(officer, case.code)
    assert (told.sight, told.photos, told.place, told.shows_notes) == (
        Sight.PUBLISHER,
        [],
        None,
        False,
    )
    assert case_file(province, case.code).place is not None
    cases = QueueFilters(tab=CASES)
    [row] = queue(officer, cases).rows
    assert (row.code, row.lon, row.lat) == (case.code, None, None)
    assert staff_map(officer, cases, bbox=PROVINCE_BOX, zoom=16) == []
    assert staff_map(officer, cases, bbox=PROVINCE_BOX, zoom=8) == []
    assert len(staff_map(province, cases, bbox=PROVINCE_BOX, zoom=16)) == 1
    [seen] = queue(province, cases).rows
    assert (seen.lon, seen.lat) == (case.lon, case.lat)
    assert near_cases(officer, near) == [] != near_cases(province, near)
    assert queue(officer, QueueFilters(tab=CASES, words=PLACE)).rows == []
    with write_unit():
        attach_to_case(officer, near, case_code=case.code)
    assert case.report_count == 2


def test_no_form_tells_the_place_to_who_does_not_read_it(
    app: Flask, client: FlaskClient, province: Actor
) -> None:
    """Neither to the commune it was kept from nor to one that it is only proposed to."""
    with write_unit():
        account, _officer = make_person("front_commune", unit=a_unit(), name="Lò Thị Ín")
        hidden = hidden_case(province)
        assess_case(province, hidden, assessment=ASSESSMENT, site_note="Đã thấy")
        there = an_officer(unit=a_unit(NA_TAU), name="Sùng A Vừ")
        report = make_report()
        report.handling_unit_id = a_unit(NA_TAU).id
        session().refresh(report, ["handling_unit"])
        offered = opened_case(there, report)
        propose_transfer(there, offered, unit_id=a_unit().id, reason="Bên này suối")
    sign_in(client, account.email)
    for case in (hidden, offered):
        assert client.get(f"/can-bo/vu-viec/{case.code}").status_code == 200
        assert client.get(f"/can-bo/vu-viec/{case.code}/buoc/amend").status_code == 403
    page = client.get(f"/can-bo/vu-viec/{offered.code}/buoc/transfer")
    assert page.status_code == 200 and f"{LAT:.5f}" not in page.text
