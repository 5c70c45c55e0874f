"""A1: every route, method and role answers as the committed table says, and refusals write nothing.

A new route needs rows: print the table anew, read each new row against the rings of sight.
"""

import pytest
from flask import Flask

from tests.resilience.access_matrix import doors, in_order, read_table
from tests.resilience.doors import IN, answer, ask, is_open
from tests.resilience.fingerprint import fingerprint
from tests.resilience.world import ROLES, World
from webapp.extensions import db, limiter

pytestmark = [pytest.mark.resilience, pytest.mark.timeout(300)]
SOME = ("guest", "mattran.xa", "disabled")


def test_every_door_has_its_row(app: Flask, world: World) -> None:
    here = {door.key for door in doors(app, world)}
    table = set(read_table())
    assert here - table == set(), "routes without a row in access_matrix.csv"
    assert table - here == set(), "rows of routes that are no more"


def test_answers_are_those_of_the_table(app: Flask, world: World) -> None:
    table = read_table()
    every = in_order(doors(app, world))
    if not database_is_embedded():  # the guards were told on the other; here the queries count
        every = [door for door in every if door.subject and door.method == "GET"]
    asked = 0
    before, differing = fingerprint(), list[tuple[str, ...]]()
    for refused in (True, False):
        for role in ROLES:
            limiter.reset()
            client = world.client(role)
            for door in every:
                expected = table[door.key][role]
                if (expected != IN) is refused and (role in SOME or not is_open(app, door)):
                    found, asked = answer(ask(client, door, world)), asked + 1
                    if found != expected:
                        differing.append((*door.key, role, expected, found))
        if refused:
            after = fingerprint()
            assert {name for name in after if after[name] != before[name]} == set()
    assert differing == []
    print(f"access matrix: {len(every)} rows x {len(ROLES)} roles, {asked} asked, 0 differing")


def database_is_embedded() -> bool:
    """Whether this is the run on SpatiaLite."""
    return db.engine.dialect.name == "sqlite"


def test_a_changed_right_is_noticed(app: Flask, world: World) -> None:
    """The planted positive: a door that lets in whom the table refuses."""
    key = ("staff_reports.show", "GET", "own")
    door = next(each for each in doors(app, world) if each.key == key)
    assert read_table()[key]["moitruong.xa"] == "403"
    view = app.view_functions[door.endpoint]
    guard = view.__dict__["guard"]
    view.guard = app.view_functions["letters.look"].__dict__["guard"]  # type: ignore[attr-defined]
    try:
        found = answer(ask(world.client("moitruong.xa"), door, world))
    finally:
        view.guard = guard  # type: ignore[attr-defined]
    assert found != "403"
