"""Programs of others against a running server: two Open311 clients, and GDAL's command line."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import build_app
from tests.factories.cases import make_case, make_line
from tests.factories.open_data import a_key
from tests.factories.outcomes import a_case, an_outcome
from tests.factories.reporting import a_jpeg
from tests.servers import Server, running
from webapp.core import clock
from webapp.core.unit_of_work import write_unit

CLIENTS = os.environ.get("OPEN311_CLIENTS_PYTHON", "")
SCRIPT = Path(__file__).with_name("client_run.py")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    """A server of its own with three public cases, one outcome and a key."""
    folder = tmp_path_factory.mktemp("open")
    app = build_app(folder, "")
    with app.app_context():
        with write_unit():
            for code in ("dumping", "burning"):
                make_line(
                    make_case("assessed", category_code=code, public_since=clock.now()), "Đã xem."
                )
            an_outcome(a_case(state="closed", public_since=clock.now()), state="published")
        _row, key = a_key()
    with running(Server(folder)) as server:
        yield server, key


@pytest.mark.skipif(
    not CLIENTS,
    reason="OPEN311_CLIENTS_PYTHON names no Python that has the packages georeport and three",
)
def test_published_open311_clients(served: tuple[Server, str], tmp_path: Path) -> None:
    server, key = served
    photo = tmp_path / "anh.jpg"
    photo.write_bytes(a_jpeg())
    done = subprocess.run(
        [CLIENTS, SCRIPT, f"{server.url}/open311/v2", key, photo],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert "created, token, discovery" in done.stdout
    print(done.stdout)


GDAL_MISSING = pytest.mark.skipif(
    not shutil.which("ogrinfo"), reason="GDAL's ogrinfo is not installed (Debian: gdal-bin)"
)


@GDAL_MISSING
@pytest.mark.parametrize(
    ("layer", "count"), [("cases", 3), ("outcomes", 1), ("hotspots", 0), ("units", None)]
)
def test_gdal_reads_every_collection(
    served: tuple[Server, str], tmp_path: Path, layer: str, count: int | None
) -> None:
    server, _key = served
    told = _gdal("ogrinfo", "-ro", "-so", f"OAPIF:{server.url}/ogc", layer)
    matched = int(told.split("Feature Count: ")[1].split()[0])
    assert matched == count if count is not None else matched > 100, told
    target = tmp_path / f"{layer}.gpkg"
    _gdal("ogr2ogr", "-f", "GPKG", str(target), f"OAPIF:{server.url}/ogc", layer)
    if matched:
        copied = _gdal("ogrinfo", "-ro", "-so", str(target), layer)
        assert f"Feature Count: {matched}" in copied


def _gdal(*arguments: str) -> str:
    done = subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ERROR" not in done.stderr, done.stderr
    return done.stdout
