"""An officer and a case they opened."""

import pytest
from flask import Flask

from tests.factories.clock import FrozenClock, freeze
from tests.factories.triage import (
    an_officer,
    opened_case,
)
from webapp.cases.models import Case
from webapp.core.actor import Actor
from webapp.core.unit_of_work import write_unit


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> FrozenClock:
    return freeze(monkeypatch)


@pytest.fixture
def officer(app: Flask) -> Actor:
    with write_unit():
        return an_officer()


@pytest.fixture
def case(officer: Actor) -> Case:
    with write_unit():
        return opened_case(officer)
