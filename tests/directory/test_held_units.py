"""What units hold is kept while the tree stands, and never longer."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import delete, select, text

from tests.factories.accounts import make_person
from tests.factories.directory import MUONG_PHANG, NA_TAU, THAI_NGUYEN, TODAY, a_unit, make_unit
from webapp.accounts.queries import actor_of
from webapp.core.unit_of_work import session
from webapp.directory.held_units import held_under, tree_mark
from webapp.directory.models import UnitSuccession
from webapp.directory.queries import units_held


def mark() -> int:
    found: int = session().execute(select(tree_mark())).scalar_one()
    return found


def succeed(old: str, new: str) -> None:
    old_id, new_id = a_unit(old).id, a_unit(new).id
    session().add(UnitSuccession(old_id=old_id, new_id=new_id, effective=TODAY))


def exchange_parents() -> None:
    """The same number of edges, and the same parents as before, each once."""
    ours, theirs = a_unit(), a_unit("01840")
    ours.parent_id, theirs.parent_id = theirs.parent_id, ours.parent_id


CHANGES: dict[str, Callable[[], object]] = {
    "a new unit": lambda: make_unit("99001", parent_id=a_unit().parent_id),
    "another parent": lambda: setattr(a_unit(), "parent_id", a_unit(THAI_NGUYEN).id),
    "no parent": lambda: setattr(a_unit(), "parent_id", None),
    "two that exchange parents": exchange_parents,
    "a merger": lambda: succeed(NA_TAU, MUONG_PHANG),
    "another parent by hand": lambda: session().execute(
        text("UPDATE unit SET parent_id = NULL WHERE code = '01840'")
    ),
    "a merger undone": lambda: session().execute(
        delete(UnitSuccession).where(UnitSuccession.new_id == a_unit().id)
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_every_change_of_the_tree_changes_its_mark(
    app: Flask, change: Callable[[], object]
) -> None:
    before = mark()
    change()
    session().flush()
    after = mark()
    session().rollback()
    assert after != before
    assert mark() == before


def test_a_name_is_no_edge(app: Flask) -> None:
    before = mark()
    a_unit().name = "Xã Mường Phăng mới"
    session().flush()
    assert mark() == before
    session().rollback()


def test_what_was_read_of_a_change_that_was_rolled_back_is_forgotten(app: Flask) -> None:
    unit, neighbour, other = (a_unit(code).id for code in (MUONG_PHANG, NA_TAU, "01840"))
    succeed(NA_TAU, MUONG_PHANG)
    session().flush()
    assert neighbour in held_under(mark(), [unit])[unit]
    session().rollback()
    assert neighbour not in held_under(mark(), [unit])[unit]
    succeed("01840", MUONG_PHANG)
    session().flush()
    assert other in held_under(mark(), [unit])[unit]
    assert neighbour not in held_under(mark(), [unit])[unit]
    session().rollback()


def test_whoever_answers_for_a_merged_unit_does_so_at_once(app: Flask) -> None:
    account, _actor = make_person("front_commune", unit=a_unit())
    neighbour = a_unit(NA_TAU).id
    assert neighbour not in actor_of(account, TODAY).grants[0].unit_ids
    succeed(NA_TAU, MUONG_PHANG)
    assert neighbour in actor_of(account, TODAY).grants[0].unit_ids
    session().flush()
    session().execute(delete(UnitSuccession).where(UnitSuccession.old_id == neighbour))
    assert neighbour not in actor_of(account, TODAY).grants[0].unit_ids


def test_it_is_what_is_found_without_keeping_it(app: Flask) -> None:
    units = [a_unit(THAI_NGUYEN).id, a_unit().id]
    for _time in range(2):
        assert held_under(mark(), units) == units_held(units)
    assert held_under(mark(), []) == {}


def test_what_was_read_under_another_mark_is_kept_under_its_own(app: Flask) -> None:
    unit = a_unit().id
    gone = mark() + 1  # the tree changed between the two statements
    assert held_under(gone, [unit]) == units_held([unit])
    succeed(NA_TAU, MUONG_PHANG)
    session().flush()
    assert a_unit(NA_TAU).id in held_under(gone, [unit])[unit]
    session().rollback()
