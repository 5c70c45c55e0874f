"""Free memory goes back to the system now and then, and answers are as they were."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from webapp import heap
from webapp.heap import GivingBack


def _answers(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", [])
    return [environ["PATH_INFO"].encode()]


def test_free_memory_is_given_back_after_some_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    times: list[int] = []
    monkeypatch.setattr(heap, "give_back", lambda: times.append(1))
    application, told = GivingBack(_answers), []
    for _ in range(2 * GivingBack.EVERY):
        given = application({"PATH_INFO": "/vụ-việc"}, lambda *each: told.append(each))
        assert list(given) == ["/vụ-việc".encode()]
    assert len(told) == 2 * GivingBack.EVERY
    assert len(times) == 2


def test_giving_back_harms_nothing() -> None:
    kept = [bytes(1000) for _ in range(100)]
    heap.give_back()
    assert all(each == bytes(1000) for each in kept)
