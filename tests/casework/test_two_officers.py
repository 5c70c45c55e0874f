"""Two officers on one record at once: one goes through, the other learns who and when."""

import threading
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from tests.factories.cases import make_case
from tests.factories.casework import Desks, make_letter
from webapp.cases.operations import claim_case
from webapp.casework.models import Recommendation
from webapp.casework.operations.answering import give_view
from webapp.casework.operations.issuing import issue_recommendation
from webapp.casework.operations.moves import claim_recommendation
from webapp.casework.operations.office import accept_case, decline_case
from webapp.core.errors import Conflict, DomainError
from webapp.core.unit_of_work import session, write_unit
from webapp.extensions import db

ROUNDS = 10
TODAY = date(2026, 3, 2)


def race(app: Flask, *acts: Callable[[], None]) -> list[DomainError | None]:
    """Run each act in a thread and context of its own, all let go at once."""
    start = threading.Barrier(len(acts))
    ends: list[DomainError | None] = [None] * len(acts)

    def run(number: int, act: Callable[[], None]) -> None:
        with app.app_context():
            start.wait()
            try:
                with write_unit():
                    act()
            except DomainError as error:
                ends[number] = error
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return ends


def one_won(ends: list[DomainError | None], who: set[str]) -> None:
    refused = [each for each in ends if each is not None]
    assert len(refused) == 1
    assert isinstance(refused[0], Conflict)
    words = str(refused[0].detail)
    assert any(name in words for name in who), words
    assert "lúc 08:00 02/03/2026" in words


@pytest.mark.resilience
def test_accept_and_decline_of_one_case(app: Flask, committed: Desks) -> None:
    for number in range(ROUNDS):
        with write_unit():
            letter = make_letter(
                committed, "delivered", case=make_case("assessed"), number=str(number + 1)
            )
            code, seen, letter_id = letter.case.code, letter.case.version, letter.id
        db.session.remove()

        def accept(code: str = code, seen: int = seen) -> None:
            case = claim_case(committed.office, code, seen=seen)
            accept_case(committed.office, case, handler="Sín", planned_on=date(2026, 3, 20))

        def decline(code: str = code, seen: int = seen) -> None:
            case = claim_case(committed.office, code, seen=seen)
            decline_case(committed.office, case, reason="not_competent", right_body="Sở", words="")

        one_won(race(app, accept, decline), {"Quàng Văn Sín"})
        after = session().get_one(Recommendation, letter_id)
        assert (after.case.state, after.state) in {
            ("accepted", "delivered"),
            ("declined", "answered"),
        }
        assert after.case.version == seen + 1


@pytest.mark.resilience
def test_two_views_of_one_answer(app: Flask, committed: Desks) -> None:
    for number in range(ROUNDS):
        with write_unit():
            letter = make_letter(
                committed, "delivered", case=make_case("assessed"), number=str(number + 1)
            )
            letter.state = "answered"
            uid, seen, letter_id = letter.document.uid, letter.version, letter.id
        db.session.remove()

        def judge(step: str, uid: str = uid, seen: int = seen) -> Callable[[], None]:
            def act() -> None:
                claimed = claim_recommendation(committed.front, uid, seen=seen)
                give_view(committed.front, claimed, step, words="Ý kiến.")

            return act

        ends = race(app, judge("agree"), judge("ask_clarification"))
        one_won(ends, {"Lò Thị Ẳng"})
        assert session().get_one(Recommendation, letter_id).version == seen + 1


@pytest.mark.resilience
def test_one_number_for_two_letters(app: Flask, committed: Desks) -> None:
    for number in range(ROUNDS):
        with write_unit():
            letters = [
                make_letter(committed, "signed", case=make_case("assessed")) for _ in range(2)
            ]
            rows = [(each.document.uid, each.version) for each in letters]
        db.session.remove()

        def issue(uid: str, seen: int, number: int = number) -> Callable[[], None]:
            def act() -> None:
                claimed = claim_recommendation(committed.front, uid, seen=seen)
                issue_recommendation(
                    committed.front, claimed, number=str(number + 1), issued_on=TODAY
                )

            return act

        ends = race(app, *(issue(*row) for row in rows))
        refused = [each for each in ends if each is not None]
        assert [set(each.fields) for each in refused] == [{"number"}]
