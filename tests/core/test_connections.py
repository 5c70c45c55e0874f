"""How many connections a process keeps to a file."""

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import Engine, create_engine

from webapp.core import engine
from webapp.core.engine import FEW, engine_options


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Engine]:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    made = create_engine(url, **engine_options(url))
    yield made
    made.dispose()


def opened(kept: Engine) -> int:
    pool = kept.pool
    assert isinstance(pool, engine.FewConnections)
    return pool.checkedin()


def test_one_more_is_opened_where_all_are_held_for_long(
    kept: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "PATIENCE_SECONDS", 0.001)
    held = [kept.connect() for _each in range(FEW + 2)]
    assert len({id(each.connection.driver_connection) for each in held}) == FEW + 2
    for each in held:
        each.close()
    assert opened(kept) == FEW


def test_who_waits_a_moment_gets_one_that_was_given_back(
    kept: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "PATIENCE_SECONDS", 60)
    held = [kept.connect() for _each in range(FEW)]
    drivers = {each.connection.driver_connection for each in held}
    back = Thread(target=held[0].close)
    back.start()
    with kept.connect() as given:
        assert given.connection.driver_connection in drivers
    back.join()
    held[1].close()
    assert opened(kept) == FEW
