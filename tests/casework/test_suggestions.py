"""A passed date proposes an urging letter, then the province; loads show who holds the work."""

import pytest
from flask import Flask

from tests.casework.test_case_letters import browser, issued
from tests.factories.casework import Desks, accepted_case, make_letter
from tests.factories.clock import FrozenClock
from webapp.cases.clocks import subject_of
from webapp.cases.models import Case
from webapp.casework.operations.raising import propose_raise
from webapp.casework.suggestions import loads, suggestion_for, suggestions
from webapp.core.unit_of_work import session, write_unit
from webapp.deadlines.operations import pause_clock, recompute_clocks
from webapp.deadlines.queries import next_due
from webapp.directory.models import CalendarDay

LATE = 60  # days, more than any clock of an office runs


def told(desks: Desks) -> list[tuple[int, str]]:
    return [(each.case.id, each.step) for each in suggestions(desks.front)]


def test_first_urge_then_the_province(desks: Desks, frozen: FrozenClock) -> None:
    case = accepted_case(desks)
    assert told(desks) == []
    frozen.forward(days=LATE)
    assert told(desks) == [(case.id, "urge")]
    issued(desks, "urging", case=case, new_due_on="2026-05-11")
    assert told(desks) == []  # the day of the urging letter has not passed
    frozen.forward(days=30)
    assert told(desks) == [(case.id, "raise")]
    propose_raise(desks.front, case, ground="overdue", reason="Đã đôn đốc, chưa trả lời.")
    assert told(desks) == []


def test_an_unanswered_letter_is_late_too(desks: Desks, frozen: FrozenClock) -> None:
    letter = make_letter(desks, "delivered")
    frozen.forward(days=LATE)
    found = suggestion_for(desks.front, letter.case)
    assert found is not None
    assert found.step == "urge"


def test_neither_paused_clocks_nor_other_desks_are_bothered(
    desks: Desks, frozen: FrozenClock
) -> None:
    case = accepted_case(desks)
    pause_clock(subject_of(case), "conclude", "Chờ người dân")
    frozen.forward(days=LATE)
    assert told(desks) == [(case.id, "urge")]  # by the letter, whose own clock runs on
    for actor in (desks.office, desks.chair, desks.signer, desks.province):
        assert suggestions(actor) == []
        assert suggestion_for(actor, case) is None


def test_loads_count_offices_and_the_front(desks: Desks, frozen: FrozenClock) -> None:
    case = accepted_case(desks)
    frozen.forward(days=LATE)
    shown = {each.organisation.kind: each.load for each in loads(desks.front)}
    assert shown["env_office"].overdue >= 1
    assert loads(desks.office) == []
    assert case.office_id == next(
        each.organisation.id for each in loads(desks.front) if each.load.overdue
    )


def test_a_calendar_edit_moves_the_case_too(committed: Desks, frozen: FrozenClock) -> None:
    with write_unit():
        case = accepted_case(committed)
        before, case_id = next_due(subject_of(case)), case.id
        assert before is not None
        session().add(CalendarDay(day=before.date(), works=False, name="Nghỉ bù"))
    recompute_clocks()
    session().expire_all()
    moved = session().get_one(Case, case_id)
    assert moved.due_at == next_due(subject_of(moved))
    assert moved.due_at is not None and moved.due_at > before


@pytest.mark.parametrize("name", ["front", "signer"])
def test_the_page_of_dates(app: Flask, committed: Desks, frozen: FrozenClock, name: str) -> None:
    with write_unit():
        code = accepted_case(committed).code
    frozen.forward(days=LATE)
    client = browser(app, committed, name)
    page = client.get("/can-bo/thoi-han").text
    assert "Việc đang chờ từng nơi" in page
    assert ("Nên đôn đốc" in page) is (name == "front")
    case_page = client.get(f"/can-bo/vu-viec/{code}").text
    assert ("Soạn công văn đôn đốc" in case_page) is (name == "front")


def test_todays_work_has_a_card_with_the_one_step(
    app: Flask, committed: Desks, frozen: FrozenClock
) -> None:
    with write_unit():
        code = accepted_case(committed).code
    page = browser(app, committed, "front").get("/can-bo/hom-nay?viec=don-doc").text
    assert "Không có cơ quan nào quá hạn" in page
    frozen.forward(days=LATE)
    page = browser(app, committed, "front").get("/can-bo/hom-nay?viec=don-doc&sau=7").text
    assert f"/can-bo/vu-viec/{code}" in page and "Cơ quan quá hạn từ" in page
    assert "Soạn công văn đôn đốc</a>" in page and "Để sau, xem việc tiếp" not in page
    assert "Cần đôn đốc" not in browser(app, committed, "signer").get("/can-bo/hom-nay").text
