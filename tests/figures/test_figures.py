"""The figures page: exact counts of public cases, deadlines kept with n, old and new units."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from geo.points import Point
from tests.factories.cases import PUBLISHED, make_case
from tests.factories.directory import NA_TAU, a_unit, an_organisation
from tests.factories.figures import a_clock
from tests.factories.outcomes import a_recommendation
from webapp.cases.models import Case
from webapp.core.unit_of_work import session, write_unit
from webapp.deadlines.models import ClockRule, Deadline
from webapp.directory.models import UnitSuccession
from webapp.directory.queries import predecessors

YEAR_2026 = "/so-lieu?from=2026-01-01&to=2026-12-31"


def _page(client: FlaskClient, address: str = YEAR_2026) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return answer.text


def _rows(page: str) -> dict[str, list[str]]:
    """The table of units: name to cells."""
    found = {}
    for row in re.findall(r"<tr>\s*<th scope=\"row\"><a[^>]*>(.*?)</tr>", page, re.S):
        name, rest = row.split("</a>", 1)
        cells = re.findall(r"<td[^>]*>(.*?)</td>", rest, re.S)
        found[name] = [" ".join(re.sub(r"<[^>]+>", "", cell).split()) for cell in cells]
    return found


def _clock(case: Case, *, late: bool, key: str = "accept") -> None:
    session().add(
        Deadline(
            rule_id=session().scalars(select(ClockRule.id).where(ClockRule.key == key)).one(),
            subject_kind="case",
            subject_id=case.id,
            started_at=PUBLISHED,
            due_at=PUBLISHED + timedelta(days=5),
            stopped_at=PUBLISHED + timedelta(days=6 if late else 4),
        )
    )


def test_counts_by_unit_state_and_category(client: FlaskClient) -> None:
    with write_unit():
        make_case("assessed", overdue=True)
        make_case("closed", category_code="burning")
        make_case("received")
        make_case("dismissed")
        make_case("closed", unit=a_unit(NA_TAU))
        make_case(public_since=datetime(2025, 3, 1, tzinfo=UTC))
    page = _page(client)
    assert _rows(page)["Xã Mường Phăng"][:5] == ["2", "1", "1", "1", "1"]
    assert _rows(page)["Xã Nà Tấu"][:5] == ["1", "0", "0", "0", "1"]
    assert re.findall(r"<strong>(.*?)</strong>", page)[:4] == ["3", "1", "1", "2"]
    assert "Khói, bụi, mùi" in page
    assert "Tính trên 3 vụ việc công khai từ 01/01/2026 đến 31/12/2026" in page


@pytest.mark.parametrize(("late", "told"), [(0, "100%"), (2, "67%"), (6, "0%")])
def test_deadlines_kept_are_told_with_their_number(
    client: FlaskClient, late: int, told: str
) -> None:
    with write_unit():
        for number in range(6):
            _clock(make_case("closed"), late=number < late)
    page = _page(client)
    assert _rows(page)["Xã Mường Phăng"][5] == f"{told} (6)"
    assert f"<strong>{told}</strong>" in page


def test_time_that_residents_had_is_no_deadline_of_anybody(client: FlaskClient) -> None:
    with write_unit():
        for _number in range(5):
            case = make_case("closed")
            _clock(case, late=False)
            _clock(case, late=True, key="confirmation_window")  # closed once it had passed
            _clock(case, late=True, key="reopen_window")
    assert _rows(_page(client))["Xã Mường Phăng"][5] == "100% (5)"


def test_too_few_deadlines_give_no_share(client: FlaskClient) -> None:
    with write_unit():
        for _number in range(4):
            _clock(make_case("closed"), late=False)
        _clock(make_case("received"), late=False)
    assert _rows(_page(client))["Xã Mường Phăng"][5] == "chưa đủ (4)"


def test_old_units_by_record_then_by_the_nearest_centre(client: FlaskClient) -> None:
    first, second = predecessors(a_unit())[:2]
    assert second.lon is not None and second.lat is not None
    with write_unit():
        make_case(unit=first, owner=an_organisation())
        make_case(point=Point(second.lon, second.lat))
        make_case(observed_unit_id=first.id, point=Point(second.lon, second.lat))
    new, old = _page(client), _page(client, f"{YEAR_2026}&dia-ban=cu")
    assert _rows(new)["Xã Mường Phăng"][0] == "3"
    assert (_rows(old)[first.name][0], _rows(old)[second.name][0]) == ("2", "1")
    assert "chỉ gần đúng" in old and "chỉ gần đúng" not in new


def test_nothing_in_the_window_says_what_to_do(client: FlaskClient) -> None:
    with write_unit():
        make_case()
    assert "Chọn thời gian dài hơn" in _page(client, "/so-lieu?from=2020-01-01&to=2020-02-01")


def test_a_wrong_window_is_refused_in_words(client: FlaskClient) -> None:
    answer = client.get("/so-lieu?from=2026-03-01&to=2026-02-01")
    assert answer.status_code == 422
    assert "Ngày đầu phải trước ngày cuối" in answer.text


def test_figures_are_shared_between_readers(client: FlaskClient) -> None:
    answer = client.get(YEAR_2026)
    assert answer.headers["Cache-Control"].startswith("public")
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(("cases", "told"), [(5, "80%"), (4, "chưa đủ")])
def test_answers_on_time_are_those_of_the_boards(
    client: FlaskClient, cases: int, told: str
) -> None:
    with write_unit():
        asked = an_organisation("peoples_committee")
        for number in range(cases):
            case = make_case("concluded", waste_source="market")
            letter = a_recommendation(case, addressee_id=asked.id, handler_id=asked.id)
            a_clock("recommendation", letter.id, "front_reco_reply", PUBLISHED, 9 + number * 10, 48)
    page = _page(client)
    assert f"<strong>{told}</strong>kiến nghị được trả lời đúng hạn" in page
    assert f"trên {cases} vụ việc có trả lời" in page
    assert "Chợ, trung tâm thương mại" in page


def test_cases_of_merged_units_count_for_the_last_one_and_of_split_ones_for_none(
    client: FlaskClient,
) -> None:
    """Where nobody decided which unit took a record over, the record stays where it was."""
    with write_unit():
        *_others, first, second = predecessors(a_unit())
        merged, last = a_unit(), a_unit(NA_TAU)
        session().add(UnitSuccession(old_id=merged.id, new_id=last.id, effective=PUBLISHED.date()))
        session().add(UnitSuccession(old_id=second.id, new_id=last.id, effective=PUBLISHED.date()))
        make_case(unit=first, owner=an_organisation())
        make_case(unit=second, owner=an_organisation())
        make_case(unit=merged)
    rows = _rows(_page(client))
    assert rows["Xã Nà Tấu"][0] == "2"
    assert rows[second.name][0] == "1"
    assert "Xã Mường Phăng" not in rows


def test_old_units_are_found_behind_a_later_merger(client: FlaskClient) -> None:
    """What was merged since 2025 is no unit of before: its cases go to the old ones under it."""
    merged, last = a_unit(), a_unit(NA_TAU)
    first = predecessors(merged)[0]
    assert first.lon is not None and first.lat is not None
    with write_unit():
        session().add(UnitSuccession(old_id=merged.id, new_id=last.id, effective=PUBLISHED.date()))
        make_case(unit=merged, point=Point(first.lon, first.lat))
        make_case(unit=last, point=Point(first.lon, first.lat))
    rows = _rows(_page(client, f"{YEAR_2026}&dia-ban=cu"))
    assert rows[first.name][0] == "2"
    assert "Xã Mường Phăng" not in rows
