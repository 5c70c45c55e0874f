"""Public lists per office: overdue now, never answered; n and days told, few are not ranked."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.factories.cases import make_case
from tests.factories.clock import FrozenClock
from tests.factories.directory import NA_TAU, a_unit, an_organisation
from tests.factories.outcomes import a_recommendation
from tests.statements import plans
from webapp.cases.models import Case
from webapp.core.unit_of_work import write_unit
from webapp.figures.queries import offices
from webapp.figures.window import Window

DUE = datetime(2026, 2, 20, 10, 0, tzinfo=UTC)
YEAR = Window(date(2025, 3, 3), date(2026, 3, 2))
HERE = "/vu-viec/co-quan"


def page(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.text
    return answer.text


def held(kind: str = "env_office", *, late: bool = False, unit: Any = None, **more: Any) -> Case:
    office = an_organisation(kind, unit=unit)
    values = {"office_id": office.id, "overdue": late, "due_at": DUE if late else None}
    return make_case("inspecting", unit=unit, **values | more)


def letter(case: Case, *, delivered: date | None, due: date, answered: date | None = None) -> None:
    state = "answered" if answered else "delivered" if delivered else "issued"
    case.addressee_id = case.addressee_id or an_organisation("peoples_committee").id
    a_recommendation(
        case,
        state=state,
        addressee_id=an_organisation("peoples_committee").id,
        handler_id=an_organisation("env_office").id,
        delivered_on=delivered,
        due_on=due,
        answered_on=answered,
    )


def tallies() -> dict[int, tuple[int, int, int, int]]:
    return {
        row.organisation.id: (
            row.tally.held, row.tally.overdue, row.tally.due, row.tally.unanswered,
        )
        for row in offices.office_rows(YEAR)
    }  # fmt: skip


@pytest.fixture
def office_id(client: FlaskClient, frozen: FrozenClock) -> int:
    return an_organisation("env_office").id


def test_only_public_cases_with_the_office_are_counted(office_id: int) -> None:
    with write_unit():
        held(late=True)
        held()
        held(late=True, public=False)  # an urgent one that nobody assessed yet
        held(late=True, category_code="dispute")
        held(late=True, public_since=datetime(2024, 3, 1, tzinfo=UTC))
        make_case("remedying", addressee_id=office_id, overdue=True, due_at=DUE)
        make_case("closed", office_id=office_id)
        make_case("awaiting_confirmation", office_id=office_id, overdue=True, due_at=DUE)
    assert tallies() == {office_id: (3, 2, 0, 0)}


def test_a_letter_is_unanswered_only_after_its_day_and_with_proof(office_id: int) -> None:
    day = date(2026, 1, 12)
    past, ahead = day + timedelta(days=20), date(2026, 3, 2)
    with write_unit():
        letter(make_case("escalated"), delivered=day, due=past)
        letter(make_case("escalated"), delivered=day, due=past, answered=past)
        letter(make_case("closed"), delivered=day, due=past, answered=ahead)
        letter(make_case("escalated"), delivered=day, due=ahead)
        letter(make_case("escalated"), delivered=None, due=past)
        letter(make_case("dismissed"), delivered=day, due=past)
        letter(make_case("escalated"), delivered=date(2024, 1, 12), due=past)
    committee = an_organisation("peoples_committee").id
    assert tallies()[committee][2:] == (3, 1)
    (silent,) = offices.silent_letters(committee, YEAR).rows
    assert (silent.delivered, silent.due) == (day, past)


def test_the_lists_name_cases_with_n_and_days(client: FlaskClient, office_id: int) -> None:
    committee = an_organisation("peoples_committee").id
    with write_unit():
        late, sound = held(late=True, public_place="Bản Bua"), held()
        letter(late, delivered=date(2026, 1, 12), due=date(2026, 2, 1))
    shown = page(client, f"{HERE}/{office_id}/qua-han")
    assert f"/vu-viec/{late.code}" in shown and sound.code not in shown
    assert "trên 2 vụ việc đang giữ, công khai từ 03/03/2025 đến 02/03/2026" in shown
    assert "Hạn ngày 20/02/2026" in shown and "Bản Bua" in shown
    silent = page(client, f"{HERE}/{committee}/chua-tra-loi")
    assert f"/vu-viec/{late.code}" in silent and "Giao ngày 12/01/2026" in silent
    assert re.search(r"Chưa có trả lời sau \d\d ngày làm việc", silent)
    for linked in ("/vu-viec", "/so-lieu", "/don-vi/gso-2025/03325"):
        assert HERE in page(client, linked)
    assert f"{HERE}/{office_id}/qua-han" in page(client, "/don-vi/gso-2025/03325")


def test_few_cases_are_not_ranked(client: FlaskClient, office_id: int) -> None:
    other = a_unit(NA_TAU)
    with write_unit():
        for number in range(5):
            held(late=number == 0)
        held(late=True, unit=other)
    shown = page(client, HERE)
    compared, few = shown.split("Cơ quan đang giữ dưới 5 vụ việc")
    assert f"{HERE}/{office_id}/" in compared and "20%" in compared
    assert f"{HERE}/{an_organisation('env_office', unit=other).id}/" in few
    assert "100%" not in shown and "chưa đủ" in few


def test_pages_go_on_and_end_empty(client: FlaskClient, office_id: int, monkeypatch: Any) -> None:
    monkeypatch.setattr(offices, "PAGE", 2)
    with write_unit():
        codes = [held(late=True, due_at=DUE + timedelta(hours=n)).code for n in range(3)]
    first = page(client, f"{HERE}/{office_id}/qua-han")
    found = re.search(r'href="([^"]+after=[^"]+)" rel="next"', first)
    assert found is not None and codes[2] not in first
    second = page(client, found[1].replace("&amp;", "&"))
    assert codes[2] in second and codes[0] not in second
    empty = page(client, f"{HERE}/{office_id}/chua-tra-loi")
    assert "Không có kiến nghị nào bị bỏ quên" in empty


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/0/qua-han", 404),
        ("/x/qua-han", 404),
        ("/1/khac", 404),
        ("/99999999999999999999/qua-han", 404),
        ("?from=hom-qua", 422),
    ],
)
def test_wrong_addresses(client: FlaskClient, path: str, status: int) -> None:
    page(client, HERE + path, status)


def test_a_front_committee_is_no_office(client: FlaskClient) -> None:
    page(client, f"{HERE}/{an_organisation().id}/qua-han", 404)
    office = an_organisation("env_office").id
    page(client, f"{HERE}/{office}/qua-han?after=x", 422)
    page(client, f"{HERE}/{office}/qua-han?from=2026-02-02&to=2026-02-01", 422)


def test_counts_and_lists_are_found_by_an_index(office_id: int) -> None:
    with write_unit():
        held(late=True)
    counted = plans(lambda: offices.office_rows(YEAR))
    assert "ix_case_file_public_" in counted, counted
    listed = plans(lambda: offices.late_cases(office_id, YEAR))
    assert "ix_case_file_public_" in listed or "ix_case_file_office" in listed, listed
