"""Days that an earlier version stored as 24:00 are mended by their revision, nothing else is."""

import importlib
from datetime import date, timedelta

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import select, update

from tests.factories.cases import make_case
from tests.factories.casework import Desks, deliver, make_letter
from tests.factories.clock import FrozenClock
from tests.factories.triage import a_task
from webapp.cases.clocks import subject_of
from webapp.cases.models import Case
from webapp.casework.models import Recommendation
from webapp.casework.operations.answering import answer_recommendation, give_view
from webapp.casework.operations.moves import subject_of as subject_of_letter
from webapp.core import clock
from webapp.core.unit_of_work import session
from webapp.deadlines.models import Deadline, DeadlineChange
from webapp.deadlines.operations import start_clock
from webapp.deadlines.queries import clocks_of
from webapp.triage.operations.local_action import act_locally

CHOSEN = date(2026, 5, 20)
LAST_SECOND = clock.day_begins(CHOSEN + timedelta(days=1)) - timedelta(seconds=1)
MIDNIGHT = clock.day_begins(CHOSEN + timedelta(days=1))


def as_it_was_stored() -> None:
    """Every chosen day at 24:00, as before e3789b1, with what was copied from it."""
    session().flush()
    for table, column in ((Deadline, "due_at"), (DeadlineChange, "new_due_at"), (Case, "due_at")):
        at = getattr(table, column) == LAST_SECOND
        session().execute(update(table).where(at).values({column: MIDNIGHT}))
    later = CHOSEN + timedelta(days=1)
    session().execute(
        update(Recommendation).where(Recommendation.due_on == CHOSEN).values(due_on=later)
    )


def mend() -> None:
    """The revision, in the test's own transaction."""
    name = "webapp.migrations.versions.0033_chosen_days_end_on_their_day"
    revision = importlib.import_module(name)
    session().flush()
    with Operations.context(MigrationContext.configure(session().connection())):
        revision.upgrade()
    session().expire_all()


def due_at(kind: str, number: int) -> list[object]:
    query = select(Deadline.due_at).where(
        Deadline.subject_kind == kind, Deadline.subject_id == number
    )
    return list(session().scalars(query.order_by(Deadline.due_at)))


def test_a_case_and_its_clock_end_on_the_chosen_day(desks: Desks) -> None:
    case = make_case("assessed", public=True)
    act_locally(desks.front, case, task=a_task(due_on=CHOSEN))
    as_it_was_stored()
    session().refresh(case)
    assert case.due_at == MIDNIGHT
    mend()
    assert due_at("case", case.id) == [LAST_SECOND]
    assert case.due_at == LAST_SECOND
    mend()  # a second run finds nothing
    assert due_at("case", case.id) == [LAST_SECOND]


def test_a_letter_says_the_day_again_that_was_printed(desks: Desks) -> None:
    letter = make_letter(desks, "issued")
    letter.due_on = CHOSEN
    deliver(desks, letter)
    as_it_was_stored()
    session().refresh(letter)
    assert letter.due_on == CHOSEN + timedelta(days=1)
    mend()
    assert LAST_SECOND in due_at("recommendation", letter.id)
    assert letter.due_on == CHOSEN


@pytest.mark.parametrize("times", [1, 2])
def test_the_clock_of_an_answered_letter_stopped_on_the_day_of_the_answer(
    desks: Desks, frozen: FrozenClock, times: int
) -> None:
    letter = make_letter(desks, "delivered")
    day = clock.today_local()
    frozen.forward(days=60)
    for _time in range(times):
        answer_recommendation(desks.office, letter, answer="Xong.", document=None, answered_on=day)
        give_view(desks.front, letter, "ask_clarification", words="Nêu rõ hơn.")
    (stopped,) = (
        each for each in clocks_of(subject_of_letter(letter)) if each.rule.key == letter.term
    )
    meant = stopped.stopped_at
    stopped.stopped_at = clock.now()
    mend()
    assert stopped.stopped_at == (meant if times == 1 else clock.now())
    assert meant is not None and clock.local(meant).date() == day


@pytest.mark.parametrize("decided", [False, True])
def test_a_clock_that_no_chosen_day_gave_its_moment_stays(desks: Desks, decided: bool) -> None:
    case = make_case("assessed", due_at=MIDNIGHT)
    running = start_clock("front_view", subject_of(case), due_at=LAST_SECOND if decided else None)
    running.due_at = MIDNIGHT  # its moment is not the one that was decided
    mend()
    assert due_at("case", case.id) == [MIDNIGHT]
    assert case.due_at == MIDNIGHT


def test_a_moment_chosen_within_a_day_stays(desks: Desks) -> None:
    noon = MIDNIGHT + timedelta(hours=12)
    case = make_case("assessed")
    start_clock("front_view", subject_of(case), due_at=noon)
    mend()
    assert due_at("case", case.id) == [noon]
