"""The one runner of confined children: what they may write, and how they end."""

import sys
from pathlib import Path

import pytest

from webapp.core import confined
from webapp.core.confined import ChildFailed, ask_child

KEEP = (
    "import pathlib, sys\n"
    "from webapp.core.confined import restrain\n"
    "restrain(largest_file={limit})\n"
    "pathlib.Path(sys.argv[1]).write_bytes(sys.stdin.buffer.read())\n"
    "print('đã ghi')"
)


def child(script: str) -> tuple[str, ...]:
    return (sys.executable, "-c", script)


def reason(script: str, *words: Path) -> str:
    with pytest.raises(ChildFailed) as failure:
        ask_child(child(script), b"12345", *words)
    return failure.value.reason


def test_a_child_writes_as_much_as_it_was_given(tmp_path: Path) -> None:
    kept = tmp_path / "ảnh"
    assert ask_child(child(KEEP.format(limit=5)), b"12345", kept).decode() == "đã ghi\n"
    assert kept.read_bytes() == b"12345"


@pytest.mark.parametrize("limit", [0, 4])
def test_a_child_that_writes_more_fails(limit: int, tmp_path: Path) -> None:
    assert reason(KEEP.format(limit=limit), tmp_path / "ảnh") == "failed"


def test_a_child_that_computes_on_is_told_from_one_that_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    busy = (
        "import webapp.core.confined as c\n"
        "c.SECONDS = 1\nc.restrain(largest_file=0)\nwhile True: pass"
    )
    assert reason(busy) == "cpu_limit"
    monkeypatch.setattr(confined, "SECONDS", 0.5)
    assert reason("import time\ntime.sleep(60)") == "timeout"
