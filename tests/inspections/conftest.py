"""One officer of every role."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.factories.casework import Desks, make_desks
from tests.factories.clock import FrozenClock
from webapp.core.unit_of_work import write_unit


@pytest.fixture
def desks(app: Flask, frozen: FrozenClock) -> Iterator[Desks]:
    """The officers, inside a write unit that lasts as long as the test."""
    with write_unit():
        yield make_desks()


@pytest.fixture
def committed(app: Flask, frozen: FrozenClock) -> Desks:
    """The officers, stored; the test opens its own write units."""
    with write_unit():
        return make_desks()
