"""An answer came on the day the office gave it, for boards, public figures and hearings alike."""

from datetime import date, timedelta

import pytest

from tests.factories.casework import ANSWER, Desks, accepted_case, make_letter
from tests.factories.clock import FrozenClock
from tests.factories.directory import an_organisation
from webapp.casework.answers import answered_late
from webapp.casework.hearing import figures_of
from webapp.casework.models import Recommendation
from webapp.casework.operations.answering import answer_recommendation, give_view
from webapp.casework.operations.concluding import Conclusion, conclude_case
from webapp.casework.operations.moves import subject_of
from webapp.casework.operations.proof import Paper
from webapp.core import clock
from webapp.core.unit_of_work import session, write_unit
from webapp.deadlines.operations import recompute_clocks
from webapp.deadlines.queries import clocks_of
from webapp.directory.models import CalendarDay
from webapp.directory.served_units import NEW_SYSTEM
from webapp.figures.filters import BoardFilters
from webapp.figures.queries.board import board
from webapp.figures.queries.public import figures
from webapp.figures.window import Window

YEAR = Window(date(2026, 1, 1), date(2026, 12, 31))


def answer(desks: Desks, letter: Recommendation, on: date, document: str | None = None) -> None:
    answer_recommendation(desks.office, letter, answer=ANSWER, document=document, answered_on=on)


def counted(desks: Desks, letter: Recommendation) -> dict[str, tuple[int, int]]:
    """Answered and answered late, as each of the three counts them."""
    session().flush()
    told = board(desks.province, BoardFilters(YEAR)).all
    public = figures(YEAR, NEW_SYSTEM).all
    pack = figures_of(an_organisation(), (YEAR.first, YEAR.last), [letter])
    return {
        "board": (told.answered, told.answered - told.on_time),
        "public": (public.answered, public.answered_late),
        "hearing": (pack.answered, pack.late),
    }


@pytest.mark.parametrize(("days", "late"), [(0, 0), (1, 1)])
def test_the_day_of_the_answer_counts_not_that_of_writing_it_down(
    desks: Desks, frozen: FrozenClock, days: int, late: int
) -> None:
    letter = make_letter(desks, "delivered")
    assert letter.due_on is not None
    frozen.forward(days=60)
    answer(desks, letter, letter.due_on + timedelta(days=days))
    assert set(counted(desks, letter).values()) == {(1, late)}


def test_a_second_answer_makes_the_first_no_later(desks: Desks, frozen: FrozenClock) -> None:
    letter = make_letter(desks, "delivered")
    first = clock.today_local()
    answer(desks, letter, first, "12/KT")
    give_view(desks.front, letter, "ask_clarification", words="Nêu rõ ngày làm xong.")
    frozen.forward(days=60)
    answer(desks, letter, clock.today_local(), "45/KT")
    assert (letter.answered_on, letter.answer_document) == (first, "45/KT, 01/05/2026")
    assert set(counted(desks, letter).values()) == {(1, 0)}


def test_a_conclusion_on_paper_answers_on_the_day_of_the_paper(
    desks: Desks, frozen: FrozenClock
) -> None:
    case = accepted_case(desks)
    for body in (case.office, case.addressee):
        assert body is not None
        body.signs_in = False
    due = make_day(case.id)
    frozen.forward(days=60)
    conclude_case(
        desks.front,
        case,
        from_paper=Conclusion(conclusion="none", answer=ANSWER, form="examination", on_date=due),
        paper=Paper("45/KL-UBND", due, "post"),
    )
    (letter,) = session().query(Recommendation).filter_by(case_id=case.id)
    assert (letter.answered_on, answered_late([letter.id])) == (due, set())


def make_day(case_id: int) -> date:
    """The day by which the letter of a case is to be answered."""
    (letter,) = session().query(Recommendation).filter_by(case_id=case_id)
    assert letter.due_on is not None
    return letter.due_on


def test_a_letter_says_the_day_of_its_clock_after_the_calendar_was_edited(
    committed: Desks, frozen: FrozenClock
) -> None:
    with write_unit():
        letter = make_letter(committed, "delivered")
        was = letter.due_on
        session().add(CalendarDay(day=date(2026, 3, 4), works=False, name="Nghỉ bù"))
    recompute_clocks()
    session().refresh(letter)
    (running,) = (each for each in clocks_of(subject_of(letter)) if not each.stopped_at)
    assert was is not None and letter.due_on == clock.local(running.due_at).date() > was
