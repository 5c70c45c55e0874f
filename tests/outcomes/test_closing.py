"""Every condition of closing a case, denials of a result, answers to "not fixed", reopening."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories.accounts import actor_with, make_person
from tests.factories.directory import NA_TAU, a_unit
from tests.factories.outcomes import a_case, a_line, a_recommendation, an_outcome
from webapp.audit.models import AuditEntry
from webapp.cases.clocks import subject_of
from webapp.cases.models import Case, CaseVote
from webapp.cases.votes import vote_fixed
from webapp.core.actor import GUEST, Actor
from webapp.core.errors import Conflict, Forbidden, Invalid, NotFound, TransitionRefused
from webapp.core.unit_of_work import session, write_unit
from webapp.deadlines.operations import start_clock
from webapp.outcomes.closing import (
    answer_vote,
    close_case,
    deny_conclusion,
    deny_local,
    deny_remedy,
    reopen_case,
)
from webapp.outcomes.conditions import closing_conditions
from webapp.outcomes.models import Outcome
from webapp.outcomes.queries import outcome_of


def front() -> Actor:
    return make_person("front_commune", unit=a_unit())[1]


def says(case: Case, fixed: bool, voter: str = "1") -> CaseVote:
    words = None if fixed else "Vẫn còn rác ở chân cầu."
    return vote_fixed(GUEST, case, role="reporter", voter=voter, fixed=fixed, words=words)


def closable(**changes: Any) -> Case:
    """A case for which nothing is missing."""
    case = a_case(**changes)
    says(case, True)
    an_outcome(case, state="published")
    return case


def last_act() -> str | None:
    return session().scalars(select(AuditEntry.action).order_by(AuditEntry.id.desc())).first()


def missing(case: Case) -> set[str]:
    return {each.key for each in closing_conditions(case) if not each.met}


def test_a_case_with_all_it_needs_is_closed(app: Flask) -> None:
    with write_unit():
        case = closable()
        close_case(front(), case, words="Bãi rác đã được dọn sạch.")
    assert (case.state, case.closed_at) == ("closed", datetime(2026, 2, 24, 2, 0, tzinfo=UTC))
    assert last_act() == "case.close"


def unjudged(case: Case) -> None:
    a_recommendation(case, state="answered")


def asked_for_more(case: Case) -> None:
    a_recommendation(case, state="clarification_asked")


def not_regularised(case: Case) -> None:
    a_line(case, "accept_urgent")


def vote_unanswered(case: Case) -> None:
    says(case, False, voter="2")


def page_only_drafted(case: Case) -> None:
    case_page(case).state = "draft"


def page_retracted(case: Case) -> None:
    case_page(case).state = "retracted"


def nobody_confirmed(case: Case) -> None:
    session().execute(CaseVote.__table__.delete())


def case_page(case: Case) -> Outcome:
    page = outcome_of(case.id)
    assert page is not None
    return page


@pytest.mark.parametrize(
    ("spoil", "key"),
    [
        (unjudged, "judged"),
        (asked_for_more, "judged"),
        (not_regularised, "regularised"),
        (vote_unanswered, "votes"),
        (page_only_drafted, "published"),
        (page_retracted, "published"),
        (nobody_confirmed, "confirmed"),
    ],
)
def test_each_condition_alone_keeps_it_open(
    app: Flask, spoil: Callable[[Case], None], key: str
) -> None:
    with write_unit():
        case = closable()
        spoil(case)
        assert missing(case) == {key}
        with pytest.raises(Invalid) as refused:
            close_case(front(), case)
    assert list(refused.value.fields) == [key]
    assert case.state == "awaiting_confirmation"


@pytest.mark.parametrize("state", ["agreed", "kept", "changed", "withdrawn"])
def test_judged_answers_do_not_hold_it_up(app: Flask, state: str) -> None:
    with write_unit():
        case = closable()
        a_recommendation(case, state=state)
        a_line(case, "accept_urgent")
        assert missing(case) == set()


def test_a_passed_window_replaces_the_confirmation(app: Flask) -> None:
    with write_unit():
        case = closable()
        nobody_confirmed(case)
        start_clock(
            "confirmation_window",
            subject_of(case),
            started_at=datetime(2026, 2, 13, 2, 0, tzinfo=UTC),
        )
        assert missing(case) == set()


def test_a_window_that_still_runs_does_not(app: Flask) -> None:
    with write_unit():
        case = closable()
        nobody_confirmed(case)
        start_clock(
            "confirmation_window",
            subject_of(case),
            started_at=datetime(2026, 2, 14, 2, 0, tzinfo=UTC),
        )
        assert missing(case) == {"confirmed"}


def test_a_lawful_reason_replaces_the_page(app: Flask) -> None:
    with write_unit():
        case = a_case()
        says(case, True)
        with pytest.raises(Invalid) as refused:
            close_case(front(), case, unpublished="private_life", unpublished_words=" ")
        assert "unpublished_words" in refused.value.fields
        close_case(
            front(), case, unpublished="private_life", unpublished_words="Chuồng nuôi sát nhà ở."
        )
    assert case.state == "closed"
    assert case.not_published_reason is not None
    assert case.not_published_reason.endswith("Chuồng nuôi sát nhà ở.")


def test_the_fast_lane_needs_no_page_unless_a_letter_was_sent(app: Flask) -> None:
    with write_unit():
        case = a_case(fast=True, last_result="report_local_result", category="waste_collection")
        says(case, True)
        assert missing(case) == set()
        a_recommendation(case)
        assert missing(case) == {"published"}


def test_closing_words_are_checked_like_a_page(app: Flask) -> None:
    with write_unit(), pytest.raises(Invalid) as refused:
        close_case(front(), closable(), words="Liên hệ 0912 345 678 để biết thêm.")
    assert "words" in refused.value.fields


@pytest.mark.parametrize("role", ["publisher", "env_commune", "commune_chair"])
def test_only_the_front_closes(app: Flask, role: str) -> None:
    with write_unit(), pytest.raises(Forbidden):
        close_case(make_person(role, unit=a_unit())[1], closable())


def test_another_commune_does_not_close(app: Flask) -> None:
    with write_unit(), pytest.raises(Forbidden):
        close_case(actor_with("front_commune", a_unit(NA_TAU)), closable())


DENIALS: dict[str, Callable[[Actor, Case], None]] = {
    "report_local_result": lambda actor, case: deny_local(actor, case, reason="Chưa dọn hết."),
    "report_remedied": lambda actor, case: deny_remedy(
        actor, case, reason="Chưa dọn hết.", due_on=date(2026, 3, 10)
    ),
    "no_remedy": lambda actor, case: deny_conclusion(actor, case, reason="Chưa rõ căn cứ."),
}
TARGETS = {
    "report_local_result": "assessed",
    "report_remedied": "remedying",
    "no_remedy": "assessed",
}


@pytest.mark.parametrize("last_result", list(DENIALS))
@pytest.mark.parametrize("tried", list(DENIALS))
def test_only_the_last_result_is_denied(app: Flask, last_result: str, tried: str) -> None:
    with write_unit():
        case = a_case(last_result=last_result)
        says(case, False)
        if tried == last_result:
            DENIALS[tried](front(), case)
            assert case.state == TARGETS[tried]
        else:
            with pytest.raises(TransitionRefused):
                DENIALS[tried](front(), case)


@pytest.mark.parametrize("last_result", list(DENIALS))
def test_nothing_is_denied_without_a_vote_that_stands(app: Flask, last_result: str) -> None:
    with write_unit():
        case = a_case(last_result=last_result)
        says(case, False)
        says(case, True)
        with pytest.raises(TransitionRefused, match="chưa xong"):
            DENIALS[last_result](front(), case)


def test_a_denied_conclusion_asks_the_office_to_make_it_clear(app: Flask) -> None:
    with write_unit():
        case = a_case(last_result="no_remedy")
        says(case, False)
        letter = a_recommendation(case, state="answered")
        deny_conclusion(front(), case, reason="Chưa rõ vì sao không phải khắc phục.")
    assert (letter.state, case.state) == ("clarification_asked", "assessed")


def test_a_denied_remedy_gets_a_later_day(app: Flask) -> None:
    with write_unit():
        case = a_case()
        says(case, False)
        with pytest.raises(Invalid) as refused:
            deny_remedy(front(), case, reason="Còn rác.", due_on=date(2026, 2, 24))
        assert "due_on" in refused.value.fields
        deny_remedy(front(), case, reason="Còn rác.", due_on=date(2026, 3, 10))
    assert case.due_at == datetime(2026, 3, 10, 16, 59, 59, tzinfo=UTC)


def test_an_answer_to_a_vote_is_in_words_and_audited(app: Flask) -> None:
    with write_unit():
        case = a_case()
        vote = says(case, False)
        with pytest.raises(Invalid):
            answer_vote(front(), case, vote.id, words=" ")
        answer_vote(front(), case, vote.id, words="Xã đã cho dọn nốt ngày 23/02.")
        assert "votes" not in missing(case)
    assert last_act() == "case.answer_vote"


def test_a_colleague_does_not_write_over_what_the_voter_was_told(app: Flask) -> None:
    with write_unit():
        one, other = (
            make_person("front_commune", unit=a_unit(), name=name)[1]
            for name in ("Lò Thị Ẳng", "Mùa A Dơ")
        )
        case = a_case()
        vote = says(case, False)
        answer_vote(one, case, vote.id, words="Xã đã cho dọn nốt ngày 23/02.")
        with pytest.raises(Conflict, match=r"Lò Thị Ẳng.*dọn nốt"):
            answer_vote(other, case, vote.id, words="Chưa dọn được.")
        answer_vote(one, case, vote.id, words="Xã đã cho dọn nốt ngày 24/02.")
    assert vote.answer == "Xã đã cho dọn nốt ngày 24/02."


def test_votes_of_other_cases_and_other_people_are_not_answered_here(app: Flask) -> None:
    with write_unit():
        case, other = a_case(), a_case()
        vote = says(other, False)
        with pytest.raises(NotFound):
            answer_vote(front(), case, vote.id, words="Đã dọn.")
        with pytest.raises(Forbidden):
            answer_vote(actor_with("publisher", a_unit()), other, vote.id, words="Đã dọn.")


@pytest.mark.parametrize(("state", "target"), [("closed", "assessed"), ("dismissed", "received")])
def test_an_ended_case_is_opened_again(app: Flask, state: str, target: str) -> None:
    with write_unit():
        case = a_case(state=state)
        with pytest.raises(Invalid):
            reopen_case(front(), case, reason="")
        reopen_case(front(), case, reason="Rác lại bị đổ ở chỗ cũ.")
    assert (case.state, case.closed_at, case.dismissal) == (target, None, None)
