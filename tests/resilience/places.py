"""A new database of each kind for programs that run outside the suite."""

import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from bench.serving import exit_on_signal
from tests.conftest import build_app
from tests.databases import Cluster


@contextmanager
def _spatialite(folder: Path) -> Iterator[Flask]:
    yield build_app(folder, "")


@contextmanager
def _postgis(folder: Path) -> Iterator[Flask]:
    exit_on_signal()
    cluster = Cluster()
    cluster.start()
    try:
        cluster.sql("CREATE DATABASE matxanh")
        yield build_app(folder, cluster.url("matxanh"))
    finally:
        cluster.stop()


_KINDS = {"SpatiaLite": _spatialite, "PostGIS": _postgis}


def ask_for_database(parser: ArgumentParser) -> None:
    """The option that leaves one of the databases out."""
    parser.add_argument("--database", choices=_KINDS, nargs="+", default=list(_KINDS))


def new_databases(names: list[str]) -> Iterator[tuple[str, Flask]]:
    """One after the other: filled with the reference data, gone when the next is asked for."""
    for name in names:
        with (
            tempfile.TemporaryDirectory(prefix="matxanh-resilience-") as folder,
            _KINDS[name](Path(folder)) as app,
        ):
            yield name, app
