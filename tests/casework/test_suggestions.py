"""A passed date proposes an urging letter, then the province; loads show who holds the work."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.casework.test_case_letters import browser, issued
from tests.factories.casework import ANSWER, Desks, accepted_case, make_letter
from tests.factories.clock import FrozenClock
from webapp.cases.clocks import subject_of
from webapp.cases.models import Case
from webapp.casework import messages
from webapp.casework.answers import CLARIFY
from webapp.casework.models import Recommendation
from webapp.casework.operations.answering import answer_recommendation, give_view
from webapp.casework.operations.moves import subject_of as subject_of_letter
from webapp.casework.operations.raising import propose_raise
from webapp.casework.suggestions import loads, suggestion_for, suggestions
from webapp.core import clock
from webapp.core.unit_of_work import session, write_unit
from webapp.core.working_days import end_of_day
from webapp.deadlines.models import Deadline
from webapp.deadlines.operations import pause_clock, recompute_clocks, stop_clock, tell_deadlines
from webapp.deadlines.queries import clocks_of, next_due
from webapp.directory.models import CalendarDay
from webapp.notifications.models import Notice

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
    found = suggestion_for(desks.front, letter.case, list)
    assert found is not None
    assert found.step == "urge"


def test_an_office_that_makes_nothing_clear_is_late(desks: Desks, frozen: FrozenClock) -> None:
    letter = answered_letter(desks)
    case = letter.case
    office = letter.handler_id
    give_view(desks.front, letter, "ask_clarification", words="Chưa nói ai dọn bãi rác.")
    [running] = running_clocks(letter)
    assert (running.rule.key, running.owner_id) == ("front_reco_clarify", office)
    case.state, case.office_id = "accepted", office
    stop_clock(subject_of(case), "accept")
    frozen.forward(days=LATE)
    assert told(desks) == [(case.id, "urge")]
    assert [each.load.overdue for each in loads(desks.front) if each.organisation.id == office]
    day = clock.today_local() - timedelta(days=2)
    answer_recommendation(
        desks.office, letter, answer="Xã dọn trước 30/6.", document=None, answered_on=day
    )
    assert told(desks) == []
    assert [each.rule.key for each in running_clocks(letter)] == ["front_view"]
    stopped = {each.rule.key: each.stopped_at for each in clocks_of(subject_of_letter(letter))}
    assert stopped[CLARIFY] == end_of_day(day)


def test_who_has_to_make_it_clear_and_the_front_are_told(
    committed: Desks, frozen: FrozenClock
) -> None:
    with write_unit():
        letter = answered_letter(committed)
        give_view(committed.front, letter, "ask_clarification", words="Chưa rõ ai thu gom.")
        both = {letter.handler_id, letter.case.owner_id}
    frozen.forward(days=LATE)
    tell_deadlines()
    with write_unit():
        late = select(Notice.organisation_id).where(Notice.message == messages.LETTER_OVERDUE)
        assert set(session().scalars(late)) == both


def test_a_dialogue_ends_the_wait_for_clarity(desks: Desks) -> None:
    letter = answered_letter(desks)
    give_view(desks.front, letter, "ask_clarification", words="Chưa rõ ngày dọn.")
    give_view(desks.front, letter, "hold_dialogue", words="Hai bên đã đối thoại ngày 3/3.")
    assert running_clocks(letter) == []


def answered_letter(desks: Desks) -> Recommendation:
    letter = make_letter(desks, "delivered")
    answer_recommendation(
        desks.office, letter, answer=ANSWER, document=None, answered_on=clock.today_local()
    )
    return letter


def running_clocks(letter: Recommendation) -> list[Deadline]:
    return [each for each in clocks_of(subject_of_letter(letter)) if each.stopped_at is None]


def test_neither_paused_clocks_nor_other_desks_are_bothered(
    desks: Desks, frozen: FrozenClock
) -> None:
    case = accepted_case(desks)
    pause_clock(subject_of(case), "conclude", "Chờ người dân")
    frozen.forward(days=LATE)
    assert told(desks) == [(case.id, "urge")]  # by the letter, whose own clock runs on
    for actor in (desks.office, desks.chair, desks.signer, desks.province):
        assert suggestions(actor) == []
        assert suggestion_for(actor, case, list) is None


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
    assert ("Không có vụ việc nào cần ông/bà đôn đốc" in page) is (name != "front")
    every_late = "/can-bo/hang-doi?tab=vu-viec&due=overdue"
    assert f'href="{every_late.replace("&", "&amp;")}"' in page
    assert code in client.get(every_late).text
    case_page = client.get(f"/can-bo/vu-viec/{code}").text
    assert ("Soạn công văn đôn đốc" in case_page) is (name == "front")


def test_todays_work_has_a_card_with_the_one_step(
    app: Flask, committed: Desks, frozen: FrozenClock
) -> None:
    with write_unit():
        code = accepted_case(committed).code
    page = browser(app, committed, "front").get("/can-bo/hom-nay?viec=don-doc").text
    assert "Không có vụ việc nào cần ông/bà đôn đốc" in page
    frozen.forward(days=LATE)
    page = browser(app, committed, "front").get("/can-bo/hom-nay?viec=don-doc&sau=7").text
    assert f"/can-bo/vu-viec/{code}" in page and "Cơ quan quá hạn từ" in page
    assert "Soạn công văn đôn đốc</a>" in page and "Để sau, xem việc tiếp" not in page
    assert "Cần đôn đốc" not in browser(app, committed, "signer").get("/can-bo/hom-nay").text
