"""The world of the attacks, made anew for every test on both databases."""

import pytest
from flask import Flask

from tests.factories.clock import FrozenClock
from tests.resilience.world import World, make_world


@pytest.fixture
def world(app: Flask, frozen: FrozenClock) -> World:
    """Demo sign-ins and one record in every kind of sight; Monday 02/03/2026, 08:00."""
    return make_world(app)
