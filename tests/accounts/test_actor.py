"""A session becomes an actor by what is in force today."""

from flask import Flask

from tests.factories.accounts import actor_with, make_person
from tests.factories.directory import a_unit
from webapp.core.unit_of_work import write_unit
from webapp.reporting.permissions import DECIDE


def test_front_officer_decides_in_the_commune(app: Flask) -> None:
    with write_unit():
        _account, actor = make_person("front_commune", unit=a_unit())
    assert a_unit().id in actor.units_for(DECIDE)
    assert actor_with("front_commune", a_unit()).units_for(DECIDE) == actor.units_for(DECIDE)
