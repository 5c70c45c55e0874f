"""The wheel holds what a server needs that is not Python: pages, built assets, migrations."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.packaging


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names in a wheel built the long way, by way of the source archive."""
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)],
        check=True, capture_output=True,
    )  # fmt: skip
    with zipfile.ZipFile(next(out.glob("*.whl"))) as wheel:
        return set(wheel.namelist())


def test_every_template_is_there(names: set[str]) -> None:
    templates = [p for p in (ROOT / "templates").rglob("*") if p.is_file()]
    wanted = {f"webapp/_bundle/{path.relative_to(ROOT)}" for path in templates}
    assert wanted
    assert wanted - names == set()


def test_every_asset_of_the_manifest_is_there(names: set[str]) -> None:
    manifest = json.loads((ROOT / "static/dist/manifest.json").read_text())
    assert manifest
    assert {f"webapp/_bundle/static/{path}" for path in manifest.values()} - names == set()
    assert "webapp/_bundle/static/dist/manifest.json" in names


def test_migrations_and_catalogues_are_there(names: set[str]) -> None:
    assert "webapp/migrations/env.py" in names
    versions = (ROOT / "webapp/migrations/versions").glob("*.py")
    wanted = {f"webapp/migrations/versions/{path.name}" for path in versions}
    assert wanted - names == set()
    catalogues = {str(path.relative_to(ROOT)) for path in ROOT.glob("webapp/translations/**/*.mo")}
    assert catalogues - names == set()


def test_licence_is_there_and_tests_and_data_are_not(names: set[str]) -> None:
    assert any(name.endswith("LICENSE") for name in names)
    assert [n for n in names if n.startswith(("tests/", "var/", "node_modules/"))] == []
