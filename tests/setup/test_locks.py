"""Locks pin every package by hash, and name no host and no folder of any machine."""

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYTHON_LOCKS = ["installer", "run", "dev", "node"]


def lock_text(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.lock").read_text()


def locked_packages(name: str) -> dict[str, str]:
    """Each package of a lock with the text of its version and hashes."""
    entries = re.split(r"^(?=[a-z0-9])", lock_text(name), flags=re.M)[1:]
    return {entry.split("==")[0]: entry for entry in entries}


@pytest.mark.parametrize("name", PYTHON_LOCKS)
def test_every_package_is_pinned_by_hash(name: str) -> None:
    packages = locked_packages(name)
    assert packages
    unpinned = [p for p, entry in packages.items() if "--hash=sha256:" not in entry]
    assert unpinned == []


@pytest.mark.parametrize("name", PYTHON_LOCKS)
def test_lock_names_no_address_and_no_folder(name: str) -> None:
    assert re.findall(r"://|@ |--index|--find-links|\s/\w+/\S+", lock_text(name)) == []


def test_each_dependency_of_the_project_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = {re.split(r"[\[<>=~!]", line)[0].lower() for line in project["dependencies"]}
    assert asked - locked_packages("run").keys() == set()


def test_both_environments_agree_on_shared_packages() -> None:
    run, dev = locked_packages("run"), locked_packages("dev")
    assert [p for p in run.keys() & dev.keys() if run[p] != dev[p]] == []


def test_one_sqlite_driver_beside_the_standard_one() -> None:
    assert "pysqlite3-binary" not in locked_packages("run")


def test_front_end_lock_has_hashes_and_no_addresses() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    third_party = {path: entry for path, entry in packages.items() if path}
    assert third_party
    assert [path for path, entry in third_party.items() if "integrity" not in entry] == []
    assert [path for path, entry in third_party.items() if "resolved" in entry] == []
