"""Set-up scripts: sound shell, and one clear line where the machine cannot be changed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHELL_SCRIPTS = sorted((ROOT / "scripts").glob("*.sh"))


@pytest.mark.parametrize("script", SHELL_SCRIPTS, ids=lambda path: path.name)
def test_shell_script_is_executable_and_parses(script: Path) -> None:
    assert os.access(script, os.X_OK)
    assert "set -euo pipefail" in script.read_text()
    subprocess.run(["bash", "-n", str(script)], check=True)


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not installed")
def test_shellcheck_finds_nothing() -> None:
    subprocess.run(["shellcheck", *map(str, SHELL_SCRIPTS)], check=True)


def program(folder: Path, name: str, body: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/bash\n{body}\n")
    path.chmod(0o755)


@pytest.fixture
def bare_machine(tmp_path: Path) -> Path:
    """A path on which no package is installed and apt and sudo refuse."""
    for name in ("bash", "dirname", "env"):
        real = shutil.which(name)
        assert real is not None
        (tmp_path / name).symlink_to(real)
    (tmp_path / "python3").symlink_to(sys.executable)
    program(tmp_path, "dpkg-query", "exit 1")
    program(tmp_path, "sudo", "exit 1")
    program(tmp_path, "apt-get", "echo apt-get must not run; exit 1")
    program(tmp_path, "sleep", "exit 0")
    return tmp_path


def system_packages(path: Path, kind: str) -> subprocess.CompletedProcess[str]:
    """Run the script as somebody who is not root."""
    script = (ROOT / "scripts/system_packages.sh").read_text().replace("EUID == 0", "1000 == 0")
    return subprocess.run(
        ["bash", "-c", script, str(ROOT / "scripts/system_packages.sh"), kind],
        cwd=ROOT, env={"PATH": str(path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "package", "wanted"),
    [
        ("run", "libsqlite3-mod-spatialite", True),
        ("run", "postgresql-15-postgis-3", False),
        ("test", "postgresql-15-postgis-3", True),
        ("test", "libharfbuzz-subset0", True),
    ],
)
def test_without_root_one_line_names_what_is_missing(
    bare_machine: Path, kind: str, package: str, wanted: bool
) -> None:
    answer = system_packages(bare_machine, kind)
    assert answer.returncode == 1
    assert answer.stdout == ""
    assert answer.stderr.count("\n") == 1
    assert "sudo apt-get install" in answer.stderr
    assert (package in answer.stderr.split()) is wanted


def test_nothing_is_said_when_all_packages_are_there(bare_machine: Path) -> None:
    program(bare_machine, "dpkg-query", "echo -n installed")
    answer = system_packages(bare_machine, "test")
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "", "")


def test_other_systems_are_told_and_left_alone(bare_machine: Path) -> None:
    (bare_machine / "dpkg-query").unlink()
    answer = system_packages(bare_machine, "run")
    assert answer.returncode == 0
    assert "libsqlite3-mod-spatialite" in answer.stderr
