"""The commands promised to users and continuous integration exist."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROMISED = ["run", "test", "check", "bench", "wheel", "wheel-check", "locks"]


@pytest.mark.parametrize("target", PROMISED)
def test_promised_target_exists(target: str) -> None:
    planned = subprocess.run(
        ["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert planned.returncode == 0, planned.stderr


def test_help_names_each_promised_target() -> None:
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {f"make {target}" for target in PROMISED} <= set(
        re.findall(r"make [a-z-]+", listed.stdout)
    )


def test_continuous_integration_runs_the_documented_command() -> None:
    assert (ROOT / ".ci/run").read_text().splitlines()[-1] == "exec make test"
    assert "make test" in (ROOT / "README.md").read_text()


@pytest.mark.parametrize("stage", ["types", "frontend-check", "unit-all", "browser"])
def test_a_full_test_run_contains_each_stage(stage: str) -> None:
    rule = re.search(r"^test: (.*?) ##", (ROOT / "Makefile").read_text(), re.M)
    assert rule is not None
    assert stage in rule[1].split()
