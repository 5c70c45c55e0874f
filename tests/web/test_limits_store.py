"""Counters are shared, end with their window and hold no address."""

from pathlib import Path

import pytest
import time_machine
from flask import Flask

from webapp.web.limits_store import DatabaseStorage


@pytest.fixture
def storage(bare_app: Flask, tmp_path: Path) -> DatabaseStorage:
    return DatabaseStorage(url=f"sqlite:///{tmp_path}/limits.db")


def test_two_workers_count_together(storage: DatabaseStorage, tmp_path: Path) -> None:
    other = DatabaseStorage(url=f"sqlite:///{tmp_path}/limits.db")
    assert [storage.incr("LIMITER/203.0.113.7", 60), other.incr("LIMITER/203.0.113.7", 60)] == [
        1,
        2,
    ]
    assert other.get("LIMITER/203.0.113.7") == 2
    assert other.get("LIMITER/203.0.113.8") == 0


def test_a_window_ends(storage: DatabaseStorage) -> None:
    with time_machine.travel("2026-03-02T01:00:00Z", tick=False) as clock:
        storage.incr("a", 60, amount=5)
        clock.shift(61)
        assert storage.get("a") == 0
        assert storage.incr("a", 60) == 1


def test_no_address_is_stored(storage: DatabaseStorage, tmp_path: Path) -> None:
    storage.incr("LIMITER/203.0.113.7/tra-cuu", 60)
    raw = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"limit_counter" in raw
    assert b"203.0.113.7" not in raw


def test_a_counter_can_be_forgotten(storage: DatabaseStorage) -> None:
    storage.incr("a", 60)
    storage.incr("b", 60)
    storage.clear("a")
    assert (storage.get("a"), storage.get("b")) == (0, 1)
    storage.reset()
    assert storage.get("b") == 0


def test_several_are_counted_and_read_together(storage: DatabaseStorage) -> None:
    storage.incr("b", 60, amount=4)
    storage.count({"b": 60, "a": 60})
    assert storage.counts(["c", "b", "a"]) == {"a": 1, "b": 5, "c": 0}
