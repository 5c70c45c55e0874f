"""Counts equal a full rebuild after any history of merges, moves, withdrawals and visibility."""

import pytest
from flask import Flask

from tests.factories.clock import FrozenClock
from tests.resilience.moves import Moves, wrong_counts

pytestmark = [pytest.mark.resilience, pytest.mark.timeout(300)]

QUICK = 500
"""On each database; ``python -m tests.resilience.moves`` does 100,000."""


def test_counts_are_exact_after_random_operations(app: Flask, frozen: FrozenClock) -> None:
    moves = Moves(frozen, seed=4)
    moves.run(QUICK)
    assert min(moves.done.values()) > 0
    assert len(moves.done) == 13, moves.done
    assert wrong_counts() == {}
