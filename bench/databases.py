"""Two databases to measure on, each seeded, and programs measured in turn."""

from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import event

from bench.measuring import Times, load
from bench.serving import exit_on_signal
from tests.databases import Cluster
from webapp import reference
from webapp.app import create_app
from webapp.bench.operations import seed
from webapp.config import Settings
from webapp.core.unit_of_work import write_unit
from webapp.extensions import db

ROUNDS = 12
"""Ours and the floor take turns, so that a busy moment of the machine meets both."""


@dataclass(frozen=True)
class Place:
    """One seeded database: how the application and the floor reach it."""

    name: str
    environment: dict[str, str]
    driver: str
    app: Flask


@contextmanager
def spatialite(folder: Path) -> Iterator[Place]:
    """One file with SpatiaLite."""
    data = folder / "spatialite"
    environment = {"MATXANH_DATA_DIR": str(data), "MATXANH_DATABASE_URL": ""}
    yield Place("SpatiaLite", environment, str(data / "matxanh.db"), _application(environment))


@contextmanager
def postgis(folder: Path) -> Iterator[Place]:
    """A cluster of the benchmark's own."""
    exit_on_signal()
    cluster = Cluster()
    cluster.start()
    try:
        cluster.sql("CREATE DATABASE matxanh")
        environment = {
            "MATXANH_DATA_DIR": str(folder / "postgis"),
            "MATXANH_DATABASE_URL": cluster.url("matxanh"),
        }
        driver = f"host={cluster.folder} user=matxanh dbname=matxanh"
        yield Place("PostGIS", environment, driver, _application(environment))
    finally:
        cluster.stop()


PLACES = {"spatialite": spatialite, "postgis": postgis}
"""By the name that options take."""


@contextmanager
def seeded(name: str, reports: int) -> Iterator[tuple[Place, Path]]:
    """The database of this name with so many seeded reports, and a folder that goes with it."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="matxanh-bench-")))
        place = stack.enter_context(PLACES[name](folder))
        print(f"{place.name}: seeding {reports} reports", flush=True)
        with place.app.app_context():
            fill(reports)
        yield place, folder


def _application(environment: dict[str, str]) -> Flask:
    return create_app(
        Settings(
            data_dir=Path(environment["MATXANH_DATA_DIR"]),
            database_url=environment["MATXANH_DATABASE_URL"],
        )
    )


def fill(reports: int) -> None:
    """Tables, reference data and seeded reports."""
    upgrade()
    with write_unit():
        reference.load()
    seed(reports)


def statements(app: Flask, address: str, headers: Mapping[str, str] | None = None) -> int:
    """How many statements one answer takes."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        with app.app_context():  # a request of its own: nothing is known of who asks
            app.test_client(use_cookies=False).get(address, headers=dict(headers or {}))
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


def in_turn(*programs: tuple[int, list[str], MutableMapping[str, str]]) -> list[Times]:
    """The times of each program (port, addresses, headers), measured round by round."""
    rounds: list[list[Times]] = [[] for _program in programs]
    for start in range(ROUNDS):
        for found, (port, addresses, headers) in zip(rounds, programs, strict=True):
            found.append(load(port, addresses[start::ROUNDS], headers))
    return [
        Times(
            tuple(value for each in found for value in each.values),
            sum(each.seconds for each in found),
            tuple(size for each in found for size in each.sizes),
        )
        for found in rounds
    ]
