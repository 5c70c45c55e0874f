"""Votes on a fix: all kept, the newest of each voter counts, nobody is named."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories.accounts import actor_with, make_person
from tests.factories.directory import NA_TAU, a_unit
from tests.factories.outcomes import a_case
from webapp.cases.models import Case, CaseVote, TimelineLine
from webapp.cases.votes import VoteCount, counts_by_role, people, vote_fixed, votes_of
from webapp.cases.votes import votes_since_result as since_result
from webapp.core.actor import GUEST, Actor
from webapp.core.errors import Forbidden, Invalid, TransitionRefused
from webapp.core.unit_of_work import session, write_unit


def cast(case: Case, *, actor: Actor = GUEST, voter: str = "phản ánh 1", **given: Any) -> CaseVote:
    values = {"role": "reporter", "fixed": False, "words": "Còn một đống ở chân cầu."}
    return vote_fixed(actor, case, voter=voter, **values | given)


def test_a_vote_leaves_the_state_and_grows_the_version(app: Flask) -> None:
    with write_unit():
        case = a_case()
        cast(case)
    assert (case.state, case.version) == ("awaiting_confirmation", 6)


def test_every_vote_is_kept_and_the_newest_counts(app: Flask) -> None:
    with write_unit():
        case = a_case()
        cast(case)
        cast(case, fixed=True, words=None)
        cast(case, voter="phản ánh 2")
    assert len(list(session().scalars(select(CaseVote)))) == 3
    assert counts_by_role(since_result(case.id)) == [VoteCount("reporter", 1, 1)]
    assert [vote.fixed for vote in votes_of(case, role="reporter", voter="phản ánh 1")] == [
        False,
        True,
    ]


def test_a_voter_is_known_only_within_one_case(app: Flask) -> None:
    with write_unit():
        first, second = a_case(), a_case()
        votes = [cast(first), cast(second)]
    assert votes[0].voter_digest != votes[1].voter_digest
    assert "phản ánh" not in votes[0].voter_digest


def test_a_signed_in_reporter_is_not_named_in_the_timeline(app: Flask) -> None:
    with write_unit():
        case = a_case()
        _account, reporter = make_person("resident", unit=a_unit(), name="Lường Thị Nguyền Kín")
        cast(case, actor=reporter)
    line = session().scalars(select(TimelineLine).order_by(TimelineLine.id.desc())).first()
    assert line is not None and line.transition == "vote_fixed"
    assert line.person_id is None and line.public_line is None


def test_a_group_member_votes_only_in_the_own_unit(app: Flask) -> None:
    with write_unit():
        case = a_case()
        cast(case, actor=actor_with("group_member", a_unit()), role="group")
        with pytest.raises(Forbidden):
            cast(case, actor=actor_with("group_member", a_unit(NA_TAU)), role="group")


def test_not_fixed_needs_words(app: Flask) -> None:
    with write_unit(), pytest.raises(Invalid) as refused:
        cast(a_case(), words="  ")
    assert "words" in refused.value.fields


def test_no_vote_before_a_result_is_awaited(app: Flask) -> None:
    with write_unit(), pytest.raises(TransitionRefused):
        cast(a_case(state="remedying"))


@pytest.mark.parametrize(
    ("count", "words"), [(0, "dưới 5"), (1, "dưới 5"), (4, "dưới 5"), (5, "5"), (12, "12")]
)
def test_few_people_are_not_counted_aloud(count: int, words: str) -> None:
    assert str(people(count)) == words
