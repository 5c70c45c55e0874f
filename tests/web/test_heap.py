"""Free memory goes back to the system now and then, and answers are as they were."""

import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from webapp import heap
from webapp.heap import GivingBack, _unwritten

ROOT = Path(__file__).resolve().parents[2]


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


def test_code_that_was_let_go_runs_again() -> None:
    """In a process of its own: what it had read of libraries is less, and they work as before."""
    program = """
import unicodedata, PIL._imaging, shapely
from pathlib import Path
from webapp.heap import let_code_go

def of_files():
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(each for each in lines if each.startswith("RssFile")).split()[1])

before = of_files()
let_code_go()
print(of_files() < before * 3 / 4, shapely.Point(1, 2).distance(shapely.Point(4, 6)))
print(unicodedata.normalize("NFC", "Mu\u031bo\u031b\u0300ng Pha\u0306ng"))
"""
    run = [sys.executable, "-c", program]
    told = subprocess.run(run, capture_output=True, text=True, check=True, cwd=ROOT)
    assert told.stdout == "True 5.0\nMường Phăng\n"


def test_what_was_written_to_is_never_let_go() -> None:
    """Pages of a library that were changed while it was loaded exist nowhere else."""
    mapping = "7f0000001000-7f0000003000 {} 00001000 fe:00 7 /usr/lib/thư viện.so\nSize: 8 kB\n"
    for flags, anonymous, gone in (
        *(("r-xp", 0, True), ("r--p", 0, True), ("r--p", 4, False)),
        *(("rw-p", 0, False), ("r--s", 0, False)),
    ):
        found = list(_unwritten(mapping.format(flags) + f"Anonymous: {anonymous:>8} kB\n"))
        assert found == ([(0x7F0000001000, 0x7F0000003000)] if gone else []), flags
    nameless = "7f0000001000-7f0000003000 r-xp 00000000 00:00 0 \nAnonymous: 0 kB\n"
    assert list(_unwritten(nameless)) == []
