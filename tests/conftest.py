"""Fixtures of the whole suite: both databases, one application per database, a clean state."""

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from playwright.sync_api import Playwright, expect, sync_playwright
from xdist.remote import Producer

from tests.databases import WAIT_SECONDS, Cluster
from tests.factories.clock import FrozenClock, freeze
from tests.spreading import ByServer
from webapp import reference
from webapp.app import create_app
from webapp.config import Settings
from webapp.core.unit_of_work import write_unit
from webapp.extensions import db, limiter

KINDS = os.environ.get("MATXANH_TEST_DATABASES", "spatialite,postgis").split(",")
SHARED_DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
expect.set_options(timeout=WAIT_SECONDS * 1000)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByServer | None:
    """``--dist loadscope`` spreads by server."""
    return ByServer(config, log) if config.getvalue("dist") == "loadscope" else None


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reaches another host."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and address[0] not in _LOOPBACK:
            raise OSError(f"a test tried to reach {address[0]}")
        real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The reference data beside the checkout."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the reference data (../shared/data) is not beside this checkout")
    return SHARED_DATA


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL cluster of this test session's own."""
    made = Cluster()
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The driver of every browser of this session: it allows one of itself at a time."""
    with sync_playwright() as made:
        yield made


class TestDatabase:
    """One kind of database: an application bound to it and a way back to the clean state."""

    __test__ = False

    def __init__(self, app: Flask, renew: Callable[[], None]) -> None:
        self.app = app
        self.renew = renew


@pytest.fixture(scope="session", params=KINDS)
def database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestDatabase]:
    """Each kind in turn, migrated and filled with the reference data once."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "postgis":
        cluster: Cluster = request.getfixturevalue("cluster")
        cluster.sql("CREATE DATABASE matxanh")
        made = build_app(folder, cluster.url("matxanh"))
        _dispose(made)
        cluster.sql("ALTER DATABASE matxanh RENAME TO template_matxanh")
        yield TestDatabase(made, lambda: cluster.renew("matxanh", "template_matxanh"))
    else:
        made = build_app(folder, "")
        _dispose(made)
        shutil.copy(folder / "matxanh.db", folder / "template.db")
        yield TestDatabase(made, lambda: _renew_file(folder))
    _dispose(made)


def build_app(folder: Path, url: str) -> Flask:
    """An application on a new database with the reference data; an empty URL is SpatiaLite."""
    made = create_app(Settings(data_dir=folder, database_url=url))
    made.config.update(TESTING=True)
    _serve_each_request_alone(made)
    with made.app_context():
        upgrade()
        with write_unit():
            reference.load()
    return made


def _serve_each_request_alone(app: Flask) -> None:
    """Give each request a context of its own, as a server does.

    Inside the test's context Flask would share ``g`` and the session between requests, and with
    them who is signed in. What the test itself read before is read anew afterwards.
    """
    inner = app.wsgi_app

    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        db.session.rollback()
        db.session.expire_all()
        with app.app_context():
            return inner(environ, start_response)

    app.wsgi_app = serve  # type: ignore[method-assign]  # Flask's own way to add a layer


def _dispose(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _renew_file(folder: Path) -> None:
    for name in ("matxanh.db-wal", "matxanh.db-shm"):
        (folder / name).unlink(missing_ok=True)
    shutil.copy(folder / "template.db", folder / "matxanh.db")


@pytest.fixture
def app(database: TestDatabase) -> Iterator[Flask]:
    """The application on a clean database, inside an application context."""
    _dispose(database.app)
    database.renew()
    with database.app.app_context():
        limiter.reset()
        yield database.app


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> FrozenClock:
    """The application's clock, standing still on a Monday morning."""
    return freeze(monkeypatch)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A guest's browser."""
    return app.test_client()


@pytest.fixture(scope="session")
def bare_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application without a database, for tests of routes and templates alone."""
    return create_app(Settings(data_dir=tmp_path_factory.mktemp("bare")))
