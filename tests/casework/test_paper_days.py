"""What an office did on paper counts on the day of its paper, not when the Front wrote it down."""

from datetime import UTC, date, datetime

import pytest

from tests.factories.cases import make_case
from tests.factories.casework import ANSWER, Desks, make_letter
from tests.factories.clock import FrozenClock
from webapp.cases.clocks import subject_of
from webapp.cases.models import Case
from webapp.casework.operations.concluding import (
    Conclusion,
    conclude_case,
    order_remedy,
    report_remedied,
)
from webapp.casework.operations.office import accept_case, decline_case
from webapp.casework.operations.proof import Paper
from webapp.casework.queries import inspections_of
from webapp.core import clock
from webapp.core.working_days import end_of_day
from webapp.deadlines.queries import clocks_of, result_of
from webapp.triage.operations.verification import Visit, record_verification, request_verification


def how_it_ended(case: Case, key: str) -> str:
    (ended,) = (each for each in clocks_of(subject_of(case)) if each.rule.key == key)
    return result_of(ended, clock.now()).code


@pytest.fixture
def case(desks: Desks) -> Case:
    """At an office that does not sign in, with its letter of 02/03/2026."""
    letter = make_letter(desks, "issued")
    for body in (letter.addressee, letter.handler):
        body.signs_in = False
    return letter.case


@pytest.mark.parametrize(("day", "ended"), [(5, "met"), (6, "missed")])
@pytest.mark.parametrize("step", ["accept", "decline"])
def test_taken_or_declined_on_the_day_of_the_paper(
    desks: Desks, case: Case, frozen: FrozenClock, step: str, day: int, ended: str
) -> None:
    frozen.forward(days=20)
    paper = Paper("12/UBND", date(2026, 3, day), "post")
    if step == "accept":
        planned = date(2026, 4, 20)
        accept_case(desks.front, case, handler="Quàng Văn Sín", planned_on=planned, paper=paper)
    else:
        decline_case(
            desks.front, case, reason="not_clear", right_body="Sở", words="Rõ hơn", paper=paper
        )
    assert how_it_ended(case, "accept") == ended


def test_concluded_and_put_right_on_the_day_of_the_paper(
    desks: Desks, case: Case, frozen: FrozenClock
) -> None:
    accept_case(
        desks.front,
        case,
        handler="Quàng Văn Sín",
        planned_on=date(2026, 3, 20),
        paper=Paper("12/UBND", date(2026, 3, 2), "post"),
    )
    frozen.forward(days=30)
    told = Conclusion(
        conclusion="violation", answer=ANSWER, form="examination", on_date=date(2026, 3, 10)
    )
    concluded = Paper("45/KL-UBND", date(2026, 3, 12), "post")
    conclude_case(desks.front, case, from_paper=told, paper=concluded)
    order_remedy(
        desks.front, case, measures="Thu gom rác", due_on=date(2026, 4, 5), paper=concluded
    )
    frozen.forward(days=20)
    remedied = Paper("60/BC-UBND", date(2026, 4, 5), "post")
    report_remedied(
        desks.front,
        case,
        result="Đã thu gom",
        no_photo_reason="Văn bản không kèm ảnh",
        paper=remedied,
    )
    assert [how_it_ended(case, key) for key in ("conclude", "remedy")] == ["met", "met"]
    (inspection,) = inspections_of(case.id)
    assert inspection.remedied_on == remedied.on


def test_paper_older_than_the_clock_stops_it_where_it_began(
    desks: Desks, case: Case, frozen: FrozenClock
) -> None:
    frozen.forward(days=1)
    paper = Paper("12/UBND", date(2026, 2, 20), "post")
    accept_case(
        desks.front, case, handler="Quàng Văn Sín", planned_on=date(2026, 3, 20), paper=paper
    )
    (accept,) = (each for each in clocks_of(subject_of(case)) if each.rule.key == "accept")
    assert accept.stopped_at == accept.started_at


def test_an_offices_own_step_counts_when_it_is_taken(desks: Desks, frozen: FrozenClock) -> None:
    case = make_letter(desks, "issued").case
    frozen.forward(days=20)
    accept_case(desks.office, case, handler="Quàng Văn Sín", planned_on=date(2026, 4, 20))
    assert how_it_ended(case, "accept") == "missed"


def test_a_visit_counts_when_it_was_made(desks: Desks, frozen: FrozenClock) -> None:
    case = make_case("received")
    day = date(2026, 3, 4)
    request_verification(
        desks.front, case, organisation_id=None, due_on=day, question="Rác còn đó không?"
    )
    frozen.forward(days=2, hours=17)  # nobody has told them of the passed day yet
    visit = Visit("found", datetime(2026, 3, 4, 9, tzinfo=UTC), no_photo_reason="Máy hết pin")
    record_verification(desks.front, case, visit=visit)
    (task,) = clocks_of(subject_of(case))
    assert task.due_at == end_of_day(day)
    assert task.stopped_at == visit.visited_at
