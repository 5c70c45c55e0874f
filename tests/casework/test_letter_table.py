"""The table of a recommendation walked completely: every step from every state."""

import pytest

from tests.factories.casework import ANSWER, Desks, make_letter
from webapp.casework.models import Recommendation
from webapp.casework.operations.moves import move
from webapp.casework.workflow import RECOMMENDATION, RECOMMENDATION_STATES
from webapp.core.errors import Forbidden, Invalid, TransitionRefused

GIVEN = {
    "reason": "Có lý do.",
    "minutes": "Biên bản.",
    "number": "5",
    "issued_on": "2026-03-02",
    "channel": "by_hand",
    "proof": "Ký nhận",
    "answer": ANSWER,
}
STEPS = [name for name in RECOMMENDATION.names() if name != "draft"]
HOLDER = {
    "submit_for_signature": "front",
    "discard": "front",
    "issue": "front",
    "deliver": "front",
    "deliver_copy": "front",
    "agree": "front",
    "ask_clarification": "front",
    "hold_dialogue": "front",
    "answer": "office",
}


def holder(desks: Desks, step: str) -> str:
    return HOLDER.get(step, "signer")


def letter_in(desks: Desks, state: str) -> Recommendation:
    letter = make_letter(desks)
    letter.state = state
    return letter


@pytest.mark.parametrize("state", sorted(RECOMMENDATION_STATES))
def test_every_step_from_every_state(desks: Desks, state: str) -> None:
    letter = letter_in(desks, state)
    for step in STEPS:
        letter.state = state
        actor = getattr(desks, holder(desks, step))
        version = letter.version
        if RECOMMENDATION.allows(step, state):
            # A merger has authorised its batch as a whole.
            with move(actor, letter, step, given=GIVEN, follows=step == "move_unit"):
                pass
            assert letter.state == (RECOMMENDATION.transition(step, state).target or state)
            assert letter.version == version + 1
        else:
            with pytest.raises(TransitionRefused), move(actor, letter, step, given=GIVEN):
                pass
            assert (letter.state, letter.version) == (state, version)


@pytest.mark.parametrize("step", STEPS)
def test_nobody_else_takes_a_step(desks: Desks, step: str) -> None:
    row = next(row for row in RECOMMENDATION.rows if row.name == step)
    letter = letter_in(desks, sorted(row.sources)[0])
    for name in ("front", "signer", "office", "chair", "province"):
        actor = getattr(desks, name)
        if any(actor.may(permission) for permission in row.permissions) and name != "province":
            continue
        with pytest.raises(Forbidden), move(actor, letter, step, given=GIVEN):
            pass


@pytest.mark.parametrize("step", [row.name for row in RECOMMENDATION.rows if row.required][1:])
def test_a_step_without_its_words_is_refused(desks: Desks, step: str) -> None:
    row = next(row for row in RECOMMENDATION.rows if row.name == step)
    letter = letter_in(desks, sorted(row.sources)[0])
    actor = getattr(desks, holder(desks, step))
    with pytest.raises(Invalid) as caught, move(actor, letter, step, given={}):
        pass
    assert set(caught.value.fields) == set(row.required)


def test_states_and_rows_agree() -> None:
    reachable = {row.target for row in RECOMMENDATION.rows if row.target is not None}
    assert reachable == set(RECOMMENDATION_STATES)
