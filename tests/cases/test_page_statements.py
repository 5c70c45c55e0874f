"""What pages of a case ask of the database: how many statements, and by which indexes."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories.accounts import make_person, sign_in
from tests.factories.cases import make_case, make_line
from tests.factories.directory import a_unit, an_organisation
from tests.factories.outcomes import a_photo, a_recommendation, an_inspection, an_outcome
from tests.factories.reporting import make_report
from tests.factories.triage import an_officer, opened_case
from tests.statements import Asked, asked, plans
from webapp.cases.clocks import subject_of
from webapp.cases.holdings import register_holding
from webapp.cases.models import Case
from webapp.cases.public_queries import public_case
from webapp.cases.queries import case_file
from webapp.community.models import CaseFollower
from webapp.core import clock
from webapp.core.unit_of_work import session, write_unit
from webapp.deadlines.operations import start_clock

HANGING = ("recommendation", "case_letter", "inspection", "site_check", "local_action", "outcome")


def a_full_case(state: str = "awaiting_confirmation") -> Case:
    """A case with two reports, lines and a letter, inspected, published and followed."""
    office = an_organisation("env_office", unit=a_unit())
    committee = an_organisation("peoples_committee", unit=a_unit())
    case = make_case(state, office_id=office.id, addressee_id=committee.id)
    for _each in range(2):
        _a_report(case)
    make_line(case, "Mặt trận xã đã đến xem.")
    make_line(case, "Đã dọn xong.", transition="report_remedied")
    a_recommendation(case)
    an_inspection(case)
    an_outcome(case, state="published")
    a_photo(case)
    session().add(_a_follower(case))
    return case


def _a_report(case: Case) -> None:
    report = make_report()
    report.state, report.case_id = "attached", case.id


def _a_follower(case: Case) -> CaseFollower:
    return CaseFollower(
        uid="a" * 32,
        case_id=case.id,
        key_digest="b" * 64,
        code_digest="c" * 64,
        code_version=1,
        at=clock.now(),
        locale="vi",
    )


def _read_by(client: FlaskClient, role: str, case: Case) -> tuple[str, Asked]:
    """The page of a case as an officer of this role reads it, and what it asked."""
    with write_unit():
        unit = a_unit() if role == "front_commune" else a_unit("11")
        account, _actor = make_person(role, unit=unit)
    address = f"/can-bo/vu-viec/{case.code}"
    sign_in(client, account.email)
    with asked() as seen:
        page = client.get(address)
    return page.text, seen


@pytest.mark.parametrize("role", ["front_commune", "front_province"])
def test_an_officers_page_of_an_ordinary_case(client: FlaskClient, role: str) -> None:
    with write_unit():
        case = make_case("local_action")
        _a_report(case)
        make_line(case, "Mặt trận xã đã đến xem.")
    page, seen = _read_by(client, role, case)
    assert "Mặt trận xã đã đến xem." in page
    assert len(seen) <= 6, "\n\n".join(sql for sql, _values in seen)


@pytest.mark.parametrize("role", ["front_commune", "front_province"])
def test_an_officers_page_of_a_case_that_waits_for_its_end(client: FlaskClient, role: str) -> None:
    with write_unit():
        case = make_case("awaiting_confirmation")
        _a_report(case)
        make_line(case, "Đã dọn xong.", transition="report_local_result")
        start_clock("confirmation_window", subject_of(case))
    page, seen = _read_by(client, role, case)
    assert "Để kết thúc vụ việc" in page
    assert "thời gian chờ xác nhận hết ngày" in page
    assert len(seen) <= 7, "\n\n".join(sql for sql, _values in seen)


@pytest.mark.parametrize("role", ["front_commune", "front_province"])
@pytest.mark.parametrize(
    ("state", "most"),
    [("local_action", 9), ("inspecting", 9), ("awaiting_confirmation", 10)],
)
def test_an_officers_page_of_a_case_that_others_are_like(
    client: FlaskClient, role: str, state: str, most: int
) -> None:
    with write_unit():
        officer = an_officer()
        case, near, _third = (opened_case(officer, make_report()) for _each in range(3))
        waiting = make_report()
        case.state = state
    page, seen = _read_by(client, role, case)
    assert "Có thể là cùng một việc" in page
    assert page.count("data-alike") == 1 and waiting.code in page and near.code in page
    assert len(seen) <= most, "\n\n".join(sql for sql, _values in seen)


@pytest.mark.parametrize("state", ["concluded", "awaiting_confirmation", "closed"])
def test_the_public_page_whatever_hangs_on_the_case(client: FlaskClient, state: str) -> None:
    with write_unit():
        code = a_full_case(state).code
    with asked() as seen:
        page = client.get(f"/vu-viec/{code}")
    assert "Mặt trận xã đã đến xem." in page.text
    assert f"/ket-qua/{code}" in page.text
    assert len(seen) <= 4, "\n\n".join(sql for sql, _values in seen)


def test_the_public_page_of_a_letter_without_an_answer(client: FlaskClient) -> None:
    with write_unit():
        case = make_case("escalated", office_id=an_organisation("env_office", unit=a_unit()).id)
        case.addressee_id = case.office_id
        a_recommendation(case, state="delivered", answered_on=None)
    with asked() as seen:
        page = client.get(f"/vu-viec/{case.code}")
    assert "Chưa có trả lời sau" in page.text
    # The calendar is asked for only here: how many working days the letter has been late.
    assert len(seen) <= 4, "\n\n".join(sql for sql, _values in seen)


@pytest.mark.parametrize(
    ("state", "most"), [("concluded", 11), ("remedying", 11), ("awaiting_confirmation", 12)]
)
def test_an_officers_page_whatever_hangs_on_the_case(
    client: FlaskClient, state: str, most: int
) -> None:
    with write_unit():
        case = a_full_case(state)
        a_recommendation(case, state="delivered", answered_on=None)
    page, seen = _read_by(client, "front_commune", case)
    assert "Mặt trận xã đã đến xem." in page
    asked_twice = {sql for sql, _values in seen if [each for each, _of in seen].count(sql) > 1}
    assert not asked_twice
    assert len(seen) <= most, "\n\n".join(sql for sql, _values in seen)


def test_the_public_page_of_an_ordinary_case(client: FlaskClient) -> None:
    with write_unit():
        case = make_case("local_action")
        make_line(case, "Mặt trận xã đã đến xem.")
    with asked() as seen:
        page = client.get(f"/vu-viec/{case.code}")
    assert "Mặt trận xã đã đến xem." in page.text
    assert len(seen) <= 3, "\n\n".join(sql for sql, _values in seen)


def test_what_an_index_asks_for_stands_in_the_statement(client: FlaskClient) -> None:
    """As a value it would make SQLite plan the statement anew at each execution."""
    with write_unit():
        case = make_case("local_action")
    _page, seen = _read_by(client, "front_commune", case)
    assert "proposal.state = 'pending'" in "".join(sql for sql, _values in seen)
    assert "pending" not in str([values for _sql, values in seen])


def test_what_hangs_on_a_case_is_told_with_it(app: Flask) -> None:
    with write_unit():
        case, bare = a_full_case(), make_case()
        _account, officer = make_person("front_commune", unit=a_unit())
    holds = case_file(officer, case.code).holds
    assert {"photo", "recommendation", "inspection", "outcome", "follower"} <= holds
    assert not {"proposal", "check", "action", "case_letter", "merged", "vote"} & holds
    assert case_file(officer, bare.code).holds == frozenset()
    assert public_case(case.code).holds == {"recommendation", "outcome", "follower"}
    assert public_case(bare.code).holds == frozenset()


def test_a_draft_of_an_outcome_is_nothing_public(app: Flask) -> None:
    with write_unit():
        case = make_case("closed")
        an_outcome(case, state="draft")
    assert public_case(case.code).holds == frozenset()


def test_one_name_one_kind() -> None:
    with pytest.raises(ValueError, match="photo"):
        register_holding("photo", Case.id.is_not(None))


def test_pages_of_a_case_read_by_index(app: Flask) -> None:
    with write_unit():
        case = a_full_case()
        _account, officer = make_person("front_commune", unit=a_unit())
    used = plans(lambda: (case_file(officer, case.code), public_case(case.code)))
    tables = "|".join((*HANGING, "case_file", "timeline_line", "case_photo"))
    assert not re.search(rf"SCAN ({tables})\b|Seq Scan on ({tables})\b", used), used
